using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace InviteHub.Contracts.Tests;

[Trait("Feature", "SEC-04")]
public sealed class reading_an_email_address
{
    [Theory]
    [InlineData("anna.berg@example.com")]
    [InlineData("Anna+invites@Example.COM")]
    [InlineData("o'neil@sub.example.co.uk")]
    [InlineData("a@b.se")]
    [InlineData("user@123.example")]
    [InlineData("user@räksmörgås.se")]
    [InlineData("user@xn--rksmrgs-5wao1o.se")]
    [InlineData("user@münchen.рф")]
    [InlineData("user@почта.рф")]
    [InlineData("user@例え.jp")]
    [InlineData("user@한국.kr")]
    public void an_address_that_people_have_is_taken(string text) => Read(text).Text.ShouldBe(text);

    [Fact]
    public void the_space_around_it_is_left_out_and_the_rest_stays_as_typed()
    {
        var address = Read("  Anna.Berg@Example.COM\t");
        address.Text.ShouldBe("Anna.Berg@Example.COM");
        address.ToString().ShouldBe("Anna.Berg@Example.COM");
        address.Delivery.ShouldBe("Anna.Berg@example.com");
        address.Domain.ShouldBe("example.com");
    }

    [Theory]
    [InlineData(null, "Enter")]
    [InlineData("  ", "Enter")]
    [InlineData("anna", "one @")]
    [InlineData("anna@berg@example.com", "one @")]
    [InlineData("@example.com", "missing")]
    [InlineData(".anna@example.com", "dot")]
    [InlineData("anna.@example.com", "dot")]
    [InlineData("an..na@example.com", "two dots")]
    [InlineData("an na@example.com", "character")]
    [InlineData("\"anna berg\"@example.com", "character")]
    [InlineData("anna<anna@example.com", "character")]
    [InlineData("anna@", "needs a dot")]
    [InlineData("anna@localhost", "needs a dot")]
    [InlineData("anna@example..com", "dot too many")]
    [InlineData("anna@example.com.", "dot too many")]
    [InlineData("anna@-example.com", "hyphen")]
    [InlineData("anna@example-.com", "hyphen")]
    [InlineData("anna@exa_mple.com", "character")]
    [InlineData("anna@[127.0.0.1]", "character")]
    [InlineData("anna@127.0.0.1", "top-level")]
    [InlineData("anna@example.c", "top-level")]
    [InlineData("anna@xn--zzzzzzzzzzzz99999999.se", "valid international")]
    [InlineData("anna@xn--abc-.se", "hyphen")]
    public void anything_else_is_refused_with_its_reason(string? text, string reason) => Refused(text).ShouldContain(reason);

    [Theory]
    [InlineData("anna@example.com\r\nBcc: all@example.com", "header injection")]
    [InlineData("an\0na@example.com", "a control character")]
    [InlineData("an\u200Bna@example.com", "a zero-width space")]
    [InlineData("anna@exam\u200Dple.com", "a zero-width joiner")]
    [InlineData("anna@exam\u00ADple.com", "a soft hyphen")]
    [InlineData("\uFEFFanna@example.com", "a byte order mark")]
    [InlineData("anna@\u202Emoc.elpmaxe", "a right-to-left override")]
    [InlineData("anna@\u2066example.com", "a bidirectional isolate")]
    [InlineData("anna@exam\uFE0Fple.com", "a variation selector")]
    [InlineData("anna@exam\uDB40\uDC41ple.com", "a tag character")]
    [InlineData("anna@exam\uD800ple.com", "half a character")]
    [InlineData("anna@exam\u3164ple.com", "a blank letter")]
    public void what_a_person_cannot_see_is_refused(string text, string what) => Refused(text).ShouldContain("invisible", customMessage: what);

    [Theory]
    [InlineData("аnna@example.com", "Cyrillic а in the local part")]
    [InlineData("anna@exаmple.com", "Cyrillic а in a Latin label")]
    [InlineData("anna@xn--exmple-4nf.com", "the same, encoded")]
    [InlineData("anna@gοοgle.com", "Greek omicron in a Latin label")]
    [InlineData("anna@аррӏе.com", "a Cyrillic label that reads as a Latin one")]
    [InlineData("anna@xn--80ak6aa92e.com", "the same, encoded")]
    [InlineData("anna@νικ.com", "a Greek label that reads as a Latin one")]
    [InlineData("anna@ﬁrma.se", "a ligature")]
    [InlineData("anna@ｅxample.com", "a full-width letter")]
    [InlineData("anna@example。com", "an ideographic full stop")]
    [InlineData("anna@exıt.com", "a dotless i")]
    [InlineData("anna@o\u0308l.se", "a letter in two characters")]
    [InlineData("anna@example.com\u0338", "a combining stroke")]
    [InlineData("anna@example∕login.com", "a division slash")]
    [InlineData("anna@אבג.com", "a right-to-left script")]
    public void what_poses_as_another_address_is_refused(string text, string what) => Refused(text).ShouldNotBeEmpty(what);

    [Fact]
    public void the_local_part_has_at_most_64_characters()
    {
        Read($"{new string('a', 64)}@example.com");
        Refused($"{new string('a', 65)}@example.com").ShouldContain("64");
    }

