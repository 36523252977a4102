using FsCheck;
using FsCheck.Fluent;
using InviteHub.EventStore;
using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "ROL-07")]
public class roles_that_exclude_each_other
{
    private static readonly Role[] All = Enum.GetValues<Role>();
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static readonly Guid[] Requests = [.. Enumerable.Range(0, 6).Select(_ => Some.Id())];

    /// <summary>Somebody asks that one of three users have a role, or lose one; the same request may come again, and by another user.</summary>
    private sealed record Asked(int User, int Request, Role Role, bool Ends);

    private static Gen<Asked> Command { get; } =
        from user in Gen.Choose(0, 2)
        from request in Gen.Choose(0, Requests.Length - 1)
        from role in Gen.Elements(All.Where(r => r.CanBeSet() || r.IsAssigned() || r == Role.App).ToArray())
        from ends in Gen.Elements(false, false, true)
        select new Asked(user, request, role, ends);

    /// <summary>Users as commands leave them, each decided by the feature that it belongs to.</summary>
    private sealed class House
    {
        public User[] Users { get; } = [Some.User(Role.SystemAdmin), Some.User(), Some.User()];

        private SystemAdmins _admins = SystemAdmins.Initial;

        public House() => _admins = _admins.Apply(new SystemAdminsEvent.Added(Users[0].Id));

        public Decision<UserEvent> Decide(Asked c, User user) => c switch
        {
            { Ends: true } => EndRole.Decide(user, new(Requests[c.Request], user.Id, c.Role.ToText(), Requests[0], By: user.Id)),
            { Role: Role.App } => ProvisionAccount.Decide(
                user, Some.Registration(user: user.Id, invitation: Requests[c.Request]).WithAccess(subscription: Requests[c.Request]) with { IsExistingUser = true }),
            _ when c.Role.CanBeSet() => ChangeSystemRole.Decide(user, _admins, new(c.Role, By: user.Id)),
            _ => AssignRole.Decide(user, RoleAssignment.Initial, new(Requests[c.Request], user.Id, c.Role.ToText(), Requests[0], By: user.Id)),
        };

        public Decision<UserEvent> Do(Asked c)
        {
            var decision = Decide(c, Users[c.User]);
            Users[c.User] = Users[c.User].Told(decision.Events);
            _admins = decision.Events.SelectMany(ChangeSystemRole.Follow).Aggregate(_admins, (a, e) => a.Apply(e));
            return decision;
        }

        /// <summary>The user without some of their roles.</summary>
        public static User Without(User user, IEnumerable<Role> roles) => roles.Aggregate(user, (u, role) => role switch
        {
            Role.App => Some.User(u.SystemRole, u.Id).Told(u.AssignedRoles.Select(r => new UserEvent.RoleGranted(r.RequestId, r.Role, r.HolderId, u.Id))),
            _ when role.IsAssigned() => u.AssignedRoles.Where(r => r.Role == role)
                .Aggregate(u, (v, r) => v.Told(EndRole.Decide(v, new(r.RequestId, v.Id, role.ToText(), r.HolderId, v.Id)).Events)),
            _ => u.Told(ChangeSystemRole.To(u, Role.Guest, u.Id, "test")),
        });
    }

    private static void Holds(Func<House, Asked, Decision<UserEvent>, User, bool> always) => Prop.ForAll(
        Command.ListOf().ToArbitrary(),
        commands =>
        {
            var house = new House();
            return commands.All(c =>
            {
                var before = house.Users[c.User];
                return always(house, c, house.Do(c), before);
            });
        }).Check(Config);

    [Fact]
    [Trait("Feature", "ROL-02")]
    public void are_never_held_together_whatever_is_asked_for_in_whatever_order() => Holds((house, _, _, _) => house.Users.All(u => Roles.AreLegal(u.Roles)));

    [Fact]
    [Trait("Feature", "ROL-05")]
    public void make_a_Service_admin_of_whoever_has_a_service_and_a_Guest_of_whoever_has_none() => Holds((house, _, _, _) => house.Users.All(
        u => (u.SystemRole == Role.ServiceAdmin) == u.AssignedRoles.Exists(r => r.Role == Role.ServiceAdmin)));

    [Fact]
    public void change_nothing_when_the_same_is_asked_for_again() => Holds((house, c, decision, _) =>
        decision.Refusal is not null || house.Decide(c, house.Users[c.User]) is { Events.Count: 0, Refusal: null });

