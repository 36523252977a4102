using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Makes a link that a team invites itself with: for so many, until a day, from certain domains. Whether its maker may invite is asked when
/// somebody joins, by the same rules and with the same seats as for any invitation.
/// </summary>
internal static class CreateTeamLink
{
    private const int MostUsesOfAll = 1000;
    private const int LongestDays = 365;

    public sealed record Request(
        Guid? OrganizationId, Guid? AppId, Guid? SubscriptionId, string? Role, int? MostUses, DateTimeOffset? ExpiresOn, IReadOnlyList<string?>? Domains);

    public sealed record Command(TeamLinkEvent.Created Terms);

    public static Decision<TeamLinkEvent> Decide(TeamLink link, Command c) => link.Terms is null ? c.Terms : Nothing.Happened;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/team-links", Handle).WithName(nameof(CreateTeamLink)).WithTags("Team links").Requires(Permission.Invite);

    private static async Task<Results<Created<TeamLinkView>, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency once, InvitationPolicies policies, TeamLinkQueries queries, LinkTokens tokens,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (terms, invalid) = Read(request, id, tokens, user.Id, now);
        if (terms is null)
            return invalid!.ToProblem();
        if (!await policies.Belongs(terms.OrganizationId, user, ct))
            return new OrganizationUnknown().ToProblem();

        var made = await once.Once(
            http, user, id, request,
            session =>
            {
                var stream = session.StartStream<TeamLink, TeamLinkEvent>(TeamLink.Stream(terms.OrganizationId, id));
                stream.AppendMany(Decide(stream.Aggregate, new(terms)).Events);
                return Task.FromResult<Refusal?>(null);
            },
            ct);
        // Told to whoever made it, and to nobody later: it is made again from its id, and only its hash is kept.
        return made.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Created($"/api/v1/invitations/team-links/{made.Id}", (await queries.Link(made.Id, user, ct))! with { Token = tokens.ForTeamLink(made.Id) });
    }

    private static (TeamLinkEvent.Created? Terms, ValidationFailed? Refusal) Read(Request request, Guid id, LinkTokens tokens, Guid by, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(request.OrganizationId, "organizationId", "Choose the business.", errors);
        var app = Fields.Required(request.AppId, "appId", "Choose one of the business's apps.", errors);
        var subscription = Fields.Required(request.SubscriptionId, "subscriptionId", "Choose an active subscription of that app.", errors);
        errors.Demand(!string.IsNullOrWhiteSpace(request.Role), "role", "Choose one of the app's roles.");
        errors.Demand(request.MostUses is >= 1 and <= MostUsesOfAll, "mostUses", $"How many may join by it: 1 to {MostUsesOfAll}.");
        errors.Demand(
            request.ExpiresOn > now && request.ExpiresOn <= now.AddDays(LongestDays), "expiresOn", $"When it stops working: within {LongestDays} days from now.");
        errors.Demand(request.Domains is null or { Count: <= 100 }, "domains", "At most 100 domains; any when none is given.");
        var domains = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var domain in request.Domains ?? [])
        {
            if (EmailAddress.TryParse($"somebody@{domain?.Trim().TrimStart('@')}", out var address, out var why))
                domains.Add(address.Domain);
            else
                errors.Add("domains", why);
        }

        return errors.Refusal is { } refusal
            ? (null, refusal)
            : (new(id, organization, app, subscription, request.Role!.Trim(), request.MostUses!.Value, [.. domains],
                LinkTokens.HashOf(tokens.ForTeamLink(id)), request.ExpiresOn!.Value.ToUniversalTime(), by, now), null);
    }
}

/// <summary>Takes a team link back; who joined before keeps their invitation.</summary>
internal static class RevokeTeamLink
{
    public sealed record Command(Guid By, DateTimeOffset At);

    public static Decision<TeamLinkEvent> Decide(TeamLink link, Command c) => link switch
    {
        { Terms: null } => new TeamLinkNotFound(),
        { IsRevoked: true } => Nothing.Happened,
        _ => new TeamLinkEvent.Revoked(c.By, c.At),
    };

    public static void Map(RouteGroupBuilder api) => api.MapPost("/invitations/team-links/{id:guid}/revoke", Handle)
        .WithName(nameof(RevokeTeamLink)).WithTags("Team links").Requires(Permission.Invite);

    private static async Task<Results<Ok<TeamLinkView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, HttpContext http, PostgresEventStore store, TeamLinkQueries queries, TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Link(id, user, ct) is not { } visible)
            return new TeamLinkNotFound().ToProblem();
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<TeamLink, TeamLinkEvent>(
                TeamLink.Stream(visible.OrganizationId, id), link => Decide(link, new(user.Id, clock.GetUtcNow())), ct),
            ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Ok((await queries.Link(id, user, ct))!);
    }
}

/// <summary>The team links of all organizations that the caller may see, the newest first.</summary>
internal static class ListTeamLinks
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/invitations/team-links", Handle).WithName(nameof(ListTeamLinks)).WithTags("Team links").Requires(Permission.Invite);
        api.MapGet("/invitations/team-links/{id:guid}", One).WithName("GetTeamLink").WithTags("Team links").Requires(Permission.Invite);
    }

    private static async Task<Ok<Page<TeamLinkView>>> Handle(
        Guid? organizationId, ListQuery list, CurrentUser user, TeamLinkQueries queries, CancellationToken ct) =>
        TypedResults.Ok(await queries.List(organizationId, list, user, ct));

    private static async Task<Results<Ok<TeamLinkView>, ProblemHttpResult>> One(Guid id, CurrentUser user, TeamLinkQueries queries, CancellationToken ct) =>
        await queries.Link(id, user, ct) is { } link ? TypedResults.Ok(link) : new TeamLinkNotFound().ToProblem();
}
