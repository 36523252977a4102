using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Invites a person (INV-01, INV-02, INV-11, INV-12): the invitation is written down, Subscriptions decides and holds the seat, and the
/// answer is waited for. Refused, nothing is left behind but the fact.
/// </summary>
internal static class CreateInvitation
{
    /// <summary>The request of every way; which fields count is the way's to say.</summary>
    public sealed record Request(
        string? Way, Guid? OrganizationId, string? FirstName, string? LastName, string? Email, string? EmailConfirmation,
        bool? SwedishCitizen, bool? EuCitizen, string? LmaNumber, string? PersonalNumber, string? Phone, string? Gender,
        Guid? AppId, Guid? SubscriptionId, string? Role, Guid? UserId, Invitee? Invitee, string? Language)
    {
        /// <summary>Workspace: the username; made from the address when not given.</summary>
        public string? Username { get; init; }
    }

    public sealed record Invitee(string? FirstName, string? LastName, string? Email);

    /// <summary>A request whose fields are right.</summary>
    public sealed record Details(
        Way Way, Guid OrganizationId, EmailAddress? Email, string FirstName, string LastName, string? PersonalNumber, string? LmaNumber,
        string? Phone, string? Gender, bool? SwedishCitizen, bool? EuCitizen, Guid? AppId, Guid? SubscriptionId, string? Role,
        Guid? UserId, string? Language)
    {
        public string? Username { get; init; }
    }

    public sealed record Command(
        Guid InvitationId, Details Details, Person? Existing, Guid NewPersonId, Guid InvitedBy, string InvitedByRole, DateTimeOffset At)
    {
        /// <summary>What the organization asks of every invitation to it (INV-23).</summary>
        public InvitationPolicy Policy { get; init; } = InvitationPolicy.Default;
    }

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => (invitation.Status, c.Details, c.Existing) switch
    {
        (not InvitationStatus.None, _, _) => Nothing.Happened,
        (_, { Way: Way.Customer }, not null) => new EmailTaken(),
        (_, { UserId: not null }, null) => new InviteeUnknown(),
        (_, var d, var person) => HoldToPolicy.Decide(c.Policy, new InvitationEvent.Requested(
            c.InvitationId, d.OrganizationId, d.Way, person?.UserId ?? c.NewPersonId, person is not null,
            person?.Email ?? d.Email!.Text, person?.FirstName ?? d.FirstName, person?.LastName ?? d.LastName,
            d.PersonalNumber, d.LmaNumber, d.Phone, d.Gender, d.SwedishCitizen, d.EuCitizen, d.AppId, d.SubscriptionId, d.Role,
            d.Language ?? person?.Language ?? "en", c.InvitedBy, c.InvitedByRole, c.At)
        {
            Username = person is null ? d.Username : null,
        }),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations", Handle).WithName(nameof(CreateInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Created<InvitationView>, Accepted, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries,
        InvitationPolicies policies, Idempotency once, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (details, invalid) = request.Way switch
        {
            "customer" => CustomerInvitation.Read(request, DateOnly.FromDateTime(now.UtcDateTime)),
            "access" => AccessInvitation.Read(request),
            "workspace" => WorkspaceInvitation.Read(request),
            _ => (null, UnknownWay()),
        };
        if (details is null)
            return invalid!.ToProblem();

        var existing = details.UserId is { } userId ? await queries.Person(userId, ct) : await queries.PersonByEmail(details.Email!.Key, ct);
        var command = new Command(Guid.CreateVersion7(now), details, existing, Guid.CreateVersion7(now), user.Id, user.Role, now)
        {
            Policy = await policies.Of(details.OrganizationId, user, ct),
        };
        try
        {
            var made = await once.Once(http, user, command.InvitationId, request, session => Task.FromResult(Begin(session, command)), ct);
            return made.Refusal?.ToProblem() ?? await Answer(details.OrganizationId, made.Id, wait, store, queries, ct);
        }
        catch (UniqueRuleException e) when (e.Constraint == InvitationList.OneOpenInvitation)
        {
            return (await queries.Open(
                details.OrganizationId, details.SubscriptionId, details.Way.Name(), existing?.Email ?? details.Email!.Text, user, ct)).ToProblem();
        }
        catch (UniqueRuleException e) when (e.Constraint == HourlyInvitations.Limit)
        {
            return (await policies.LimitReached(details.OrganizationId, ct)).ToProblem(http, now);
        }
    }

    /// <summary>The invitation and the saga that leads it begin in one commit.</summary>
    public static Refusal? Begin(EventSession session, Command command)
    {
        var stream = session.StartStream<Invitation, InvitationEvent>(Invitation.Stream(command.Details.OrganizationId, command.InvitationId));
        var decision = Decide(stream.Aggregate, command);
        stream.AppendMany(decision.Events);
        if (decision.Refusal is null)
            session.SaveSaga(command.InvitationId, new InviteSaga { CorrelationId = command.InvitationId }, version: 0);
        return decision.Refusal;
    }

    /// <summary>What Subscriptions decided, waited for as long as the caller likes.</summary>
    private static async Task<Results<Created<InvitationView>, Accepted, ProblemHttpResult>> Answer(
        Guid organizationId, Guid id, PreferWait wait, PostgresEventStore store, InvitationQueries queries, CancellationToken ct)
    {
        var invitation = await store.WaitFor<Invitation, InvitationEvent>(
            Invitation.Stream(organizationId, id), state => state.Status is not InvitationStatus.Requested || state.AwaitsApproval, wait.Time, ct);
        var location = $"/api/v1/invitations/{id}";
        return invitation switch
        {
            { Refusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem(),
            { Status: InvitationStatus.Requested, AwaitsApproval: false } => TypedResults.Accepted(location),
            _ => TypedResults.Created(location, (await queries.Invitation(id, ct))!),
        };
    }

    private static ValidationFailed UnknownWay()
    {
        var errors = new FieldErrors();
        errors.Add("way", "The way is customer, access or workspace.");
        return errors.Refusal!;
    }
}
