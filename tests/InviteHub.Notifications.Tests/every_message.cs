using System.Reflection;
using System.Text.RegularExpressions;
using InviteHub.Contracts;
using InviteHub.Notifications.Templates;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-02")]
public sealed partial class every_message
{
    private static readonly string[] Notices = [.. typeof(NoticeKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    public static IEnumerable<object[]> All { get; } =
        from kind in Samples.All.Keys from language in Samples.Languages select new object[] { kind, language };

    /// <summary>Each kind of notice with each of what its facts may tell apart.</summary>
    public static IEnumerable<object[]> OfNotices { get; } =
        from kind in Notices
        from what in kind switch
        {
            NoticeKind.SubscriptionStopped => (string[])["suspended", "ended", "resumed"],
            NoticeKind.InvitationEnded => ["declined", "newLinkAsked", "expired"],
            NoticeKind.IdentityReviewed => ["validated", "returned"],
            _ => [""],
        }
        select new object[] { kind, what };

    [Fact]
    public void that_can_be_asked_for_has_words_and_a_sample() => Notices.Except(Samples.All.Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(All))]
    public void is_in_its_language_in_text_and_html(string kind, string language)
    {
        var letter = Samples.All[kind](language);
        letter.Language.ShouldBe(language);
        letter.Text.ShouldStartWith(language == "sv" ? "Hej Kim,\n" : "Hello Kim,\n");
        letter.Html.ShouldContain($"<html lang=\"{language}\">");
        Samples.All[kind](language == "sv" ? "en" : "sv").Subject.ShouldNotBe(letter.Subject);
        // All that the text says, the page says.
        var page = Tags().Replace(letter.Html, "").ReplaceLineEndings(" ");
        foreach (var line in letter.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            page.ShouldContain(line.TrimEnd(':'));
    }

    [Fact]
    [Trait("Feature", "INV-22")]
    public void counts_invitations_that_expired_where_they_are_several()
    {
        Expired("12", "en").ShouldBe("12 invitations have expired");
        Expired("12", "sv").ShouldBe("12 inbjudningar har gått ut");
        Expired("1", "en").ShouldBe("An invitation has expired");
        Expired("1", "sv").ShouldBe("En inbjudan har gått ut");

        static string Expired(string count, string language) => Notice.Write(
            new(NoticeKind.InvitationEnded, language, "Kim", new Dictionary<string, string> { ["what"] = "expired", ["count"] = count }, "", null, null), Brand.None)!.Subject;
    }

    [Theory]
    [MemberData(nameof(OfNotices))]
    [Trait("Feature", "SEC-04")]
    public void takes_others_words_as_words(string kind, string what)
    {
        foreach (var language in Samples.Languages)
        {
            var letter = Write(kind, language, what, "</p><script>alert(1)</script>\r\nBcc: all@example.com {0} \u202Egnp.exe");
            letter.Subject.ShouldNotContain('\n');
            letter.Subject.ShouldNotContain('\r');
            letter.Html.ShouldNotContain("<script");
            letter.Text.ShouldNotContain('\u202E');
            letter.Text.ShouldContain(" Bcc: all@example.com {0} gnp.exe,\n");
        }
    }

    [Theory]
    [MemberData(nameof(OfNotices))]
    public void keeps_names_from_right_to_left_apart_from_its_own_direction(string kind, string what)
    {
        var letter = Write(kind, "en", what, "שלום עולם");
        letter.Text.ShouldStartWith("Hello שלום עולם,");
        letter.Html.ShouldContain("<bdi>שלום עולם</bdi>,");
        // The page's title alone has no room for elements.
        Regex.Count(letter.Html, "שלום").ShouldBe(Regex.Count(letter.Html, "<bdi>שלום") + Regex.Count(letter.Subject, "שלום"));
    }

    [Fact]
    public void has_the_same_instants_in_the_same_words_wherever_it_is_read()
    {
        var letter = Write(NoticeKind.PasswordReset, "en", "", "Ada");
        letter.Text.ShouldContain("until 3 February 2031 at 22:05 UTC.");
        Write(NoticeKind.TwoFactorCode, "sv", "", "Ada").Text.ShouldContain("gäller till 3 februari 2031 kl. 22.05 UTC.");
    }

    internal static Letter Write(string kind, string language, string what, string words) => Notice.Write(new(
        kind, language, words,
        new Dictionary<string, string>
        {
            ["what"] = what, ["from"] = words, ["to"] = words, ["app"] = words, ["plan"] = words, ["used"] = words, ["limit"] = words,
            ["total"] = words, ["done"] = words, ["failed"] = words,
        },
        "https://hub.example/x?a=1&b=2", "123456", new(2031, 2, 3, 23, 5, 0, TimeSpan.FromHours(1))), Brand.None)!;

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}
