using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-01")]
public class making_an_organization
{
    [Fact]
    public void happens_once()
    {
        var command = new CreateOrganization.Command(World.Acme, "Acme", ["business"]);
        var created = CreateOrganization.Decide(Organization.Initial, command).OnlyEvent();
        CreateOrganization.Decide(Organization.Initial.Apply(created), command).ShouldBeNothing();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(" A ", false)]
    [InlineData("Ab", true)]
    [InlineData("Ac\r\nBcc: x", false)]
    public void takes_a_name_of_2_to_100_characters_on_one_line(string? name, bool good)
    {
        var errors = new FieldErrors();
        OrganizationFields.Name(name, errors);
        (errors.Refusal is null).ShouldBe(good);
    }

    [Fact]
    public void takes_no_name_of_101_characters()
    {
        var errors = new FieldErrors();
        OrganizationFields.Name(new string('x', 101), errors);
        errors.Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["name"]);
    }

    [Fact]
    public void takes_at_least_one_kind_and_only_known_ones()
    {
        foreach (var kinds in new string[]?[] { null, [], ["customer", "friend"], ["Customer"] })
        {
            var errors = new FieldErrors();
            OrganizationFields.Kinds(kinds, errors);
            errors.Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["kinds"]);
        }

        var none = new FieldErrors();
        OrganizationFields.Kinds(["supplier", "business", "supplier"], none).ShouldBe(["business", "supplier"]);
        none.Refusal.ShouldBeNull();
    }

    [Fact]
    public void changed_to_what_it_is_changes_nothing() =>
        ChangeOrganization.Decide(World.Organization(), new("Acme", ["business", "customer"])).ShouldBeNothing();

    [Fact]
    public void changed_keeps_what_is_not_given() => ChangeOrganization.Decide(World.Organization(), new("Acme 2", null)).OnlyEvent()
        .ShouldBeOfType<OrganizationEvent.Changed>().Kinds.ShouldBe(["business", "customer"]);
}

[Trait("Feature", "SUB-02")]
public class making_an_app
{
    [Fact]
    public void tells_all_that_is_wrong_at_once() =>
        CreateApp.Read(new("x", [new("Reader", ""), new("a", "A"), new("a", "B"), null]), World.Crm).Invalid.ShouldNotBeNull()
            .Errors.Keys.ShouldBe(["name", "roles", "roles[0].key", "roles[0].name", "roles[3].key", "roles[3].name"], ignoreOrder: true);

    [Theory]
    [InlineData("reader", true)]
    [InlineData("team-lead-2", true)]
    [InlineData("", false)]
    [InlineData("Reader", false)]
    [InlineData("-a", false)]
    [InlineData("a--b", false)]
    [InlineData("a\n", false)]
    [InlineData("läsare", false)]
    public void takes_keys_in_kebab_case(string key, bool good) =>
        (CreateApp.Read(new("CRM", [new(key, "Some role")]), World.Crm).Invalid is null).ShouldBe(good);

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void takes_up_to_50_roles_and_keys_of_up_to_50_characters(int count, bool good)
    {
        (CreateApp.Read(new("CRM", [.. Enumerable.Range(0, count).Select(n => new CreateApp.RoleRequest($"r{n}", "Role"))]), World.Crm).Invalid is null).ShouldBe(good);
        (CreateApp.Read(new("CRM", [new(new string('a', count), "Role")]), World.Crm).Invalid is null).ShouldBe(good);
    }

    [Fact]
    public void happens_once() => CreateApp.Decide(World.App(), new(World.Crm, "CRM", [])).ShouldBeNothing();
}

[Trait("Feature", "SUB-02")]
public class changing_an_app
{
    private static readonly AppRole More = new("auditor", "Auditor");

    [Fact]
    public void keeps_what_is_not_given() => ChangeApp.Decide(World.App(), new("CRM 2", null)).OnlyEvent()
        .ShouldBeOfType<AppEvent.Changed>().Roles.ShouldBe(World.App().Roles);

