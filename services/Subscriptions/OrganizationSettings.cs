namespace InviteHub.Subscriptions;

/// <summary>What an organization chose for itself, with the defaults of one that chose nothing (SUB-01).</summary>
internal sealed record OrganizationSettings
{
    /// <summary>How long a link lives (INV-05).</summary>
    public int InvitationValidForDays { get; init; } = 365;

    /// <summary>How people may be invited (INV-14); one of <see cref="InvitationChannels"/>.</summary>
    public string Channels { get; init; } = InvitationChannels.Email;

    /// <summary>The domains that may be invited, in ASCII; any when empty (INV-23).</summary>
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>How many invitations may go out in an hour; null when as many as are asked for (INV-23).</summary>
    public int? HourlyInvitationLimit { get; init; }

    /// <summary>Whether a second person approves each invitation (INV-23).</summary>
    public bool RequiresApproval { get; init; }

    /// <summary>Who may invite to its apps and its workspace; one of <see cref="Subscriptions.WhoMayInvite"/>.</summary>
    public string WhoMayInvite { get; init; } = Subscriptions.WhoMayInvite.Authorized;

    /// <summary>Whether its apps are closed to accounts without a validated identity (IDN-01).</summary>
    public bool RequiresValidatedIdentity { get; init; }

    /// <summary>Whether messages may carry one-time passwords instead of links (INV-14).</summary>
    public bool OneTimePasswords { get; init; }

    /// <summary>How many days before the end an invitee is reminded, most first; never when empty (INV-22).</summary>
    public IReadOnlyList<int> ReminderDays { get; init; } = [];

    /// <summary>How its messages look (NOT-02).</summary>
    public Branding Branding { get; init; } = new();

    /// <summary>By value: the lists by what they hold.</summary>
    public bool Equals(OrganizationSettings? other) => other is not null && Fields().SequenceEqual(other.Fields());

    /// <inheritdoc/>
    public override int GetHashCode() => Fields().Aggregate(0, HashCode.Combine);

    /// <summary>Each setting as a text under its name in the API: to compare two, and for the log.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Fields() => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["invitationValidForDays"] = $"{InvitationValidForDays}",
        ["channels"] = Channels,
        ["allowedDomains"] = string.Join(", ", AllowedDomains),
        ["hourlyInvitationLimit"] = $"{HourlyInvitationLimit}",
        ["requiresApproval"] = YesNo(RequiresApproval),
        ["whoMayInvite"] = WhoMayInvite,
        ["requiresValidatedIdentity"] = YesNo(RequiresValidatedIdentity),
        ["oneTimePasswords"] = YesNo(OneTimePasswords),
        ["reminderDays"] = string.Join(", ", ReminderDays),
        ["branding.name"] = Branding.Name,
        ["branding.logoUrl"] = Branding.LogoUrl,
        ["branding.color"] = Branding.Color,
        ["branding.words"] = Branding.Words,
    };

    private static string YesNo(bool value) => value ? "yes" : "no";
}

/// <summary>How an organization's messages look; what is null is InviteHub's own.</summary>
/// <param name="Name">The name that messages are signed with.</param>
/// <param name="LogoUrl">An https address of the logo.</param>
/// <param name="Color">As <c>#rrggbb</c>, dark enough for white text.</param>
/// <param name="Words">What messages close with.</param>
internal sealed record Branding(string? Name = null, string? LogoUrl = null, string? Color = null, string? Words = null);

/// <summary>How people may be invited.</summary>
internal static class InvitationChannels
{
    public const string Email = "email";
    public const string EmailAndSms = "emailAndSms";

    public static IReadOnlyList<string> All { get; } = [Email, EmailAndSms];
}

/// <summary>Who may invite to an organization's apps and its workspace.</summary>
internal static class WhoMayInvite
{
    /// <summary>Founders alone.</summary>
    public const string Founders = "founders";

    /// <summary>Founders, and those whom they gave the permission.</summary>
    public const string Authorized = "authorized";

    /// <summary>Every member.</summary>
    public const string Members = "members";

    public static IReadOnlyList<string> All { get; } = [Founders, Authorized, Members];
}
