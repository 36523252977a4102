using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Subscriptions.Features;

/// <summary>What giving and taking back a role at an organization have in common.</summary>
internal static class Appointing
{
    /// <summary>The organization, and the caller's own appointment as the administrator who appoints its people in a role.</summary>
    public static async Task<(Organization Organization, Appointment Caller)> Gather(
        EventSession session, Guid organizationId, string role, CurrentUser user, CancellationToken ct)
    {
        var administrator = HeldRole.AdministratorOf(HeldRole.KindFor(role));
        return (
            await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(organizationId), ct: ct) ?? Organization.Initial,
            await session.AggregateStream<Appointment, AppointmentEvent>(Appointment.StreamOf(administrator, organizationId, user.Id), ct: ct)
                ?? Appointment.Initial);
    }

    /// <summary>Why somebody may not give or take back a role here: administrators take a founder, people also their administrator.</summary>
    /// <param name="organization">Where.</param>
    /// <param name="role">The role.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="isSystemAdmin">Whether they are a System admin.</param>
    /// <param name="caller">Their own appointment as an administrator here.</param>
    public static Refusal? WhyNotAppoint(this Organization organization, string role, Guid by, bool isSystemAdmin, Appointment caller)
    {
        var administers = caller.Status == AppointmentStatus.Granted;
        return organization.WhyNotFounder(by, isSystemAdmin) switch
        {
            null => null,
            _ when organization.Exists && administers && !HeldRole.Administrators.Contains(role) => null,
            _ when organization.Exists && administers => new NotPermitted("a System admin or the founder"),
            NotPermitted when !HeldRole.Administrators.Contains(role) =>
                new NotPermitted($"a System admin, the founder or a {HeldRole.AdministratorOf(HeldRole.KindFor(role))}"),
            var no => no,
        };
    }

    /// <summary>Why an organization can't have somebody in a role: a supplier has some, a customer others.</summary>
    public static Refusal? WhyNotHave(this Organization organization, string role) => HeldRole.KindFor(role) switch
    {
        var kind when organization.Kinds.Contains(kind) => null,
        OrganizationKind.Supplier => new NotASupplier(organization.Name),
        _ => new NotACustomer(organization.Name),
    };
}
