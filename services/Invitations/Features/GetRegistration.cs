using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// What a link offers, by whom and until when, or what is wrong with it, before anything is typed (INV-05, INV-10). Opening it changes
/// nothing: mail scanners open links too.
/// </summary>
internal static class GetRegistration
{
    public sealed record Answer(
        string Way, string Email, string FirstName, string LastName, string Organization, string? App, string? Role, string? InvitedBy,
        DateTimeOffset ExpiresOn, bool HasAccount, string PrivacyPolicyVersion, string? Username);

    /// <summary>What is wrong with a link, or null; the one rule for looking and for using it.</summary>
    public static Refusal? Problem(Invitation invitation, int generation, DateTimeOffset now) => invitation switch
    {
        { Link: null } => new LinkUnknown(),
        { Status: InvitationStatus.Revoked } => new LinkRevoked(),
        { Status: InvitationStatus.Declined } => new LinkDeclined(),
        { Status: InvitationStatus.Accepted } => new LinkUsed(),
        { Link.Generation: var newest } when generation < newest => new LinkReplaced(),
        { Status: InvitationStatus.Registering } => new RegistrationUnderWay(),
        { Status: InvitationStatus.Expired, Link.ExpiresAt: var end } => new LinkExpired(end),
        { Link.ExpiresAt: var end } when now >= end => new LinkExpired(end),
        _ => null,
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/registrations/{token}", Handle).WithName(nameof(GetRegistration)).WithTags("Registration").Requires(Permission.Anyone);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        string token, InvitationLinks links, TimeProvider clock, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { } link)
            return new LinkUnknown().ToProblem();
        if (Problem(link.Invitation, link.Generation, clock.GetUtcNow()) is { } refusal)
            return refusal.ToProblem();

        var (offer, opened) = (link.Invitation.Offer!, link.Invitation.Link!);
        return TypedResults.Ok(new Answer(
            offer.Way.Name(), offer.Email, offer.FirstName, offer.LastName, opened.OrganizationName, opened.AppName, opened.RoleName,
            PersonalDataAttribute.Known(opened.InvitedByName), opened.ExpiresAt, offer.IsExistingUser && !offer.Way.IsToAccount(), Register.PrivacyPolicyVersion, offer.Username));
    }
}

/// <summary>A link and the invitation behind it.</summary>
internal sealed record OpenedLink(StreamId Stream, Invitation Invitation, int Generation);

/// <summary>Finds invitations by the tokens of their links.</summary>
internal sealed class InvitationLinks(InvitationQueries queries, PostgresEventStore store)
{
    private const int TokenLength = 43;

    /// <summary>What a token belongs to, or null when it is none of ours.</summary>
    public async Task<OpenedLink?> Find(string? token, CancellationToken ct)
    {
        if (token is not { Length: TokenLength } || await queries.Link(LinkTokens.HashOf(token), ct) is not { } row)
            return null;
        var stream = Invitation.Stream(row.OrganizationId, row.InvitationId);
        var invitation = await store.OpenSession().AggregateStream<Invitation, InvitationEvent>(stream, ct: ct);
        return invitation?.Link is { } link && (row.Generation != link.Generation || LinkTokens.Matches(token, link.TokenHash))
            ? new(stream, invitation, row.Generation)
            : null;
    }
}
