using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Somebody with a team link asks to be invited: an ordinary invitation goes to the address that they give, so that its mail proves that the
/// address is theirs, by the same rules and with the same seats. Whether the address is known here already is told to nobody.
/// </summary>
internal static class JoinByTeamLink
{
    public sealed record Request(string? Email, string? FirstName, string? LastName, string? Language);

    public sealed record Command(Guid InvitationId, string Domain, DateTimeOffset At);

    public static Decision<TeamLinkEvent> Decide(TeamLink link, Command c) => Problem(link, c.At) switch
    {
        { } problem => problem,
        _ when link.Terms!.Domains is { Count: > 0 } domains && !domains.Contains(c.Domain) => new DomainNotAllowed(domains),
        _ => new TeamLinkEvent.Joined(c.InvitationId, c.At),
    };

    /// <summary>What is wrong with a link, or null; the one rule for looking and for joining.</summary>
    public static Refusal? Problem(TeamLink link, DateTimeOffset now) => link switch
    {
        { Terms: null } => new LinkUnknown(),
        { IsRevoked: true } => new TeamLinkRevoked(),
        { Terms.ExpiresAt: var end } when now >= end => new LinkExpired(end),
        { Terms.MostUses: var most, Uses: var uses } when uses >= most => new TeamLinkFull(most),
        _ => null,
    };

    public static void Map(RouteGroupBuilder api) => api.MapPost("/registrations/team-links/{token}", Handle)
        .WithName(nameof(JoinByTeamLink)).WithTags("Registration").Requires(Permission.Anyone);

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        string token, Request request, PreferWait wait, HttpContext http, PostgresEventStore store, TeamLinkQueries links, InvitationQueries queries,
        InvitationPolicies policies, Idempotency once, TimeProvider clock, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { Terms: { } terms } found)
            return new LinkUnknown().ToProblem();
        var now = clock.GetUtcNow();
        var errors = new FieldErrors();
        var (firstName, lastName) = (Fields.Name(request.FirstName, "firstName", errors), Fields.Name(request.LastName, "lastName", errors));
        var (email, language) = (Fields.Email(request.Email, "email", errors), Fields.Language(request.Language, errors));
        if (errors.Refusal is { } invalid)
            return (Problem(found, now) ?? invalid).ToProblem();

        // In its maker's name, with the role that the maker has now.
        var maker = new CurrentUser(terms.By, Guid.Empty, await queries.SystemRole(terms.By, ct));
        var create = new CreateInvitation.Command(
            Guid.CreateVersion7(now),
            new(Way.Access, terms.OrganizationId, email, firstName, lastName, PersonalNumber: null, LmaNumber: null, Phone: null, Gender: null,
                SwedishCitizen: null, EuCitizen: null, terms.AppId, terms.SubscriptionId, terms.Role, UserId: null, language),
            await queries.PersonByEmail(email!.Key, ct), Guid.CreateVersion7(now), maker.Id, maker.Role, now)
        {
            Policy = await policies.Of(terms.OrganizationId, maker, ct),
        };
        Made made;
        try
        {
            made = await once.Once(
                http, terms.TeamLinkId.ToString(), new EventMetadata(create.InvitationId.ToString(), http.TraceIdentifier), create.InvitationId, request,
                session => Join(session, found, create, email.Domain, ct), ct);
            if (made.Refusal is { } refusal)
                return refusal.ToProblem();
        }
        catch (UniqueRuleException e) when (e.Constraint == InvitationList.OneOpenInvitation)
        {
            // Invited already, by whatever door: they have a mail.
            return TypedResults.Accepted((string?)null);
        }
        catch (UniqueRuleException e) when (e.Constraint == HourlyInvitations.Limit)
        {
            return (await policies.LimitReached(terms.OrganizationId, ct)).ToProblem(http, now);
        }

        var invitation = await store.WaitFor<Invitation, InvitationEvent>(
            Invitation.Stream(terms.OrganizationId, made.Id),
            state => state.Status is not InvitationStatus.Requested || state.AwaitsApproval, wait.Time, ct);
        // That there is no seat is about the team; any other reason may be about the person.
        return invitation.Refusal is { Code: "seat-limit-reached" } full
            ? RefusedElsewhere.From(full.Kind, full.Code, "All seats are taken. Ask whoever gave you the link.").ToProblem()
            : TypedResults.Accepted((string?)null);
    }

    /// <summary>A place of the link and the invitation in one commit: of two who saw the last place free, one saves, and the other looks again.</summary>
    private static async Task<Refusal?> Join(
        EventSession session, TeamLink found, CreateInvitation.Command create, string domain, CancellationToken ct)
    {
        if ((Problem(found, create.At) ?? CreateInvitation.Decide(Invitation.Initial, create).Refusal) is { } no)
            return no;
        var place = await session.Decide<TeamLink, TeamLinkEvent>(
            TeamLink.Stream(found.Terms!.OrganizationId, found.Terms.TeamLinkId), link => Decide(link, new(create.InvitationId, domain, create.At)), ct);
        return place.Refusal ?? CreateInvitation.Begin(session, create);
    }
}

/// <summary>What a team link offers, or what is wrong with it, before anything is typed. Opening it changes nothing.</summary>
internal static class GetTeamOffer
{
    public sealed record Answer(string? Organization, string? App, string Role, string? InvitedBy, IReadOnlyList<string> Domains, DateTimeOffset ExpiresOn);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/registrations/team-links/{token}", Handle)
        .WithName(nameof(GetTeamOffer)).WithTags("Registration").Requires(Permission.Anyone);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(string token, TeamLinkQueries links, TimeProvider clock, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { Terms: { } terms } found)
            return new LinkUnknown().ToProblem();
        if (JoinByTeamLink.Problem(found, clock.GetUtcNow()) is { } problem)
            return problem.ToProblem();
        var names = await links.Names(terms, ct);
        return TypedResults.Ok(new Answer(names?.Organization, names?.App, names?.RoleName ?? terms.Role, names?.InvitedBy, terms.Domains, terms.ExpiresAt));
    }
}
