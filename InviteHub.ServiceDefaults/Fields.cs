using InviteHub.Contracts;

namespace InviteHub.ServiceDefaults;

/// <summary>Rules of a person's fields wherever they are typed: each notes what is wrong and answers what is right.</summary>
public static class Fields
{
    private const int ShortestName = 2;
    private const int LongestName = 70;
    private const int ShortestUsername = 2;
    private const int LongestUsername = 64;

    /// <summary>An id that has to be given.</summary>
    public static Guid Required(Guid? id, string field, string reason, FieldErrors errors)
    {
        errors.Demand(id is { } given && given != Guid.Empty, field, reason);
        return id ?? Guid.Empty;
    }

    /// <summary>2–70 characters (INV-01), none of them a control character.</summary>
    public static string Name(string? text, string field, FieldErrors errors)
    {
        var name = text?.Trim() ?? "";
        errors.Demand(name.Length is >= ShortestName and <= LongestName, field, $"A name has {ShortestName} to {LongestName} characters.");
        errors.Demand(!name.Any(char.IsControl), field, "A name has no control characters in it.");
        return name;
    }

    /// <summary>A username that can be typed and said, when one is given.</summary>
    public static string? Username(string? text, string field, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var username = text.Trim();
        errors.Demand(
            username.Length is >= ShortestUsername and <= LongestUsername && username.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'),
            field, $"A username has {ShortestUsername} to {LongestUsername} of the letters a to z, digits, dots, hyphens and underscores.");
        return username;
    }

    /// <summary>An address that mail can be sent to.</summary>
    public static EmailAddress? Email(string? text, string field, FieldErrors errors)
    {
        if (!EmailAddress.TryParse(text, out var email, out var why))
            errors.Add(field, why);
        return email;
    }

    /// <summary>A phone number in E.164's form, when one is given (INV-15).</summary>
    public static string? Phone(string? text, string field, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (PhoneNumber.TryParse(text, out var phone, out var why))
            return phone.Value;
        errors.Add(field, why);
        return null;
    }

    /// <summary>Yes or no as files say it, in English or Swedish, when it is given.</summary>
    public static bool? YesOrNo(string? text, string field, FieldErrors errors)
    {
        switch (text?.Trim().ToLowerInvariant())
        {
            case null or "":
                return null;
            case "true" or "yes" or "ja" or "1":
                return true;
            case "false" or "no" or "nej" or "0":
                return false;
            default:
                errors.Add(field, "This is true or false (also yes or no, 1 or 0), or empty.");
                return null;
        }
    }

    /// <summary>A line of text, when one is given.</summary>
    public static string? Optional(string? text, string field, int longest, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var given = text.Trim();
        errors.Demand(given.Length <= longest && !given.Any(char.IsControl), field, $"At most {longest} characters, on one line.");
        return given;
    }

    /// <summary>A language that there are texts in, when one is given.</summary>
    public static string? Language(string? text, FieldErrors errors)
    {
        errors.Demand(text is null or "en" or "sv", "language", "The language is en or sv.");
        return text;
    }
}
