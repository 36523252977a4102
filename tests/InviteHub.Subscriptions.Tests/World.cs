using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Tests;

/// <summary>Ids and states that tests begin with.</summary>
internal static class World
{
    public static readonly Guid Acme = Id(1);
    public static readonly Guid Crm = Id(2);
    public static readonly Guid Plan = Id(3);
    public static readonly Guid Admin = Id(10);
    public static readonly Guid Founder = Id(11);
    public static readonly Guid Applicant = Id(12);
    public static readonly Guid Registrar = Id(13);
    public static readonly Guid Member = Id(14);
    public static readonly Guid Stranger = Id(15);
    public static readonly DateOnly Today = new(2030, 1, 15);

    /// <summary>The same id for the same number, always.</summary>
    public static Guid Id(int number) => new(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    public static TState State<TState, TEvent>(params TEvent[] happened)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class => happened.Aggregate(TState.Initial, (state, e) => state.Apply(e));

    /// <summary>A customer and business that is entitled to the app, with one of each who may do something.</summary>
    public static Organization Organization(params OrganizationEvent[] more) => State<Organization, OrganizationEvent>(
    [
        new OrganizationEvent.Created(Acme, "Acme", ["business", "customer"]),
        new OrganizationEvent.AppEntitled(Acme, Crm),
        new OrganizationEvent.ApplicantAssigned(Acme, Applicant, ["applicant"]),
        new OrganizationEvent.PermissionsGranted(Acme, Founder, ["founder"]),
        new OrganizationEvent.PermissionsGranted(Acme, Registrar, ["user_registration"]),
        new OrganizationEvent.PermissionsGranted(Acme, Member, ["member"]),
        .. more,
    ]);

    public static App App() => State<App, AppEvent>(new AppEvent.Created(Crm, "CRM", [new AppRole("reader", "Reader"), new AppRole("editor", "Editor")]));

    public static Subscription Subscription(int? limit, params SubscriptionEvent[] more) => State<Subscription, SubscriptionEvent>(
        [new SubscriptionEvent.Created(Plan, Acme, Crm, "gold", limit, new DateOnly(2030, 1, 1), new DateOnly(2030, 12, 31)), .. more]);

    public static SubscriptionEvent Reserved(int invitation) => new SubscriptionEvent.SeatReserved(Id(invitation), Id(1000 + invitation));

    public static SubscriptionEvent Occupied(int invitation) => new SubscriptionEvent.SeatOccupied(Id(invitation), Id(1000 + invitation));

    public static Admission Admission(params AdmissionEvent[] happened) => State<Admission, AdmissionEvent>(happened);

    public static AdmissionEvent Granted(Guid? subscription = null) => new AdmissionEvent.Granted(Acme, "Acme", null, null, subscription, 365);

    public static TEvent OnlyEvent<TEvent>(this Decision<TEvent> decision) where TEvent : class
    {
        decision.Refusal.ShouldBeNull();
        return decision.Events.ShouldHaveSingleItem();
    }

    public static void ShouldBeNothing<TEvent>(this Decision<TEvent> decision) where TEvent : class
    {
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBeEmpty();
    }

    public static Refusal ShouldBeRefused<TEvent>(this Decision<TEvent> decision, string code) where TEvent : class
    {
        decision.Events.ShouldBeEmpty();
        decision.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
        return decision.Refusal;
    }
}
