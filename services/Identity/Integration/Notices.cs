using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Identity.Integration;

/// <summary>What people are told about their account (NOT-02). Pure: the secret in a message is made by its sender, from the notice's id (NOT-04).</summary>
internal static class Notices
{
    private static readonly Dictionary<string, string> NoFacts = [];

    public static object? Map(RecordedEvent happened) => happened.Data switch
    {
        UserEvent.PasswordResetRequested e => Due(e.NoticeId, NoticeKind.PasswordReset, e.UserId, happened, e.ExpiresAt),
        UserEvent.PasswordReplaced e => Due(happened.Id, NoticeKind.PasswordChanged, e.UserId, happened),
        TwoFactorEvent.EmailCodeDue e => Due(e.NoticeId, NoticeKind.TwoFactorCode, e.UserId, happened, e.ExpiresAt),
        _ => null,
    };

    private static NoticeDue Due(Guid id, string kind, Guid recipient, RecordedEvent happened, DateTimeOffset? expiresAt = null) =>
        new(id, kind, recipient, OrganizationId: null, NoFacts, happened.Timestamp, expiresAt);
}
