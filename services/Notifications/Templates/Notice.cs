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
    public static Letter? Write(Facts facts, Brand brand)
    {
        var language = Words.Language(facts.Language);
        return (language == "sv" ? Swedish(facts) : English(facts)) is { } words ? Letter.Of(language, facts.FirstName, words, brand) : null;
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
        NoticeKind.EmailVerification => new(
            $"Confirm your e-mail address",
            [$"This address was given for an account in InviteHub. Confirm that it is yours, so that messages reach you."],
            new($"Confirm the address", f.Link),
            [$"The link works once, until {f.ExpiresAt}.", $"If you have no account here, ignore this mail: nothing happens then."]),
        NoticeKind.RoleChanged => new(
            $"Your role was changed",
            [$"Your role in InviteHub is now {Role.English(f["to"])}; before it was {Role.English(f["from"])}."],
            new($"Open InviteHub", f.Link)),
        NoticeKind.RemovalRequested => new(
            $"Somebody asks for the removal of their data",
            [$"A person asked for their data to be removed. The request waits among the removal requests of the directory, with its reason."],
            new($"Open InviteHub", f.Link)),
        NoticeKind.Anonymized => new(
            $"Your data is removed",
            [$"Your account in InviteHub is closed, and your personal data is removed from it.",
                $"This is the last message: after it, your address is forgotten."],
            Do: null),
        NoticeKind.SeatLimitReached => new(
            $"Seats of {f["app"]}: {f["used"]} of {f["limit"]} in use",
            [$"Of the {f["limit"]} seats of the subscription {f["plan"]} for {f["app"]}, {f["used"]} are occupied or reserved. Once none is free, what the subscription says happens to further invitations: they are refused, they wait, or the subscription grows."],
            new($"Open InviteHub", f.Link)),
        NoticeKind.SubscriptionStopped => f["what"] switch
        {
            "resumed" => new(
                $"You can use {f["app"]} again",
                [$"The subscription {f["plan"]}, which gives you access to {f["app"]}, goes on. You have the seat that you had."],
                new($"Open InviteHub", f.Link)),
            "suspended" => new(
                $"{f["app"]} is suspended",
                [$"The subscription {f["plan"]}, which gives you access to {f["app"]}, is suspended. You keep your seat for when it goes on."],
                new($"Open InviteHub", f.Link)),
            _ => new(
                $"{f["app"]} has ended",
                [$"The subscription {f["plan"]}, which gave you access to {f["app"]}, has ended. If you still need it, ask whoever invited you."],
                new($"Open InviteHub", f.Link)),
        },
        NoticeKind.BulkFinished => new(
            $"Your batch is finished: {f["done"]} of {f["total"]} done",
            [$"Of the {f["total"]} rows of your batch, {f["done"]} were done and {f["failed"]} failed. Its report says of each row what became of it."],
            new($"Open InviteHub", f.Link)),
        NoticeKind.InvitationEnded => f["what"] switch
        {
            "declined" => new(
                $"An invitation was declined",
                [$"Somebody whom you invited declined. Whom, and why if they said so, stands in the list of invitations."],
                new($"Open InviteHub", f.Link)),
            "newLinkAsked" => new(
                $"Somebody asks for a new link",
                [$"Somebody whom you invited has a link that has expired, and asks for a new one. You can send the invitation again from the list of invitations."],
                new($"Open InviteHub", f.Link)),
            "expired" when f["count"] is not ("" or "1") => new(
                $"{f["count"]} invitations have expired",
                [$"{f["count"]} of your invitations were not answered in time and have expired. You can send them again from the list of invitations."],
                new($"Open InviteHub", f.Link)),
            _ => new(
                $"An invitation has expired",
                [$"An invitation of yours was not answered in time and has expired. You can send it again from the list of invitations."],
                new($"Open InviteHub", f.Link)),
        },
        NoticeKind.IdentityReviewed => f["what"] switch
        {
            "validated" => new(
                $"Your details are confirmed",
                [$"The personal details that you gave were looked at and confirmed. What needs them is open to you now."],
                new($"Open InviteHub", f.Link)),
            _ => new(
                $"Your details need a correction",
                [$"The personal details that you gave were looked at and returned to you. Sign in to see why, and to correct them."],
                new($"Open InviteHub", f.Link)),
        },
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
        NoticeKind.EmailVerification => new(
            $"Bekräfta din e-postadress",
            [$"Den här adressen har angetts för ett konto i InviteHub. Bekräfta att den är din, så att meddelanden når dig."],
            new($"Bekräfta adressen", f.Link),
            [$"Länken kan användas en gång och gäller till {f.ExpiresAt}.", $"Har du inget konto här kan du bortse från det här mejlet: då händer ingenting."]),
        NoticeKind.RoleChanged => new(
            $"Din roll har ändrats",
            [$"Din roll i InviteHub är nu {Role.Swedish(f["to"])}; förut var den {Role.Swedish(f["from"])}."],
            new($"Öppna InviteHub", f.Link)),
        NoticeKind.RemovalRequested => new(
            $"Någon ber att få sina uppgifter borttagna",
            [$"En person har bett att få sina uppgifter borttagna. Begäran väntar bland katalogens begäranden om borttagning, med sitt skäl."],
            new($"Öppna InviteHub", f.Link)),
        NoticeKind.Anonymized => new(
            $"Dina uppgifter är borttagna",
            [$"Ditt konto i InviteHub är avslutat och dina personuppgifter tas bort ur det.",
                $"Det här är det sista meddelandet: efter det glöms din adress."],
            Do: null),
        NoticeKind.SeatLimitReached => new(
            $"Platser i {f["app"]}: {f["used"]} av {f["limit"]} används",
            [$"Av de {f["limit"]} platserna i abonnemanget {f["plan"]} för {f["app"]} är {f["used"]} upptagna eller reserverade. När ingen är ledig händer det med fler inbjudningar som abonnemanget säger: de nekas, de väntar, eller abonnemanget växer."],
            new($"Öppna InviteHub", f.Link)),
        NoticeKind.SubscriptionStopped => f["what"] switch
        {
            "resumed" => new(
                $"Du kan använda {f["app"]} igen",
                [$"Abonnemanget {f["plan"]}, som ger dig tillgång till {f["app"]}, fortsätter. Du har kvar den plats som du hade."],
                new($"Öppna InviteHub", f.Link)),
            "suspended" => new(
                $"{f["app"]} är pausat",
                [$"Abonnemanget {f["plan"]}, som ger dig tillgång till {f["app"]}, är pausat. Du behåller din plats tills det fortsätter."],
                new($"Öppna InviteHub", f.Link)),
            _ => new(
                $"{f["app"]} har upphört",
                [$"Abonnemanget {f["plan"]}, som gav dig tillgång till {f["app"]}, har upphört. Behöver du det fortfarande kan du fråga den som bjöd in dig."],
                new($"Öppna InviteHub", f.Link)),
        },
        NoticeKind.BulkFinished => new(
            $"Din körning är klar: {f["done"]} av {f["total"]} gick bra",
            [$"Av de {f["total"]} raderna i din körning gick {f["done"]} bra och {f["failed"]} misslyckades. Rapporten säger vad det blev av varje rad."],
            new($"Öppna InviteHub", f.Link)),
        NoticeKind.InvitationEnded => f["what"] switch
        {
            "declined" => new(
                $"En inbjudan har avböjts",
                [$"Någon som du har bjudit in har avböjt. Vem, och varför om det angavs, står i listan över inbjudningar."],
                new($"Öppna InviteHub", f.Link)),
            "newLinkAsked" => new(
                $"Någon ber om en ny länk",
                [$"Någon som du har bjudit in har en länk som har gått ut, och ber om en ny. Du kan skicka inbjudan igen från listan över inbjudningar."],
                new($"Öppna InviteHub", f.Link)),
            "expired" when f["count"] is not ("" or "1") => new(
                $"{f["count"]} inbjudningar har gått ut",
                [$"{f["count"]} av dina inbjudningar besvarades inte i tid och har gått ut. Du kan skicka dem igen från listan över inbjudningar."],
                new($"Öppna InviteHub", f.Link)),
            _ => new(
                $"En inbjudan har gått ut",
                [$"En av dina inbjudningar besvarades inte i tid och har gått ut. Du kan skicka den igen från listan över inbjudningar."],
                new($"Öppna InviteHub", f.Link)),
        },
        NoticeKind.IdentityReviewed => f["what"] switch
        {
            "validated" => new(
                $"Dina uppgifter är bekräftade",
                [$"De personuppgifter som du har lämnat har granskats och bekräftats. Det som kräver dem är nu öppet för dig."],
                new($"Öppna InviteHub", f.Link)),
            _ => new(
                $"Dina uppgifter behöver rättas",
                [$"De personuppgifter som du har lämnat har granskats och skickats tillbaka till dig. Logga in för att se varför och rätta dem."],
                new($"Öppna InviteHub", f.Link)),
        },
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
