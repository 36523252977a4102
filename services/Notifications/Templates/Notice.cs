using InviteHub.Contracts;

namespace InviteHub.Notifications.Templates;

/// <summary>The mails that tell people what concerns them, in each language (NOT-02). Pure.</summary>
internal static class Notice
{
    /// <summary>What one says.</summary>
    /// <param name="Kind">Which, of <see cref="NoticeKind"/>.</param>
    /// <param name="Language">The reader's.</param>
    /// <param name="FirstName">The reader's, as typed.</param>
    /// <param name="Details">The notice's facts by name; what is not said reads as nothing.</param>
    /// <param name="Link">Where its link leads.</param>
    /// <param name="Code">The code, when it brings one.</param>
    /// <param name="ExpiresAt">How long link or code are good for.</param>
    public sealed record Facts(
        string Kind, string Language, string FirstName, IReadOnlyDictionary<string, string> Details, string Link, string? Code, DateTimeOffset? ExpiresAt)
    {
        public string this[string name] => Details.GetValueOrDefault(name, "");
    }

    /// <summary>The mail, or null when nobody has worded that kind.</summary>
    public static Letter? Write(Facts facts)
    {
        var language = Words.Language(facts.Language);
        return (language == "sv" ? Swedish(facts) : English(facts)) is { } words ? Letter.Of(language, facts.FirstName, words) : null;
    }

    private static Wording? English(Facts f) => f.Kind switch
    {
        NoticeKind.AccountCreated => new(
            $"Your account is ready",
            [$"An account was made for you in InviteHub. You sign in with this e-mail address and the password that you are given by the person who made it. You choose a password of your own when you sign in for the first time."],
            new($"Sign in", f.Link)),
        NoticeKind.PasswordReset => new(
            $"Choose a new password",
            [$"Somebody, probably you, asked for a new password for your account."],
            new($"Choose a new password", f.Link),
            [$"The link works once, until {f.ExpiresAt}.", $"If it was not you, ignore this mail: your password stays as it is."]),
        NoticeKind.PasswordChanged => new(
            $"Your password was changed",
            [$"The password of your account was changed, and you were signed out everywhere.",
                $"If that was neither you nor somebody you asked to, choose a new password at once and tell your administrator."],
            new($"Open InviteHub", f.Link)),
        NoticeKind.TwoFactorCode => new(
            $"Your code to sign in",
            [$"Somebody, probably you, is signing in to your account."],
            new($"Your code", Link: null, f.Code),
            [$"It works once, until {f.ExpiresAt}. Never give it to anybody: nobody of InviteHub asks for it.",
            $"If it was not you, somebody knows your password: change it."]),
        NoticeKind.RoleChanged => new(
            $"Your role was changed",
            [$"Your role in InviteHub is now {Role.English(f["to"])}; before it was {Role.English(f["from"])}."],
            new($"Open InviteHub", f.Link)),
        _ => null,
    };

    private static Wording? Swedish(Facts f) => f.Kind switch
    {
        NoticeKind.AccountCreated => new(
            $"Ditt konto är klart",
            [$"Ett konto har skapats åt dig i InviteHub. Du loggar in med den här e-postadressen och det lösenord som du får av den som skapade kontot. Första gången du loggar in väljer du ett eget lösenord."],
            new($"Logga in", f.Link)),
        NoticeKind.PasswordReset => new(
            $"Välj ett nytt lösenord",
            [$"Någon, troligen du, har bett om ett nytt lösenord till ditt konto."],
            new($"Välj ett nytt lösenord", f.Link),
            [$"Länken kan användas en gång och gäller till {f.ExpiresAt}.", $"Var det inte du kan du bortse från det här mejlet: ditt lösenord gäller som förut."]),
        NoticeKind.PasswordChanged => new(
            $"Ditt lösenord har ändrats",
            [$"Lösenordet till ditt konto har ändrats och du har loggats ut överallt.",
                $"Var det varken du eller någon som du har bett om det, välj genast ett nytt lösenord och kontakta din administratör."],
            new($"Öppna InviteHub", f.Link)),
        NoticeKind.TwoFactorCode => new(
            $"Din kod för att logga in",
            [$"Någon, troligen du, håller på att logga in på ditt konto."],
            new($"Din kod", Link: null, f.Code),
            [$"Den kan användas en gång och gäller till {f.ExpiresAt}. Lämna aldrig ut den: ingen på InviteHub frågar efter den.",
            $"Var det inte du vet någon ditt lösenord: byt det."]),
        NoticeKind.RoleChanged => new(
            $"Din roll har ändrats",
            [$"Din roll i InviteHub är nu {Role.Swedish(f["to"])}; förut var den {Role.Swedish(f["from"])}."],
            new($"Öppna InviteHub", f.Link)),
        _ => null,
    };

    /// <summary>What the system roles are called (ROL-01); another is called what it is.</summary>
    private static class Role
    {
        public static string English(string role) => role switch
        {
            "guest" => "Guest", "systemAdmin" => "System admin", "economyAdmin" => "Economy admin", "applicant" => "Applicant",
            "serviceAdmin" => "Service admin", _ => role,
        };

        public static string Swedish(string role) => role switch
        {
            "guest" => "Gäst", "systemAdmin" => "Systemadministratör", "economyAdmin" => "Ekonomiadministratör", "applicant" => "Sökande",
            "serviceAdmin" => "Tjänsteadministratör", _ => role,
        };
    }
}
