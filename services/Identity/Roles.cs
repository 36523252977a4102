namespace InviteHub.Identity;

/// <summary>The roles there are (ROL-01): exactly one of the first five, the system roles, and any legal set of the others.</summary>
internal enum Role
{
    Guest,
    SystemAdmin,
    EconomyAdmin,
    Applicant,
    ServiceAdmin,
    SupplierAdmin,
    CustomerAdmin,
    Professional,
    Mentor,
    Attendee,

    /// <summary>A role of an app, tied to a subscription.</summary>
    App,
}

/// <summary>Which roles go together: pure functions over the set of roles that somebody holds (ROL-02, ROL-03, ROL-07).</summary>
internal static class Roles
{
    /// <summary>Whether it is one of those of which everybody has exactly one.</summary>
    public static bool IsSystemRole(this Role role) => role is Role.Guest or Role.SystemAdmin or Role.EconomyAdmin or Role.Applicant or Role.ServiceAdmin;

    /// <summary>Whether an administrator may set it; Service admin comes from a service alone (ROL-03, ROL-05).</summary>
    public static bool CanBeSet(this Role role) => role.IsSystemRole() && role != Role.ServiceAdmin;

    /// <summary>Whether organizations and services give it (ROL-05, ROL-06).</summary>
    public static bool IsAssigned(this Role role) =>
        role is Role.SupplierAdmin or Role.CustomerAdmin or Role.Professional or Role.Mentor or Role.ServiceAdmin;

    /// <summary>
    /// The roles to remove before somebody can have another one, in the order of ROL-01; empty when nothing is in the way.
    /// A system role replaces the earlier one, but not Service admin, which goes with its last service.
    /// </summary>
    public static IReadOnlyList<Role> InTheWayOf(Role wanted, IReadOnlyCollection<Role> held)
    {
        if (held.Contains(wanted))
            return [];
        Func<Role, bool> isInTheWay = wanted switch
        {
            // Both demand more than that the roles may be held together: ROL-05, ROL-03.
            Role.ServiceAdmin => role => role != Role.Guest,
            Role.Applicant when held.Contains(Role.Mentor) => role => role is not (Role.Guest or Role.Mentor),
            _ => role => Exclude(wanted, role) || (wanted.CanBeSet() && role == Role.ServiceAdmin),
        };
        return [.. held.Where(isInTheWay).Distinct().Order()];
    }

    /// <summary>Whether somebody may hold these at once.</summary>
    public static bool AreLegal(IReadOnlyCollection<Role> held) =>
        held.Count(IsSystemRole) == 1 && held.All(one => held.All(other => !Exclude(one, other)));

    /// <summary>As it is written in the API, in tokens and in messages: <c>systemAdmin</c>.</summary>
    public static string ToText(this Role role)
    {
        var name = role.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The role that <see cref="ToText"/> wrote, or null.</summary>
    public static Role? Read(string text) => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(role => role!.Value.ToText() == text);

    private static bool Exclude(Role one, Role other) => SystemExcludes(one, other) || SystemExcludes(other, one);

    // ROL-02, with its one exception. App roles belong to subscriptions and go with everything.
    private static bool SystemExcludes(Role system, Role other) =>
        system.IsSystemRole() && system != Role.Guest
        && other is Role.SupplierAdmin or Role.CustomerAdmin or Role.Professional or Role.Mentor or Role.Attendee
        && (system, other) != (Role.Applicant, Role.Mentor);
}
