using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Corrects what an invitation says of its invitee (INV-07), by the rules of inviting. The request is a merge patch (RFC 7396): what is not in it
/// stays, null takes away. Organization and address stay, and so does the link; of somebody who has an account the account says who they are.
/// </summary>
internal static class EditInvitation
{
    /// <summary>What can be changed.</summary>
    public sealed record Request(
        string? FirstName, string? LastName, bool? SwedishCitizen, bool? EuCitizen, string? LmaNumber, string? PersonalNumber, string? Phone,
        string? Gender, string? Language);

    public sealed record Command(
        string FirstName, string LastName, string? PersonalNumber, string? LmaNumber, string? Phone, string? Gender, bool? SwedishCitizen,
        bool? EuCitizen, string Language, Guid By, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.None } => new InvitationNotFound(),
        { Status: InvitationStatus.Registering } => new RegistrationUnderWay(),
        { IsUndecided: false, Status: not (InvitationStatus.Pending or InvitationStatus.Expired) and var ended } => new NotEditable(ended),
        { Offer: var offer } when c == Now(offer!, c) => Nothing.Happened,
        { Offer: var offer } => new InvitationEvent.DetailsChanged(
            offer!.InviteeId, c.FirstName, c.LastName, c.PersonalNumber, c.LmaNumber, c.Phone, c.Gender, c.SwedishCitizen, c.EuCitizen, c.Language, c.By, c.At),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPatch("/invitations/{id:guid}", Handle).Accepts<Request>("application/json", "application/merge-patch+json")
            .WithName(nameof(EditInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    /// <summary>What an invitation says after a patch, or what is wrong with it. Pure.</summary>
    public static (Command? Command, ValidationFailed? Refusal) Read(
        InvitationEvent.Requested offer, JsonObject patch, DateOnly today, Guid by, DateTimeOffset at)
    {
        var errors = new FieldErrors();
        var changeable = Changeable(offer);
        var merged = JsonSerializer.SerializeToNode(offer, JsonSerializerOptions.Web)!.AsObject();
        foreach (var (field, value) in patch)
        {
            errors.Demand(changeable.Contains(field), field, $"This can't be changed here; what can is {string.Join(", ", changeable)}.");
            merged[field] = value?.DeepClone();
        }

        if (errors.Refusal is { } fixedFields)
            return (null, fixedFields);
        var request = Parsed(merged);
        if (offer.Way == Way.Customer)
        {
            var (details, refusal) = CustomerInvitation.Read(
                new("customer", offer.OrganizationId, request.FirstName, request.LastName, offer.Email, offer.Email, request.SwedishCitizen,
                    request.EuCitizen, request.LmaNumber, request.PersonalNumber, request.Phone, request.Gender, null, null, null, null, null,
                    request.Language),
                today);
            return details is null
                ? (null, refusal)
                : (new(details.FirstName, details.LastName, details.PersonalNumber, details.LmaNumber, details.Phone, details.Gender,
                    details.SwedishCitizen, details.EuCitizen, details.Language ?? offer.Language, by, at), null);
        }

        var (firstName, lastName) = offer.IsExistingUser
            ? (offer.FirstName, offer.LastName)
            : (Fields.Name(request.FirstName, "firstName", errors), Fields.Name(request.LastName, "lastName", errors));
        var language = Fields.Language(request.Language, errors) ?? offer.Language;
        return errors.Refusal is { } invalid
            ? (null, invalid)
            : (new(firstName, lastName, offer.PersonalNumber, offer.LmaNumber, offer.Phone, offer.Gender, offer.SwedishCitizen, offer.EuCitizen,
                language, by, at), null);
    }

    /// <summary>The fields that can be changed of what was offered, as they are called in the request.</summary>
    public static IReadOnlyList<string> Changeable(InvitationEvent.Requested offer) => offer switch
    {
        { IsExistingUser: true } => ["language"],
        { Way: Way.Customer } => [.. typeof(Request).GetProperties().Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name))],
        _ => ["firstName", "lastName", "language"],
    };

    private static Request Parsed(JsonObject merged)
    {
        try
        {
            return merged.Deserialize<Request>(JsonSerializerOptions.Web)!;
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"{e.Path?.TrimStart('$', '.')} has a value of another kind", e);
        }
    }

    private static Command Now(InvitationEvent.Requested offer, Command c) => c with
    {
        FirstName = offer.FirstName, LastName = offer.LastName, PersonalNumber = offer.PersonalNumber, LmaNumber = offer.LmaNumber, Phone = offer.Phone,
        Gender = offer.Gender, SwedishCitizen = offer.SwedishCitizen, EuCitizen = offer.EuCitizen, Language = offer.Language,
    };

    private static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> Handle(
        Guid id, JsonObject patch, IfMatch ifMatch, CurrentUser user, HttpContext http, PostgresEventStore store, InvitationQueries queries,
        TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();

        var now = clock.GetUtcNow();
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Invitation, InvitationEvent>(
                Invitation.Stream(visible.Organization.Id, id),
                invitation =>
                {
                    var (command, invalid) = Read(invitation.Offer!, patch, DateOnly.FromDateTime(now.UtcDateTime), user.Id, now);
                    return (invalid ?? ifMatch.WhyNot(invitation.Revision)) is { } no ? no : Decide(invitation, command!);
                },
                ct),
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        http.Response.SetVersion(outcome.State.Revision);
        return TypedResults.Ok((await queries.Invitation(id, ct))!);
    }
}
