using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "ROL-06")]
public class assigning_an_applicant
{
    [Fact]
    public void states_all_that_the_user_has_afterwards()
    {
        var assigned = AssignApplicant.Decide(World.Organization(), new(World.Registrar, Assigned: true, "applicant")).OnlyEvent();
        assigned.ShouldBeOfType<OrganizationEvent.ApplicantAssigned>().Access.ShouldBe(["applicant", "user_registration"]);

        var unassigned = AssignApplicant.Decide(World.Organization(assigned), new(World.Registrar, Assigned: false, SystemRole: null)).OnlyEvent();
        unassigned.ShouldBeOfType<OrganizationEvent.ApplicantUnassigned>().Access.ShouldBe(["user_registration"]);
    }

    [Fact]
    public void happens_once() => AssignApplicant.Decide(World.Organization(), new(World.Applicant, Assigned: true, "applicant")).ShouldBeNothing();

    [Fact]
    public void taken_back_twice_is_taken_back_once() => AssignApplicant.Decide(World.Organization(), new(World.Member, Assigned: false, SystemRole: null)).ShouldBeNothing();

    [Fact]
    public void needs_a_customer() => AssignApplicant.Decide(
            World.State<Organization, OrganizationEvent>(new OrganizationEvent.Created(World.Acme, "Acme", ["supplier"])), new(World.Applicant, Assigned: true, "applicant"))
        .ShouldBeRefused("not-a-customer");

    [Theory]
    [InlineData("guest", "'guest'")]
    [InlineData(null, "no such user")]
    public void needs_an_Applicant(string? role, string said) =>
        AssignApplicant.Decide(World.Organization(), new(World.Member, Assigned: true, role)).ShouldBeRefused("not-an-applicant").Detail.ShouldContain(said);

    [Fact]
    public void needs_an_organization() =>
        AssignApplicant.Decide(Organization.Initial, new(World.Applicant, Assigned: true, "applicant")).ShouldBeRefused("organization-not-found");
}

[Trait("Feature", "SUB-01")]
public class granting_permissions
{
    [Fact]
    public void sets_them_and_leaves_the_assignment() => Grant(World.Applicant, ["member"], World.Admin, admin: true).OnlyEvent()
        .ShouldBeOfType<OrganizationEvent.PermissionsGranted>().Access.ShouldBe(["applicant", "member"]);

    [Fact]
    public void of_what_is_there_changes_nothing() => Grant(World.Registrar, ["user_registration"], World.Founder).ShouldBeNothing();

    [Fact]
    public void is_the_founders_right() => Grant(World.Member, ["member", "can_bulk_invite"], World.Founder).OnlyEvent()
        .ShouldBeOfType<OrganizationEvent.PermissionsGranted>().Access.ShouldBe(["can_bulk_invite", "member"]);

    [Fact]
    public void is_not_everybodys() => Grant(World.Registrar, ["member"], World.Registrar).ShouldBeRefused("not-permitted");

    [Fact]
    public void is_not_found_by_a_stranger() => Grant(World.Member, ["member"], World.Stranger).ShouldBeRefused("organization-not-found");

    [Fact]
    public void never_makes_or_unmakes_a_founder_but_by_an_admin()
    {
        Grant(World.Member, ["founder"], World.Founder).ShouldBeRefused("not-permitted");
        Grant(World.Founder, ["member"], World.Founder).ShouldBeRefused("not-permitted");
        Grant(World.Member, ["founder"], World.Admin, admin: true).OnlyEvent();
    }

    [Fact]
    public void leaves_the_last_founder_unless_an_admin_forces_it()
    {
        Grant(World.Founder, [], World.Admin, admin: true).ShouldBeRefused("last-founder");
        GrantPermissions.Decide(World.Organization(), new(World.Founder, [], World.Admin, BySystemAdmin: true, Force: true)).OnlyEvent();
        GrantPermissions.Decide(World.Organization(), new(World.Founder, [], World.Founder, BySystemAdmin: false, Force: true)).ShouldBeRefused("not-permitted");

        var two = World.Organization(new OrganizationEvent.PermissionsGranted(World.Acme, World.Member, ["founder"]));
        GrantPermissions.Decide(two, new(World.Founder, ["member"], World.Admin, BySystemAdmin: true)).OnlyEvent();
    }

    [Fact]
    public void of_nothing_ends_it()
    {
        var ended = Grant(World.Member, [], World.Founder).OnlyEvent();
        World.Organization(ended).AccessOf(World.Member).ShouldBeEmpty();
    }

    private static EventStore.Decision<OrganizationEvent> Grant(Guid user, string[] permissions, Guid by, bool admin = false) =>
        GrantPermissions.Decide(World.Organization(), new(user, permissions, by, admin));
}

[Trait("Feature", "SUB-02")]
public class entitling_to_an_app
{
    [Fact]
    public void happens_once()
    {
        var organization = World.State<Organization, OrganizationEvent>(new OrganizationEvent.Created(World.Acme, "Acme", ["business"]));
        var entitled = EntitleApp.Decide(organization, World.App(), new(World.Crm)).OnlyEvent();
        EntitleApp.Decide(organization.Apply(entitled), World.App(), new(World.Crm)).ShouldBeNothing();
    }

    [Fact]
    public void needs_both() 
    {
        EntitleApp.Decide(Organization.Initial, World.App(), new(World.Crm)).ShouldBeRefused("organization-not-found");
        EntitleApp.Decide(World.Organization(), app: null, new(World.Id(99))).ShouldBeRefused("app-not-found");
    }
}
