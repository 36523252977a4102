using FsCheck;
using FsCheck.Fluent;

namespace InviteHub.Contracts.Tests;

[Trait("Feature", "INV-15")]
public sealed class reading_a_phone_number
{
    // Numbers that the Swedish Post and Telecom Authority, Ofcom and the North American plan set aside for fiction and examples.
    [Theory]
    [InlineData("+46701740605", "46", "+46701740605")]
    [InlineData("+46 70-174 06 05", "46", "+46701740605")]
    [InlineData("0046 70 174 06 05", "46", "+46701740605")]
    [InlineData("+46 (0)70-174 06 05", "46", "+46701740605")]
    [InlineData(" +46\u00A070.174/0605 ", "46", "+46701740605")]
    [InlineData("+1 (202) 555-0143", "1", "+12025550143")]
    [InlineData("+44 (0)20 7946 0018", "44", "+442079460018")]
    [InlineData("+39 (0)6 1234567", "39", "+39061234567")]
    [InlineData("+358 9 12345678", "358", "+358912345678")]
    [InlineData("+970 59 1234567", "970", "+970591234567")]
    public void a_number_with_its_country_code_is_taken(string text, string countryCode, string value)
    {
        var number = Read(text);
        number.CountryCode.ShouldBe(countryCode);
        number.Value.ShouldBe(value);
        number.ToString().ShouldBe(value);
    }

    [Fact]
    public void ways_to_type_one_number_are_equal() => Read("0046701740605").ShouldBe(Read("+46 (0)70 174 06 05"));

    [Theory]
    [InlineData(null, "Enter")]
    [InlineData(" - ", "Enter")]
    [InlineData("070-174 06 05", "country code first")]
    [InlineData("46701740605", "country code first")]
    [InlineData("+46 70 174 06 05 ext 3", "only digits")]
    [InlineData("++46701740605", "only digits")]
    [InlineData("+4670174060\u0665", "only digits")]
    [InlineData("+46701740605\r\nBcc", "only digits")]
    [InlineData("+", "country code that doesn't exist")]
    [InlineData("+0701740605", "country code that doesn't exist")]
    [InlineData("+210123456789", "country code that doesn't exist")]
    [InlineData("+999123456789", "country code that doesn't exist")]
    [InlineData("+46 1234", "8 to 15")]
    [InlineData("+4612345678901234", "8 to 15")]
    [InlineData("+46 070 174 06 05", "Leave out the 0")]
    public void anything_else_is_refused_with_its_reason(string? text, string reason) => Refused(text).ShouldContain(reason);

    [Theory]
    [InlineData("+4612345", false)]
    [InlineData("+46123456", true)]
    [InlineData("+461234567890123", true)]
    [InlineData("+4612345678901234", false)]
    public void the_shortest_has_8_digits_and_the_longest_15(string text, bool taken) => PhoneNumber.TryParse(text, out _, out _).ShouldBe(taken);

    [Fact]
    public void no_country_code_is_the_beginning_of_another()
    {
        var taken = Enumerable.Range(1, 999).Select(code => $"{code}").Where(code =>
            PhoneNumber.TryParse($"+{code}2345678901"[..12], out var number, out _) && number.CountryCode == code).ToList();
        taken.Count.ShouldBe(taken.Distinct().Count());
        taken.ShouldAllBe(code => !taken.Any(other => other != code && other.StartsWith(code)));
        taken.Count.ShouldBe(216);
    }

    [Fact]
    public void no_text_whatever_makes_it_throw_and_what_it_takes_it_takes_again()
    {
        var texts = Gen.Elements("+00461239(0) -.x".ToCharArray()).ListOf().Select(c => "+" + string.Concat(c));
        Prop.ForAll(texts.ToArbitrary(), text => PhoneNumber.TryParse(text, out var number, out var reason)
            ? Read(number.Value) == number && number.Value.Length is >= 9 and <= 16
            : !string.IsNullOrEmpty(reason)).QuickCheckThrowOnFailure();
        Prop.ForAll<string?>(text => PhoneNumber.TryParse(text, out _, out var reason) || !string.IsNullOrEmpty(reason)).QuickCheckThrowOnFailure();
    }

    private static PhoneNumber Read(string text)
    {
        PhoneNumber.TryParse(text, out var number, out var reason).ShouldBeTrue($"{text}: {reason}");
        reason.ShouldBeNull();
        return number;
    }

    private static string Refused(string? text)
    {
        PhoneNumber.TryParse(text, out var number, out var reason).ShouldBeFalse(text);
        number.ShouldBeNull();
        return reason;
    }
}
