using System.Diagnostics.Metrics;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Says whether an invitation may go out, and keeps a seat for one to an app or its place on the waitlist, in the same commit
/// (INV-01, INV-11, INV-12, INV-25).
/// </summary>
internal static class AdmitInvitation
{
    public sealed record Command(
        Guid InvitationId, Guid OrganizationId, string Way, Guid InvitedBy, string InvitedByRole, Guid InviteeId,
        Guid? AppId, Guid? SubscriptionId, string? Role, DateOnly Today, int Round = 1);

    /// <summary>What the rules look at.</summary>
    public sealed record Facts(Organization Organization, App App, Subscription Subscription)
    {
        /// <summary>The roles that the invitee sits on the subscription's seats with.</summary>
        public IReadOnlyList<SeatRole?> Held { get; init; } = [];
    }

    public static Decision<AdmissionEvent> Decide(Admission admission, Facts facts, Command c)
    {
        if (admission.Status != AdmissionStatus.Unknown)
            return Nothing.Happened;
        if (WhyNot(facts, c) is { } no)
            return new AdmissionEvent.Refused(c.OrganizationId, no.Kind, no.Code, no.Detail) { Facts = no.Facts };
        var (organization, validForDays) = (facts.Organization.Name, facts.Organization.Settings.InvitationValidForDays);
        if (c.Way is Way.Customer or Way.Workspace)
            return new AdmissionEvent.Granted(c.OrganizationId, organization, null, null, null, validForDays);
        var role = facts.App.Roles.First(r => r.Key == c.Role).Name;
        return ReserveSeat.Decide(facts.Subscription, SeatFor(c)).Events is [SubscriptionEvent.InvitationWaitlisted]
            ? new AdmissionEvent.Waitlisted(c.OrganizationId, organization, facts.App.Name, role, facts.Subscription.Id, validForDays) { Role = c.Role }
            : new AdmissionEvent.Granted(c.OrganizationId, organization, facts.App.Name, role, c.SubscriptionId, validForDays) { Role = c.Role };
    }

    /// <summary>Gathers, decides and appends; what the message before it led to is not done again.</summary>
    public static async Task Handle(Command c, EventSession session, PostgresEventStore store, CancellationToken ct)
    {
        var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(c.InvitationId, c.OrganizationId), ct);
        admission.AppendMany(admission.Aggregate.Begin(c.Round, c.OrganizationId).Events);
        if (admission.Aggregate.Status != AdmissionStatus.Unknown)
            return;