    [Fact]
    [Trait("Feature", "ROL-03")]
    public void are_all_named_by_the_refusal_and_nothing_else_has_to_go() => Holds((house, c, decision, user) =>
        decision.Refusal is not RoleConflict { InTheWay: var inTheWay }
        || (inTheWay.All(user.Roles.Contains)
            && house.Decide(c, House.Without(user, inTheWay)).Refusal is null
            && inTheWay.All(one => house.Decide(c, House.Without(user, inTheWay.Where(r => r != one))).Refusal is RoleConflict { InTheWay: [var left] } && left == one)));

    [Theory]
    [Trait("Feature", "ROL-03")]
    [InlineData("systemAdmin", "guest, mentor, supplierAdmin", "supplierAdmin, mentor")]
    [InlineData("applicant", "guest, mentor", "")]
    [InlineData("applicant", "guest, mentor, attendee", "attendee")]
    [InlineData("economyAdmin", "serviceAdmin, app", "serviceAdmin")]
    [InlineData("guest", "serviceAdmin", "serviceAdmin")]
    [InlineData("guest", "applicant, mentor", "")]
    [InlineData("systemAdmin", "economyAdmin, app", "")]
    [InlineData("professional", "applicant, mentor", "applicant")]
    [InlineData("app", "systemAdmin", "")]
    [InlineData("applicant", "guest, mentor, app", "app")]
    [InlineData("applicant", "guest, app", "")]
    [InlineData("mentor", "applicant, app", "")]
    [InlineData("attendee", "economyAdmin", "economyAdmin")]
    [InlineData("serviceAdmin", "guest", "")]
    [InlineData("serviceAdmin", "serviceAdmin, app", "")]
    [InlineData("serviceAdmin", "economyAdmin, app", "economyAdmin, app")]
    [InlineData("serviceAdmin", "guest, mentor, attendee", "mentor, attendee")]
    public void are_in_the_way(string wanted, string held, string inTheWay) =>
        string.Join(", ", Roles.InTheWayOf(Enum.Parse<Role>(wanted, ignoreCase: true), [.. held.Split(", ").Select(r => Enum.Parse<Role>(r, ignoreCase: true))])
            .Select(Roles.ToText)).ShouldBe(inTheWay);

    [Fact]
    public void leave_a_System_admin_in_any_order_of_changes() => Prop.ForAll(
        (from user in Gen.Choose(0, 3) from role in Gen.Elements(All.Where(Roles.CanBeSet).ToArray()) select (user, role)).ListOf().ToArbitrary(),
        commands =>
        {
            var users = Enumerable.Range(0, 4).Select(n => Some.User(n == 0 ? Role.SystemAdmin : Role.Guest)).ToArray();
            var admins = SystemAdmins.Initial.Apply(new SystemAdminsEvent.Added(users[0].Id));
            foreach (var (n, role) in commands)
            {
                var command = new ChangeSystemRole.Command(role, By: users[0].Id);
                var decision = ChangeSystemRole.Decide(users[n], admins, command);
                users[n] = users[n].Told(decision.Events);
                admins = decision.Events.SelectMany(ChangeSystemRole.Follow).Aggregate(admins, (a, e) => a.Apply(e));
                var refusedRightly = decision.Refusal is null || (decision.Refusal is LastSystemAdmin && admins.Ids.SetEquals([users[n].Id]));
                var onceOnly = decision.Refusal is not null || ChangeSystemRole.Decide(users[n], admins, command).Events.Count == 0;
                if (!refusedRightly || !onceOnly || !admins.Ids.SetEquals(users.Where(u => u.SystemRole == Role.SystemAdmin).Select(u => u.Id)))
                    return false;
            }

            return admins.Ids.Count > 0;
        }).Check(Config);

    [Fact]
    public void are_nobodys_who_is_not_there() =>
        ChangeSystemRole.Decide(User.Initial, SystemAdmins.Initial, new(Role.Applicant, Some.Id())).Refusal.ShouldBe(new UserNotFound());

    [Fact]
    public void are_listed_in_the_refusals_sentence() =>
        new RoleConflict(Role.SystemAdmin, [Role.SupplierAdmin, Role.Mentor]).Detail.ShouldContain("remove first: supplierAdmin, mentor.");
}
