using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "INV-11")]
[Trait("Feature", "INV-12")]
public class admitting_an_invitation_to_an_app
{
    [Theory]
    [InlineData("systemAdmin", 10)]
    [InlineData("guest", 11)]
    [InlineData("guest", 13)]
    public void is_granted_to_admin_founder_and_registrar_with_the_names(string role, int by) =>
        Decide(Access with { InvitedBy = World.Id(by), InvitedByRole = role }).OnlyEvent()
            .ShouldBe(new AdmissionEvent.Granted(World.Acme, "Acme", "CRM", "Editor", World.Plan, 365) { Role = "editor" });

    [Theory]
    [Trait("Feature", "ROL-09")]
    [InlineData("editor", "Writer", true)]
    [InlineData("reader", "Editor", false)]
    [InlineData(null, "Editor", true)]
    [InlineData(null, "Writer", false)]
    public void compares_roles_by_their_keys_and_by_names_where_no_key_was_kept(string? key, string name, bool isHeld) =>
        World.Admission(new AdmissionEvent.Granted(World.Acme, "Acme", "CRM", name, World.Plan, 365) { Role = key })
            .Role!.Is(new AppRole("editor", "Editor")).ShouldBe(isHeld);

    [Fact]
    public void happens_once() => AdmitInvitation.Decide(World.Admission(World.Granted(World.Plan)), Facts(), Access).ShouldBeNothing();

    [Fact]
    public void does_not_happen_after_the_withdrawal() =>
        AdmitInvitation.Decide(World.Admission(new AdmissionEvent.Withdrawn(World.Acme, "revoked")), Facts(), Access).ShouldBeNothing();

    [Fact]
    public void is_refused_for_an_organization_that_is_not_there() =>
        Refused(Access, Facts(Organization.Initial)).ShouldBe((RefusalKind.NotFound, "organization-not-found"));

    [Fact]
    [Trait("Feature", "SEC-02")]
    public void tells_a_stranger_no_more_than_of_one_that_is_not_there()
    {
        var stranger = Access with { InvitedBy = World.Stranger, InvitedByRole = "applicant" };
        Decide(stranger).OnlyEvent().ShouldBe(Decide(stranger, Facts(Organization.Initial)).OnlyEvent());
    }

    [Theory]
    [InlineData(12, "applicant")]
    [InlineData(14, "guest")]
    public void is_refused_to_those_who_belong_but_may_not_invite(int by, string role) =>
        Refused(Access with { InvitedBy = World.Id(by), InvitedByRole = role }).ShouldBe((RefusalKind.Forbidden, "not-permitted"));

    [Fact]
    public void needs_a_business() => Refused(Access, Facts(World.Organization(new OrganizationEvent.Changed(World.Acme, "Acme", ["customer"]))))
        .ShouldBe((RefusalKind.Conflict, "not-a-business"));

    [Fact]
    public void needs_an_app_that_is_there() => Refused(Access, Facts(app: App.Initial)).ShouldBe((RefusalKind.Conflict, "app-not-available"));

    [Fact]
    public void needs_an_entitlement_to_the_app() => Refused(
            Access, Facts(World.State<Organization, OrganizationEvent>(new OrganizationEvent.Created(World.Acme, "Acme", ["business"]))))
        .ShouldBe((RefusalKind.Conflict, "app-not-available"));

    [Fact]
    public void needs_a_subscription_of_the_organization() =>
        Refused(Access, Facts(subscription: Subscription.Initial)).ShouldBe((RefusalKind.Conflict, "subscription-not-active"));

    [Fact]
    public void needs_a_subscription_to_that_app() => Refused(
            Access,
            Facts(subscription: World.State<Subscription, SubscriptionEvent>(
                new SubscriptionEvent.Created(World.Plan, World.Acme, World.Id(99), "gold", null, World.Today, null))))
        .ShouldBe((RefusalKind.Conflict, "subscription-not-active"));

    [Theory]
    [InlineData("2029-12-31", false)]
    [InlineData("2030-01-01", true)]
    [InlineData("2030-12-31", true)]
    [InlineData("2031-01-01", false)]
    public void needs_a_subscription_that_runs_that_day(string today, bool granted)
    {
        var decision = Decide(Access with { Today = DateOnly.Parse(today) }).OnlyEvent();
        if (granted)
            decision.ShouldBeOfType<AdmissionEvent.Granted>();
        else
            decision.ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("subscription-not-active");
    }

