using FsCheck;
using FsCheck.Fluent;
using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "ROL-07")]
public class roles_that_exclude_each_other
{
    private static readonly Role[] All = Enum.GetValues<Role>();
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(500);

    private static Gen<(bool Give, Role Role)> Command { get; } = from give in Gen.Elements(true, true, false) from role in Gen.Elements(All) select (give, role);

    /// <summary>What somebody holds after commands: each is done when nothing is in the way, and refused otherwise.</summary>
    private static HashSet<Role> After(IEnumerable<(bool Give, Role Role)> commands, HashSet<Role> from)
    {
        var held = from.ToHashSet();
        foreach (var (give, role) in commands)
        {
            if (!give && !role.IsSystemRole())
                held.Remove(role);
            else if (give && (role.CanBeSet() || !role.IsSystemRole()) && Roles.InTheWayOf(role, held).Count == 0)
                Take(held, role);
        }

        return held;
    }

    private static void Take(HashSet<Role> held, Role role)
    {
        if (role.IsSystemRole())
            held.RemoveWhere(Roles.IsSystemRole);
        held.Add(role);
    }

    [Fact]
    [Trait("Feature", "ROL-02")]
    public void are_never_held_together_whatever_is_asked_for_in_whatever_order() => Prop.ForAll(
        Command.ListOf().ToArbitrary(),
        Gen.Elements(Role.Guest, Role.ServiceAdmin).ToArbitrary(),
        (commands, first) => Roles.AreLegal(After(commands, [first]))).Check(Config);

    [Fact]
    [Trait("Feature", "ROL-03")]
    public void are_all_named_by_the_refusal_and_nothing_else_has_to_go() => Prop.ForAll(
        Command.ListOf().ToArbitrary(),
        Gen.Elements(Role.Guest, Role.ServiceAdmin).ToArbitrary(),
        Gen.Elements(All.Where(r => r != Role.ServiceAdmin).ToArray()).ToArbitrary(),
        (commands, first, wanted) =>
        {
            var held = After(commands, [first]);
            var inTheWay = Roles.InTheWayOf(wanted, held);
            var enough = held.Except(inTheWay).ToHashSet();
            if (!enough.Any(Roles.IsSystemRole))
                enough.Add(Role.Guest); // ROL-05: whoever is no Service admin any more is a Guest again.
            return inTheWay.All(held.Contains) && Roles.InTheWayOf(wanted, enough).Count == 0
                && inTheWay.All(one => Roles.InTheWayOf(wanted, enough.Append(one)).SequenceEqual([one]));
        }).Check(Config);

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
    public void are_in_the_way(string wanted, string held, string inTheWay) =>
        string.Join(", ", Roles.InTheWayOf(Enum.Parse<Role>(wanted, ignoreCase: true), held.Split(", ").Select(r => Enum.Parse<Role>(r, ignoreCase: true)))
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
