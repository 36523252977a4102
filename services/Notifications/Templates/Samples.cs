using InviteHub.Contracts;

namespace InviteHub.Notifications.Templates;

/// <summary>Every message with made-up facts, to look at before somebody gets one (NOT-02). Pure.</summary>
internal static class Samples
{
    private const string PublicUrl = "https://invitehub.example";
    private static readonly DateTimeOffset Until = new(2030, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Details = new(StringComparer.Ordinal)
    {
        ["from"] = "guest", ["to"] = "applicant", ["app"] = "Timesheets", ["plan"] = "Standard", ["used"] = "25", ["limit"] = "25",
        ["what"] = "ended", ["total"] = "1200", ["done"] = "1187", ["failed"] = "13",
    };

    /// <summary>The languages that every message is in.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "sv"];

    /// <summary>Each message by its kind: how it reads in a language.</summary>
    public static IReadOnlyDictionary<string, Func<string, Letter>> All { get; } = new Dictionary<string, Func<string, Letter>>(StringComparer.Ordinal)
    {
        ["customerInvitation"] = language => Invite(language, "customer"),
        ["accessInvitation"] = language => Invite(language, "access"),
        ["workspaceInvitation"] = language => Invite(language, "workspace"),
        ["accountInvitation"] = language => Invite(language, "account"),
        ["accountInvitationWithPassword"] = language => Invite(language, "account", password: "aB3dE5gH7jK9"),
        ["invitationReminder"] = language => Invite(language, "access", isReminder: true),
        [NoticeKind.AccountCreated] = language => Tell(language, NoticeKind.AccountCreated),
        [NoticeKind.EmailVerification] = language => Tell(language, NoticeKind.EmailVerification),
        [NoticeKind.PasswordReset] = language => Tell(language, NoticeKind.PasswordReset),
        [NoticeKind.PasswordChanged] = language => Tell(language, NoticeKind.PasswordChanged),
        [NoticeKind.TwoFactorCode] = language => Tell(language, NoticeKind.TwoFactorCode),
        [NoticeKind.RoleChanged] = language => Tell(language, NoticeKind.RoleChanged),
        [NoticeKind.InvitationEnded] = language => Tell(language, NoticeKind.InvitationEnded),
        [NoticeKind.BulkFinished] = language => Tell(language, NoticeKind.BulkFinished),
        [NoticeKind.IdentityReviewed] = language => Tell(language, NoticeKind.IdentityReviewed),
        [NoticeKind.SeatLimitReached] = language => Tell(language, NoticeKind.SeatLimitReached),
        [NoticeKind.SubscriptionStopped] = language => Tell(language, NoticeKind.SubscriptionStopped),
        [NoticeKind.RemovalRequested] = language => Tell(language, NoticeKind.RemovalRequested),
        [NoticeKind.Anonymized] = language => Tell(language, NoticeKind.Anonymized),
    };

    /// <summary>Those that go by SMS too: how each reads in a language.</summary>
    public static IReadOnlyDictionary<string, Func<string, string>> Texts { get; } = new Dictionary<string, Func<string, string>>(StringComparer.Ordinal)
    {
        ["customerInvitation"] = language => Text(language, "customer"),
        ["accessInvitation"] = language => Text(language, "access"),
    };

    private static string Text(string language, string way) => InvitationText.Write(
        new(language, way, "Robin Example", "Example Ltd", "Timesheets", $"{PublicUrl}/registrations/an-example-of-a-link", Until), Brand.None);

    private static Letter Invite(string language, string way, bool isReminder = false, string? password = null) => Invitation.Write(new(
        language, way, "Kim", "Robin Example", "Example Ltd", "Timesheets", "Approver", $"{PublicUrl}/registrations/an-example-of-a-link", Until,
        way is "account" or "workspace" ? "kim" : null, isReminder, password), Brand.None);

    private static Letter Tell(string language, string kind) => Notice.Write(new(kind, language, "Kim", Details, PublicUrl, Code: "123456", Until), Brand.None)!;
}