        var facts = await Gather(c, session, ct);
        var held = await Held(facts.Subscription, [c.InviteeId], c.OrganizationId, store, ct);
        facts = facts with { Held = [.. held[c.InviteeId]] };
        await Append(admission, Decide(admission.Aggregate, facts, c), c, session, ct);
    }

    /// <summary>What the rules look at, read in order to be written to.</summary>
    public static async Task<Facts> Gather(Command c, EventSession session, CancellationToken ct) => new(
        await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(c.OrganizationId), ct: ct) ?? Organization.Initial,
        c.AppId is { } app ? await session.AggregateStream<App, AppEvent>(App.StreamOf(app), ct: ct) ?? App.Initial : App.Initial,
        // To be written: of two who saw the last seat free, one saves and the other looks again.
        c.SubscriptionId is { } subscription
            ? (await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(subscription, c.OrganizationId), ct)).Aggregate
            : Subscription.Initial);

    /// <summary>
    /// The roles that some people sit on a subscription's seats with. Who sits where is looked up where it stands by person, which may be newer
    /// than the subscription that was read; then that has moved on, and all of this is decided again.
    /// </summary>
    public static async Task<ILookup<Guid, SeatRole?>> Held(
        Subscription subscription, IReadOnlyCollection<Guid> people, Guid organizationId, PostgresEventStore store, CancellationToken ct)
    {
        var sitting = (await SeatHolders.Of(people, subscription.Id, store, ct))
            .Where(one => subscription.Seats.GetValueOrDefault(one.Invitation) is { IsOccupied: true } seat && seat.PersonId == one.Person).ToArray();
        var admissions = await store.OpenSession().FetchStreams([.. sitting.Select(one => Admission.StreamOf(one.Invitation, organizationId))], ct);
        var held = sitting.Select(one => (
            one.Person, admissions[Admission.StreamOf(one.Invitation, organizationId)].Fold<Admission, AdmissionEvent>().Role));
        return held.ToLookup(one => one.Person, one => one.Role);
    }

    /// <summary>Takes up what was decided, and the seat or the place that goes with it.</summary>
    public static async Task Append(
        EventStream<Admission, AdmissionEvent> admission, Decision<AdmissionEvent> decision, Command c, EventSession session, CancellationToken ct)
    {
        admission.AppendMany(decision.Events);
        if (decision.Events is [var decided])
            session.AfterSaving(() => AdmissionCount.Add(decided));
        if (admission.Aggregate is { HasClaim: true, SubscriptionId: { } seatOf })
            await session.MoveSeats(Subscription.StreamOf(seatOf, c.OrganizationId), s => ReserveSeat.Decide(s, SeatFor(c)), ct);
    }

    /// <summary>Why an invitation may not go out, or null.</summary>
    public static Refusal? WhyNot(Facts facts, Command c)
    {
        var organization = facts.Organization;
        var access = organization.AccessOf(c.InvitedBy);
        var isSystemAdmin = c.InvitedByRole == CurrentUser.SystemAdmin;
        // Somebody who has nothing to do with the organization does not learn that it exists.
        if (!organization.Exists || (!isSystemAdmin && access.Count == 0))
            return new OrganizationNotFound();

        return c.Way switch
        {
            Way.Customer => WhyNotCustomer(organization, c, access, isSystemAdmin),
            Way.Access => WhyNotAccess(facts, c, isSystemAdmin),
            Way.Workspace => WhyNotInvite(organization, c, isSystemAdmin),
            _ => new WayNotSupported(),
        };
    }

    private static Refusal? WhyNotCustomer(Organization customer, Command c, IReadOnlyList<string> access, bool isSystemAdmin) => customer switch
    {
        _ when !isSystemAdmin && !(c.InvitedByRole == Way.Applicant && access.Contains(OrganizationAccess.Applicant)) =>
            new NotPermitted("an Applicant who is assigned to this customer"),
        _ when !customer.Kinds.Contains(OrganizationKind.Customer) => new NotACustomer(customer.Name),
        _ => null,
    };

    private static NotPermitted? WhyNotInvite(Organization organization, Command c, bool isSystemAdmin) => isSystemAdmin || organization.MayInvite(c.InvitedBy)
        ? null
        : new NotPermitted(organization.Settings.WhoMayInvite switch
        {
            WhoMayInvite.Founders => "its founder",
            WhoMayInvite.Members => "one of its members",
            _ => $"its founder or the permission {OrganizationAccess.UserRegistration}",
        });

    private static Refusal? WhyNotAccess(Facts facts, Command c, bool isSystemAdmin) => facts switch
    {
        _ when WhyNotInvite(facts.Organization, c, isSystemAdmin) is { } no => no,
        { Organization: var business } when !business.Kinds.Contains(OrganizationKind.Business) => new NotABusiness(business.Name),
        _ when !facts.App.Exists || !facts.Organization.Apps.Contains(facts.App.Id) => new AppNotAvailable(facts.Organization.Name),
        _ when facts.Subscription.AppId != facts.App.Id => SubscriptionNotActive.NotOfThisPair(),
        _ when facts.App.Roles.All(r => r.Key != c.Role) => new UnknownRole(facts.App),
        _ when facts.App.Roles.First(r => r.Key == c.Role) is var role && facts.Held.Any(held => held?.Is(role) is true) => new RoleHeldAlready(role.Name, facts.Subscription.Id),
        _ => ReserveSeat.Decide(facts.Subscription, SeatFor(c)).Refusal switch
        {
            SeatLimitReached full => full with { Founders = facts.Organization.Founders() },
            var other => other,
        },
    };

    private static ReserveSeat.Command SeatFor(Command c) => new(c.InvitationId, c.InviteeId, c.Today);

    /// <summary>The ways in, as the contract writes them, and the system role that invites for customers.</summary>
    private static class Way
    {
        public const string Customer = "customer";
        public const string Access = "access";
        public const string Workspace = "workspace";
        public const string Applicant = "applicant";
    }
}

/// <summary>Counts what was decided (OPS-05), beside the rules, which know of nothing but their state.</summary>
internal static class AdmissionCount
{
    private static readonly Meter Meter = new("InviteHub.Subscriptions");
    private static readonly Counter<long> Admissions = Meter.CreateCounter<long>(
        "invitehub.admissions", "{invitation}", "Invitations by what was decided on their admission, and why they were refused");

    public static void Add(AdmissionEvent decided)
    {
        var (outcome, reason) = decided switch
        {
            AdmissionEvent.Refused no => ("refused", no.Code),
            AdmissionEvent.Waitlisted => ("waitlisted", ""),
            _ => ("granted", ""),
        };
        Admissions.Add(1, new("outcome", outcome), new("reason", reason));
    }
}
