using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Identity.Integration;

/// <summary>What people are told about their accounts (NOT-02). Pure: the secret in a message is made by its sender, from the notice's id (NOT-04).</summary>
internal static class Notices
{
    public static object? Map(RecordedEvent happened) => happened.Data switch
    {
        UserEvent.Registered { How: RegisteredBy.Administrator } e => Due(happened.Id, NoticeKind.AccountCreated, e.UserId, happened),
        UserEvent.SystemRoleChanged e => Due(happened.Id, NoticeKind.RoleChanged, e.UserId, happened, ("from", e.From.ToText()), ("to", e.To.ToText())),
        UserEvent.PasswordResetRequested e => Due(e.NoticeId, NoticeKind.PasswordReset, e.UserId, happened) with { ExpiresAt = e.ExpiresAt },
        UserEvent.PasswordReplaced e => Due(happened.Id, NoticeKind.PasswordChanged, e.UserId, happened),
        DigitalIdentityEvent.Validated e => Due(happened.Id, NoticeKind.IdentityReviewed, e.UserId, happened, ("what", "validated")),
        DigitalIdentityEvent.Returned e => Due(happened.Id, NoticeKind.IdentityReviewed, e.UserId, happened, ("what", "returned")),
        _ => null,
    };

    private static NoticeDue Due(Guid id, string kind, Guid recipient, RecordedEvent happened, params (string Name, string Value)[] facts) => new(
        id, kind, recipient, OrganizationId: null, facts.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal), happened.Timestamp, ExpiresAt: null);
}