    [Fact]
    public void a_label_has_at_most_63_characters_in_its_ascii_form()
    {
        Read($"a@{new string('b', 63)}.se");
        Refused($"a@{new string('b', 64)}.se").ShouldContain("63");
        Refused($"a@{new string('ö', 63)}.se").ShouldNotBeEmpty();
    }

    [Fact]
    public void the_whole_has_at_most_254_octets()
    {
        // 64 + @ + 62 + . + 62 + . + 62 and one more.
        var local = new string('a', 64);
        var label = new string('b', 62);
        Read($"{local}@{label}.{label}.{label[..60]}.se").Text.Length.ShouldBe(254);
        Refused($"{local}@{label}.{label}.{label[..61]}.se").ShouldContain("254");
        // Three octets a character, and few of them in ASCII: the length that was typed counts too.
        Refused($"{local}@{new string('国', 60)}.{new string('国', 60)}.jp").ShouldContain("254");
        // The other way round: 254 octets as typed, more in ASCII.
        Refused($"{local}@{string.Join('.', Enumerable.Repeat("öåä", 26))}.se").ShouldContain("254");
    }

    [Theory]
    [InlineData("ANNA@EXAMPLE.COM", "anna@example.com")]
    [InlineData("anna@räksmörgås.se", "anna@xn--rksmrgs-5wao1o.se")]
    [InlineData("anna@RÄKSMÖRGÅS.se", "anna@räksmörgås.se")]
    [InlineData("anna@XN--RKSMRGS-5WAO1O.SE", "anna@räksmörgås.se")]
    [Trait("Feature", "INV-02")]
    public void two_ways_to_type_one_address_are_equal(string one, string other)
    {
        Read(one).ShouldBe(Read(other));
        Read(one).GetHashCode().ShouldBe(Read(other).GetHashCode());
        Read(one).Key.ShouldBe(Read(other).Key);
    }

    [Fact]
    public void other_addresses_are_not_equal()
    {
        Read("anna@example.com").ShouldNotBe(Read("anne@example.com"));
        Read("anna@example.com").Equals(null).ShouldBeFalse();
    }

    [Fact]
    public void no_text_whatever_makes_it_throw_and_what_it_takes_it_takes_again() =>
        Prop.ForAll<string?>(text =>
        {
            if (!EmailAddress.TryParse(text, out var address, out var reason))
                return !string.IsNullOrEmpty(reason);
            return Read(address.Key) == address && Read(address.Delivery) == address && Read(address.Text) == address;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void addresses_made_of_parts_are_taken_whatever_their_case_and_keep_their_key()
    {
        var letters = Gen.Elements("abcxyzABCXYZ019".ToCharArray());
        var word = letters.NonEmptyListOf().Select(c => string.Concat(c.Take(20)));
        var addresses = from local in word from label in word from tld in Gen.Elements("se", "COM", "example") select $"{local}@{label}.{tld}";
        Prop.ForAll(addresses.ToArbitrary(), text =>
            string.Equals(Read(text).Key, text, StringComparison.OrdinalIgnoreCase) && Read(text.ToUpperInvariant()) == Read(text)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void an_encoded_label_is_taken_only_as_the_encoding_of_something_that_is_not_ascii()
    {
        var labels = Gen.Elements("abcåäö-019".ToCharArray()).NonEmptyListOf().Select(c => $"xn--{string.Concat(c)}");
        Prop.ForAll(labels.ToArbitrary(), label => !EmailAddress.TryParse($"a@{label}.se", out var address, out _)
            || (Read(address.Delivery) == address && new IdnMapping().GetUnicode(address.Domain) != address.Domain)).QuickCheckThrowOnFailure();
        Refused("a@xn--abc.se");
        Refused("a@xn--a.se");
    }

    [Theory]
    [Trait("Feature", "INV-15")]
    [InlineData("Ada@gmial.com", "Ada@gmail.com")]
    [InlineData("ada@gmai.com", "ada@gmail.com")]
    [InlineData("ada@gmaill.com", "ada@gmail.com")]
    [InlineData("ada@GMAIL.CON", "ada@gmail.com")]
    [InlineData("ada@hotmial.com", "ada@hotmail.com")]
    [InlineData("ada@outlok.com", "ada@outlook.com")]
    [InlineData("ada@gmail.com", null)]
    [InlineData("ada@email.com", null)]
    [InlineData("ada@example.com", null)]
    [InlineData("ada@gmail.com.example", null)]
    public void a_domain_one_letter_off_a_well_known_one_was_probably_meant_to_be_that_one(string typed, string? meant) =>
        Read(typed).LikelyMeant.ShouldBe(meant);

    private static EmailAddress Read(string? text)
    {
        EmailAddress.TryParse(text, out var address, out var reason).ShouldBeTrue($"{text}: {reason}");
        reason.ShouldBeNull();
        return address;
    }

    private static string Refused(string? text)
    {
        EmailAddress.TryParse(text, out var address, out var reason).ShouldBeFalse(text);
        address.ShouldBeNull();
        return reason;
    }
}
