using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Subscriptions.Integration;

namespace InviteHub.Subscriptions.Features;

/// <summary>Says what would become of a batch's invitations, seats included, and changes nothing (INV-24).</summary>
internal static class CheckBatch
{
    /// <summary>What would become of invitations to one thing.</summary>
    /// <param name="Free">How many more seats there would be; null when as many as are asked for.</param>
    /// <param name="Waits">Whether those beyond wait.</param>
    /// <param name="No">Why none may go out at all.</param>
    public sealed record Answer(int? Free, bool Waits, Refusal? No);

    /// <summary>By the rules of one invitation, each time as if it were the first. Pure.</summary>
    public static Answer Look(AdmitInvitation.Facts facts, AdmitInvitation.Command one) => AdmitInvitation.WhyNot(facts, one) switch
    {
        { } no when no is not SeatLimitReached => new(Free: 0, Waits: false, no),
        _ when one.SubscriptionId is null => new(Free: null, Waits: false, No: null),
        _ => new(FreeSeats(facts.Subscription), facts.Subscription.AtLimit == AtLimit.Waitlist, No: null),
    };

    /// <summary>Why one may not go to somebody who holds these roles already, or null (INV-13). Pure.</summary>
    public static RoleHeldAlready? LookAt(IEnumerable<SeatRole?> held, AdmitInvitation.Facts facts, AdmitInvitation.Command one) =>
        AdmitInvitation.WhyNot(facts with { Held = [.. held] }, one) as RoleHeldAlready;

    /// <summary>Reads what the rules look at, for each thing that is invited to and for each of the people who have an account.</summary>
    public static async Task<InvitationBatchChecked> Handle(InvitationBatchUploaded batch, PostgresEventStore store, DateOnly today, CancellationToken ct)
    {
        var session = store.OpenSession();
        var answers = new List<Answer>();
        var (refused, whyNot) = (new List<(Guid Person, int Target)>(), new List<RoleHeldAlready?>());
        var people = batch.People.Zip(batch.PeopleTargets).ToLookup(one => one.Second, one => one.First);
        foreach (var (target, ((app, subscription), role)) in batch.AppIds.Zip(batch.SubscriptionIds).Zip(batch.Roles).Index())
        {
            // No invitation yet: an id that none has.
            var one = new AdmitInvitation.Command(
                batch.BatchId, batch.OrganizationId, batch.Way, batch.InvitedBy, batch.InvitedByRole, batch.BatchId, app, subscription, role, today);
            var facts = await AdmitInvitation.Gather(one, session, ct);
            answers.Add(Look(facts, one));
            var held = await AdmitInvitation.Held(facts.Subscription, people[target].ToHashSet(), batch.OrganizationId, store, ct);
            var found = held.Select(roles => (Person: roles.Key, No: LookAt(roles, facts, one))).Where(person => person.No is not null).ToArray();
            refused.AddRange(found.Select(person => (person.Person, target)));
            whyNot.Add(found.FirstOrDefault().No);
        }

        return new(
            batch.BatchId, batch.OrganizationId, [.. answers.Select(a => a.Free)], [.. answers.Select(a => a.Waits)],
            [.. answers.Select(a => a.No?.Code ?? "")], [.. answers.Select(a => a.No?.Detail ?? "")])
        {
            RefusedPeople = [.. refused.Select(person => person.Person)],
            RefusedTargets = [.. refused.Select(person => person.Target)],
            PeopleCodes = [.. whyNot.Select(no => no?.Code ?? "")],
            PeopleDetails = [.. whyNot.Select(no => no?.Detail ?? "")],
            Facts = Publish.ByPlace(answers.Select(a => a.No?.Facts)),
            PeopleFacts = Publish.ByPlace(whyNot.Select(no => no?.Facts)),
            Through = batch.Through,
        };
    }

    private static int? FreeSeats(Subscription subscription) => subscription switch
    {
        { SeatLimit: null } => null,
        // Nobody passes those who wait.
        { Waiting.IsEmpty: false } => 0,
        { AtLimit: AtLimit.Grow, Ceiling: { } ceiling, SeatLimit: { } limit } => Math.Max(0, Math.Max(limit, ceiling) - subscription.Used),
        { SeatLimit: { } limit } => Math.Max(0, limit - subscription.Used),
    };
}
