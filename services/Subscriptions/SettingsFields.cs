using System.Globalization;
using InviteHub.Contracts;
using InviteHub.ServiceDefaults;

namespace InviteHub.Subscriptions;

/// <summary>What each of an organization's settings must be.</summary>
internal static class SettingsFields
{
    /// <summary>WCAG 2.2, 1.4.3: the least contrast of text, white here, to what is behind it.</summary>
    private const double LeastContrast = 4.5;

    /// <summary>The settings as they are kept: domains in ASCII, lists in order and without doubles, empty texts as none.</summary>
    public static OrganizationSettings Read(OrganizationSettings given, FieldErrors errors)
    {
        errors.Demand(given.InvitationValidForDays is >= 1 and <= 730, "invitationValidForDays", "1 to 730 days");
        errors.Demand(InvitationChannels.All.Contains(given.Channels), "channels", $"one of {string.Join(", ", InvitationChannels.All)}");
        errors.Demand(given.HourlyInvitationLimit is null or (>= 1 and <= 1_000_000), "hourlyInvitationLimit", "1 to 1,000,000, or null for no limit");
        errors.Demand(WhoMayInvite.All.Contains(given.WhoMayInvite), "whoMayInvite", $"one of {string.Join(", ", WhoMayInvite.All)}");
        errors.Demand(given.AllowedDomains.Count <= 100, "allowedDomains", "at most 100 domains");
        errors.Demand(given.ReminderDays.Count <= 5, "reminderDays", "at most 5 reminders");
        errors.Demand(
            given.ReminderDays.All(days => days >= 1 && days < given.InvitationValidForDays),
            "reminderDays", "each at least 1 day before the end, and fewer days than an invitation lives");
        return given with
        {
            AllowedDomains = [.. given.AllowedDomains.Select(domain => Domain(domain, errors)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            ReminderDays = [.. given.ReminderDays.Distinct().OrderDescending()],
            Branding = new(
                Text(given.Branding.Name, "branding.name", 100, mayBreakLines: false, errors), LogoUrl(given.Branding.LogoUrl, errors),
                Color(given.Branding.Color, errors), Text(given.Branding.Words, "branding.words", 1000, mayBreakLines: true, errors)),
        };
    }

    private static string Domain(string? given, FieldErrors errors)
    {
        var typed = (given ?? "").Trim().TrimStart('@');
        if (EmailAddress.TryParse($"somebody@{typed}", out var address, out var reason))
            return address.Domain;
        errors.Add("allowedDomains", reason);
        return typed;
    }

    private static string? Text(string? given, string field, int longest, bool mayBreakLines, FieldErrors errors)
    {
        var text = given?.Trim();
        errors.Demand(text is null || text.Length <= longest, field, $"at most {longest} characters");
        errors.Demand(
            text is null || !text.Any(c => char.IsControl(c) && !(mayBreakLines && c == '\n')), field,
            mayBreakLines ? "no control characters but line breaks" : "no line breaks or other control characters");
        return text is "" ? null : text;
    }

    private static string? LogoUrl(string? given, FieldErrors errors)
    {
        if (Text(given, "branding.logoUrl", 500, mayBreakLines: false, errors) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "https", UserInfo: "", Host.Length: > 0 })
            return url.AbsoluteUri;
        errors.Add("branding.logoUrl", "an address that begins with https://, without a name or password in it");
        return null;
    }

    private static string? Color(string? given, FieldErrors errors)
    {
        var text = given?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(text))
            return null;
        if (text is not ['#', _, _, _, _, _, _] || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
        {
            errors.Add("branding.color", "a colour as #rrggbb");
            return null;
        }

        var contrast = 1.05 / (Luminance(rgb) + 0.05);
        errors.Demand(contrast >= LeastContrast, "branding.color", string.Create(
            CultureInfo.InvariantCulture, $"white text on it has a contrast of {contrast:0.0} to 1; readable is {LeastContrast} and more: choose a darker one"));
        return text;
    }

    /// <summary>WCAG 2.2, relative luminance.</summary>
    private static double Luminance(int rgb)
    {
        return (0.2126 * Linear(rgb >> 16)) + (0.7152 * Linear(rgb >> 8)) + (0.0722 * Linear(rgb));

        static double Linear(int channel)
        {
            var c = (channel & 0xff) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
    }
}