    [Fact]
    public void names_roles_anew_and_adds_some()
    {
        AppRole[] roles = [.. World.App().Roles.Select(role => role with { Name = $"{role.Name} of all" }), More];
        var changed = ChangeApp.Decide(World.App(), new(null, roles)).OnlyEvent();
        World.App().Apply(changed).Roles.ShouldBe(roles);
        ChangeApp.Decide(World.App().Apply(changed), new(null, roles)).ShouldBeNothing();
    }

    [Fact]
    public void takes_no_role_away() => ChangeApp.Decide(World.App(), new(null, [More])).ShouldBeRefused("app-roles-stay");

    [Fact]
    public void needs_one() => ChangeApp.Decide(App.Initial, new("CRM", null)).ShouldBeRefused("app-not-found");
}

[Trait("Feature", "SUB-02")]
public class making_a_subscription
{
    private static readonly CreateSubscription.Request Good = new(World.Acme, World.Crm, "gold", 5, new DateOnly(2030, 1, 1), null);

    [Fact]
    public void takes_what_it_needs() => CreateSubscription.Read(Good, World.Plan).Invalid.ShouldBeNull();

    [Fact]
    public void tells_all_that_is_wrong_at_once()
    {
        CreateSubscription.Read(new(null, null, " ", -1, null, null), World.Plan).Invalid.ShouldNotBeNull()
            .Errors.Keys.ShouldBe(["organizationId", "appId", "plan", "seatLimit", "startsOn"], ignoreOrder: true);
        CreateSubscription.Read(Good with { EndsOn = new DateOnly(2029, 12, 31) }, World.Plan).Invalid.ShouldNotBeNull().Errors.Keys.ShouldBe(["endsOn"]);
    }

    [Fact]
    public void needs_its_organization_and_its_app()
    {
        var command = CreateSubscription.Read(Good, World.Plan).Command;
        CreateSubscription.Decide(Subscription.Initial, null, World.App(), command).ShouldBeRefused("organization-not-found");
        CreateSubscription.Decide(Subscription.Initial, World.Organization(), null, command).ShouldBeRefused("app-not-found");
    }

    [Fact]
    public void happens_once()
    {
        var command = CreateSubscription.Read(Good, World.Plan).Command;
        var created = CreateSubscription.Decide(Subscription.Initial, World.Organization(), World.App(), command).OnlyEvent();
        CreateSubscription.Decide(Subscription.Initial.Apply(created), World.Organization(), World.App(), command).ShouldBeNothing();
    }
}

public class telling_the_other_services
{
    [Fact]
    public void says_what_each_answer_was()
    {
        Told(new AdmissionEvent.Granted(World.Acme, "Acme", "CRM", "Editor", World.Plan, 365))
            .ShouldBe(new Contracts.Subscriptions.InvitationAdmitted(World.Id(500), World.Acme, "Acme", "CRM", "Editor", 365));
        Told(new AdmissionEvent.Refused(World.Acme, RefusalKind.NotFound, "organization-not-found", "No."))
            .ShouldBe(new Contracts.Subscriptions.InvitationRefused(World.Id(500), World.Acme, "notFound", "organization-not-found", "No."));
        Told(new AdmissionEvent.Withdrawn(World.Acme, "revoked")).ShouldBe(new Contracts.Subscriptions.WithdrawalSettled(World.Id(500), World.Acme));
        Told(new AdmissionEvent.Confirmed(World.Acme, World.Plan, World.Member))
            .ShouldBe(new Contracts.Subscriptions.SeatConfirmed(World.Id(500), World.Acme, World.Plan, World.Member));
    }

    [Fact]
    public void says_all_that_a_user_has_in_an_organization() => Told(new OrganizationEvent.PermissionsGranted(World.Acme, World.Member, []))
        .ShouldBeOfType<Contracts.Subscriptions.OrganizationAccessChanged>().Permissions.ShouldBeEmpty();

    [Fact]
    public void keeps_the_seats_to_itself() => Told(World.Reserved(1)).ShouldBeNull();

    private static object? Told(object happened) => Integration.Publish.From(new RecordedEvent(
        World.Id(1), Admission.StreamOf(World.Id(500), World.Acme), 1, "any", happened, default, new EventMetadata()));
}
