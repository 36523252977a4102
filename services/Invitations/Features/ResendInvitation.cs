using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Sends an invitation again, with a new link that takes the place of the one before (INV-08). What waits for an answer keeps its term. One that
/// has expired gave back what it held: it is asked for anew, and opens with the full term if there is a seat for it. Each is held to what the
/// organization asks now, as a new one is (INV-23).
/// </summary>
internal static class ResendInvitation
{
    public sealed record Command(Guid By, string ByRole, string TokenHash, DateTimeOffset At)
    {
        /// <summary>What the organization asks of every invitation to it; nobody does of one to an account, which is the platform's.</summary>
        public InvitationPolicy Policy { get; init; } = InvitationPolicy.Default;
    }

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => Again(invitation, c) switch
    {
        { Refusal: not null } no => no,
        _ when HoldToPolicy.WhyNot(c.Policy, invitation.Offer!.Email) is { } no => no,
        { Events: [InvitationEvent.RenewalRequested asked] } when c.Policy.RequiresApproval =>
            new InvitationEvent[] { new InvitationEvent.ApprovalRequired(invitation.Offer.InvitationId, invitation.Offer.OrganizationId, c.At), asked },
        var sent => sent,
    };

    private static Decision<InvitationEvent> Again(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.None } => new InvitationNotFound(),
        // What was sent with a one-time password, which ends soon, is sent again with a link.
        { Status: InvitationStatus.Pending, Link.OneTimePasswordId: not null } =>
            new InvitationEvent.Resent(invitation.NextGeneration, c.TokenHash, c.At + InviteAccount.GoodFor, c.By, c.At),
        { Status: InvitationStatus.Pending } =>
            new InvitationEvent.Resent(invitation.NextGeneration, c.TokenHash, invitation.Link!.ExpiresAt, c.By, c.At),
        { Status: InvitationStatus.Expired, Offer: var offer } when offer!.Way.IsToAccount() =>
            new InvitationEvent.Resent(invitation.NextGeneration, c.TokenHash, c.At + InviteAccount.GoodFor, c.By, c.At),
        { Status: InvitationStatus.Expired, IsSettled: true } =>
            new InvitationEvent.RenewalRequested(invitation.Round + 1, c.By, c.ByRole, c.At),
        { Status: InvitationStatus.Expired } => new WithdrawalUnderWay(),
        { Status: InvitationStatus.Registering } => new RegistrationUnderWay(),
        { IsUndecided: true } => new NotSentYet(),
        { Status: var ended } => new NothingToResend(ended),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/{id:guid}/resend", Handle).WithName(nameof(ResendInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Ok<InvitationView>, Accepted, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries, InvitationPolicies policies, Idempotency once,
        LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();

        var stream = Invitation.Stream(visible.Organization.Id, id);
        var policy = await policies.Of(visible.Organization.Id, user, ct);
        await EndWhatIsOver(stream, user.Metadata(http, id), wait, store, clock, ct);
        try
        {
            var made = await once.Once(http, user, id, new { resend = id }, session => Begin(session, stream, user, policy, links, clock, ct), ct);
            if (made.Refusal is { } refusal)
                return refusal.ToProblem();
        }
        catch (UniqueRuleException e) when (e.Constraint == InvitationList.OneOpenInvitation)
        {
            return (await queries.Open(visible.Organization.Id, visible.SubscriptionId, visible.Way, visible.Email, user, ct)).ToProblem();
        }
        catch (UniqueRuleException e) when (e.Constraint == HourlyInvitations.Limit)
        {
            return (await policies.LimitReached(visible.Organization.Id, ct)).ToProblem(http, clock.GetUtcNow());
        }

        var invitation = await store.WaitFor<Invitation, InvitationEvent>(
            stream, state => state.Status is not InvitationStatus.Requested || state.AwaitsApproval, wait.Time, ct);
        return invitation switch
        {
            { RenewalRefusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem(),
            { Status: InvitationStatus.Requested, AwaitsApproval: false } => TypedResults.Accepted($"/api/v1/invitations/{id}"),
            _ => TypedResults.Ok((await queries.Invitation(id, ct))!),
        };
    }

    /// <summary>One whose time is up ends first, and what it held comes back: only then can that be asked for again.</summary>
    private static async Task EndWhatIsOver(
        StreamId stream, EventMetadata metadata, PreferWait wait, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        await store.Transact(
            metadata,
            session => session.Decide<Invitation, InvitationEvent>(stream, invitation => ExpireInvitation.Decide(invitation, clock.GetUtcNow()), ct),
            ct);
        await store.WaitFor<Invitation, InvitationEvent>(
            stream, invitation => invitation is not { Status: InvitationStatus.Expired, IsSettled: false }, wait.Time, ct);
    }

    /// <summary>A renewal begins the saga that leads it anew, in its commit.</summary>
    private static async Task<Refusal?> Begin(
        EventSession session, StreamId stream, CurrentUser user, InvitationPolicy policy, LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        var outcome = await session.Decide<Invitation, InvitationEvent>(
            stream,
            invitation => Decide(
                invitation, new(user.Id, user.Role, LinkTokens.HashOf(links.ForInvitation(stream.Key, invitation.NextGeneration)), clock.GetUtcNow()) { Policy = policy }),
            ct);
        if (outcome is { Refusal: null, State.Status: InvitationStatus.Requested })
        {
            var (_, version) = await session.LoadSaga<InviteSaga>(stream.Key, ct);
            session.SaveSaga(stream.Key, new InviteSaga { CorrelationId = stream.Key }, version);
        }

        return outcome.Refusal;
    }
}
