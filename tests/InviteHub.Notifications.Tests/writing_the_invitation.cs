using InviteHub.Notifications.Templates;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-02")]
public sealed class writing_the_invitation
{
    private const string Link = "https://hub.example/registrations/aB3_-x";

    private static readonly Invitation.Facts Facts = new(
        "en", "customer", "Ada", "Grace Hopper", "Acme", "Payroll", "Clerk", Link, new(2031, 2, 3, 23, 5, 0, TimeSpan.FromHours(1)));

    [Fact]
    public void in_english_for_a_customer()
    {
        var letter = Invitation.Write(Facts);
        letter.Subject.ShouldBe("You are invited to Acme");
        letter.Text.ShouldBe(
            """
            Hello Ada,

            Grace Hopper invites you to make an account with Acme.

            See and accept the invitation:
            https://hub.example/registrations/aB3_-x

            The link is yours alone, works once, and is valid until 3 February 2031 at 22:05 UTC.

            If you did not expect this mail, you can ignore it.

            """);
    }

    [Fact]
    public void in_swedish_for_an_app()
    {
        var letter = Invitation.Write(Facts with { Language = "sv", Way = "access", InvitedBy = null });
        letter.Language.ShouldBe("sv");
        letter.Subject.ShouldBe("Du är inbjuden till Payroll hos Acme");
        letter.Text.ShouldContain("Hej Ada,");
        letter.Text.ShouldContain("Du är inbjuden till Payroll hos Acme, som Clerk.");
        letter.Text.ShouldContain("gäller till 3 februari 2031 kl. 22.05 UTC.");
        letter.Html.ShouldContain("""<html lang="sv">""");
    }

    [Theory]
    [InlineData("en", "customer")]
    [InlineData("en", "access")]
    [InlineData("sv", "customer")]
    [InlineData("sv", "access")]
    [InlineData("", "customer")]
    public void each_way_and_language_says_who_to_what_where_and_until_when(string language, string way)
    {
        var letter = Invitation.Write(Facts with { Language = language, Way = way });
        foreach (var body in new[] { letter.Text, letter.Html })
        {
            body.ShouldContain("Ada");
            body.ShouldContain("Grace Hopper");
            body.ShouldContain("Acme");
            body.ShouldContain(Link);
            body.ShouldContain("2031");
            body.ShouldContain("UTC");
            if (way == "access")
                body.ShouldContain("Payroll");
        }

        letter.Html.ShouldContain($"""<a href="{Link}" """);
        // Nothing loads from elsewhere.
        letter.Html.ShouldNotContain("src=");
    }

    [Fact]
    [Trait("Feature", "SEC-04")]
    public void names_are_text_in_html()
    {
        var letter = Invitation.Write(Facts with { FirstName = "<img src=x onerror=alert(1)>", Organization = "A&B \"C\"", InvitedBy = "</p><script>" });
        letter.Html.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        letter.Html.ShouldContain("<bdi>A&amp;B &quot;C&quot;</bdi>");
        letter.Html.ShouldNotContain("<script");
        letter.Html.ShouldNotContain("<img");
    }

    [Theory]
    [Trait("Feature", "SEC-04")]
    [InlineData("Acme\r\nBcc: all@example.com", "Acme Bcc: all@example.com")]
    [InlineData("Acme\nX: y", "Acme X: y")]
    [InlineData("Acme\u2028X", "Acme X")]
    [InlineData("Acme\u0085X", "Acme X")]
    [InlineData("Acme\0X", "Acme X")]
    [InlineData("\u202Egnp.exe\u202C", "gnp.exe")]
    [InlineData("\u2066a\u2069\u200E\u200F\u061Cb", "ab")]
    [InlineData("A\u200Bc\uFEFFm\u00ADe", "Acme")]
    [InlineData("a\uD800b", "ab")]
    [InlineData("  Åsa \t Öberg ", "Åsa Öberg")]
    [InlineData("שלום", "שלום")]
    [InlineData("👩 Ada", "👩 Ada")]
    public void a_name_is_only_a_name(string given, string name)
    {
        Words.Name(given).ShouldBe(name);
        var letter = Invitation.Write(Facts with { Organization = given, App = given, Way = "access" });
        letter.Subject.ShouldBe($"You are invited to {name} at {name}");
        letter.Subject.ShouldNotContain('\n');
    }

    [Fact]
    public void a_subject_is_never_too_long_nor_cut_through_a_character()
    {
        var letter = Invitation.Write(Facts with { Way = "access", Organization = new('x', 5000), App = string.Concat(Enumerable.Repeat("👩", 3000)) });
        letter.Subject.Length.ShouldBeLessThanOrEqualTo(200);
        letter.Subject.EnumerateRunes().ShouldNotContain(System.Text.Rune.ReplacementChar);
        letter.Text.Length.ShouldBeLessThan(1000);
    }
}