    [Theory]
    [InlineData("owner")]
    [InlineData(null)]
    public void needs_a_role_of_the_app(string? role) => Refused(Access with { Role = role }).ShouldBe((RefusalKind.Invalid, "unknown-role"));

    [Fact]
    [Trait("Feature", "INV-25")]
    public void without_a_free_seat_is_refused_with_the_facts_and_the_smallest_change()
    {
        var full = World.Subscription(2, World.Reserved(100), World.Reserved(101), World.Occupied(101));
        var refused = Decide(Access, Facts(subscription: full)).OnlyEvent().ShouldBeOfType<AdmissionEvent.Refused>();
        refused.Code.ShouldBe("seat-limit-reached");
        refused.Kind.ShouldBe(RefusalKind.Conflict);
        refused.Detail.ShouldBe("2 of 2 seats are taken: 1 occupied, 1 reserved by pending invitations. Give 1 back or raise the limit to 3. "
            + "A founder can revoke pending invitations and take seats back; a System admin can raise the limit.");
        refused.Facts.ShouldNotBeNull().ShouldBe(
            new Dictionary<string, string>
            {
                ["used"] = "2",
                ["reserved"] = "1",
                ["occupied"] = "1",
                ["limit"] = "2",
                ["revocable"] = "1",
                ["limitNeeded"] = "3",
                ["founders"] = World.Founder.ToString(),
            },
            ignoreOrder: true);
    }

    [Fact]
    public void of_an_unknown_way_is_refused() => Refused(Access with { Way = "carrier-pigeon" }).ShouldBe((RefusalKind.Invalid, "way-not-supported"));

    private static AdmitInvitation.Command Access => new(
        World.Id(500), World.Acme, "access", World.Registrar, "guest", World.Id(501), World.Crm, World.Plan, "editor", World.Today);

    private static AdmitInvitation.Facts Facts(Organization? organization = null, App? app = null, Subscription? subscription = null) =>
        new(organization ?? World.Organization(), app ?? World.App(), subscription ?? World.Subscription(5));

    private static Decision<AdmissionEvent> Decide(AdmitInvitation.Command command, AdmitInvitation.Facts? facts = null) =>
        AdmitInvitation.Decide(Admission.Initial, facts ?? Facts(), command);

    private static (RefusalKind Kind, string Code) Refused(AdmitInvitation.Command command, AdmitInvitation.Facts? facts = null)
    {
        var refused = Decide(command with { InvitedByRole = facts is null ? command.InvitedByRole : "systemAdmin" }, facts)
            .OnlyEvent().ShouldBeOfType<AdmissionEvent.Refused>();
        return (refused.Kind, refused.Code);
    }
}

[Trait("Feature", "INV-01")]
public class admitting_an_invitation_of_a_customer
{
    [Theory]
    [InlineData("applicant", 12)]
    [InlineData("systemAdmin", 10)]
    public void is_granted_to_the_assigned_applicant_and_to_an_admin_and_takes_no_seat(string role, int by) =>
        Decide(Customer with { InvitedBy = World.Id(by), InvitedByRole = role })
            .ShouldBe(new AdmissionEvent.Granted(World.Acme, "Acme", null, null, null, 365));

    [Theory]
    [InlineData("guest", 12)]
    [InlineData("guest", 11)]
    [InlineData("applicant", 11)]
    public void is_refused_to_others_who_belong(string role, int by) =>
        Decide(Customer with { InvitedBy = World.Id(by), InvitedByRole = role }).ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("not-permitted");

    [Fact]
    public void is_refused_to_an_applicant_of_other_customers_as_if_it_were_not_there() =>
        Decide(Customer with { InvitedBy = World.Stranger }).ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("organization-not-found");

    [Fact]
    public void is_refused_when_it_is_no_customer_any_more() => AdmitInvitation.Decide(
            Admission.Initial, new(World.Organization(new OrganizationEvent.Changed(World.Acme, "Acme", ["business"])), App.Initial, Subscription.Initial), Customer)
        .OnlyEvent().ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("not-a-customer");

    private static AdmitInvitation.Command Customer => new(
        World.Id(500), World.Acme, "customer", World.Applicant, "applicant", World.Id(501), null, null, null, World.Today);

    private static AdmissionEvent Decide(AdmitInvitation.Command command) =>
        AdmitInvitation.Decide(Admission.Initial, new(World.Organization(), App.Initial, Subscription.Initial), command).OnlyEvent();
}
