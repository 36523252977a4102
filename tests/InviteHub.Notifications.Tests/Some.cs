using InviteHub.Contracts;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;

namespace InviteHub.Notifications.Tests;

/// <summary>Facts for tests that only care for some of them.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public static readonly Guid Organization = new("01961e3a-0000-7000-8000-000000000001");

    public static DeliveryEvent.Queued Message(DateTimeOffset? expires = null, string email = "ada@example.com") => new(
        "invitation", "email", "en", new Guid("01961e3a-0000-7000-8000-000000000002"), 1, "customer", new Guid("01961e3a-0000-7000-8000-000000000003"),
        email, "Ada", null, "Acme", null, null, expires ?? Now.AddDays(365), Now);

    public static DeliveryEvent.NoticeQueued Notice(DateTimeOffset? expires = null) => new(
        NoticeKind.RoleChanged, "email", new Guid("01961e3a-0000-7000-8000-000000000004"), new Guid("01961e3a-0000-7000-8000-000000000003"),
        new Dictionary<string, string> { ["from"] = "guest", ["to"] = "applicant" }, expires, Now);

    public static NoticeDue Due(string kind, Guid recipient, DateTimeOffset? expires = null, params (string Name, string Value)[] facts) => new(
        NewId(), kind, recipient, OrganizationId: null, facts.ToDictionary(f => f.Name, f => f.Value), Now, expires);

    public static PersonChanged Person(string email, Guid? id = null, string firstName = "Ada", string language = "en") => new(
        id ?? NewId(), email, firstName, "Lovelace", Phone: null, language, "guest");

    public static Delivery Delivery(params DeliveryEvent[] happened) =>
        happened.Aggregate(Notifications.Delivery.Initial, (state, e) => state.Apply(e));

    public static Mailing Mailing(params MailingEvent[] happened) =>
        happened.Aggregate(Notifications.Mailing.Initial, (state, e) => state.Apply(e));

    public static InvitationOpened Opened(string email, string firstName = "Ada", string? invitedBy = null, int generation = 1, Guid? id = null) => new(
        id ?? NewId(), Organization, "access", generation, NewId(), email, firstName, "en", "Acme", "Payroll", "Clerk", invitedBy, Now.AddDays(365))
    {
        InvitedBy = invitedBy is null ? null : NewId(),
    };

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
