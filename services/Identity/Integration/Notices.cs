using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Identity.Integration;

/// <summary>What people are told of by e-mail or SMS.</summary>
internal static class Notices
{
    public static object? Map(RecordedEvent happened) => happened.Data switch
    {
        UserEvent.SystemRoleChanged e => new NoticeDue(
            happened.Id, NoticeKind.RoleChanged, e.UserId, OrganizationId: null,
            new Dictionary<string, string> { ["from"] = e.From.ToText(), ["to"] = e.To.ToText() }, happened.Timestamp, ExpiresAt: null),
        _ => null,
    };
}
