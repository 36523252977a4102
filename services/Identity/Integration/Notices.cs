using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Identity.Integration;

/// <summary>
/// What people are told about their accounts (NOT-02): event to notice, so that each goes out once. Pure: the secret in a message is made by
/// its sender, from the notice's id (NOT-04).
/// </summary>
internal static class Notices
{
    public static object? Map(RecordedEvent happened) => happened.Data switch
    {
        UserEvent.Registered { How: RegisteredBy.Administrator } e => Due(happened, NoticeKind.AccountCreated, e.UserId),
        UserEvent.SystemRoleChanged e => Due(happened, NoticeKind.RoleChanged, e.UserId, ("from", e.From.ToText()), ("to", e.To.ToText())),
        UserEvent.PasswordReplaced e => Due(happened, NoticeKind.PasswordChanged, e.UserId),
        UserEvent.PasswordResetRequested e => Due(happened, NoticeKind.PasswordReset, e.UserId) with { NoticeId = e.NoticeId, ExpiresAt = e.ExpiresAt },
        TwoFactorEvent.EmailCodeDue e => Due(happened, NoticeKind.TwoFactorCode, e.UserId) with { NoticeId = e.NoticeId, ExpiresAt = e.ExpiresAt },
        DigitalIdentityEvent.Validated e => Due(happened, NoticeKind.IdentityReviewed, e.UserId, ("what", "validated")),
        DigitalIdentityEvent.Returned e => Due(happened, NoticeKind.IdentityReviewed, e.UserId, ("what", "returned")),
        RemovalEvent.NoticeDue e => Due(happened, NoticeKind.RemovalRequested, e.AdminId),
        // A mail that can't be sent holds nothing up for longer.
        AnonymizationEvent.Requested e => Due(happened, NoticeKind.Anonymized, e.UserId) with { ExpiresAt = e.At + LastNoticeTakes },
        _ => null,
    };

    /// <summary>How long the last message is tried (GDP-05).</summary>
    private static readonly TimeSpan LastNoticeTakes = TimeSpan.FromMinutes(1);

    private static NoticeDue Due(RecordedEvent happened, string kind, Guid recipient, params (string Name, string Value)[] facts) => new(
        happened.Id, kind, recipient, OrganizationId: null, facts.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal), happened.Timestamp,
        ExpiresAt: null);
}
