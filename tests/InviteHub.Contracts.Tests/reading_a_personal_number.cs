using FsCheck;
using FsCheck.Fluent;

namespace InviteHub.Contracts.Tests;

[Trait("Feature", "INV-03")]
public sealed class reading_a_personal_number
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    // The first two are the examples of the Tax Agency's SKV 704 and SKV 707; the others are numbers it and test suites publish for testing.
    [Theory]
    [InlineData("196408233234", "1964-08-23", false)]
    [InlineData("196408833231", "1964-08-23", true)]
    [InlineData("19900101-0017", "1990-01-01", false)]
    [InlineData("19121212-1212", "1912-12-12", false)]
    [InlineData("191212721219", "1912-12-12", true)]
    [InlineData("189001019802", "1890-01-01", false)]
    [InlineData("200001010107", "2000-01-01", false)]
    public void a_published_number_is_taken(string text, string birthDate, bool isCoordinationNumber)
    {
        var number = Read(text);
        number.BirthDate.ShouldBe(DateOnly.Parse(birthDate));
        number.IsCoordinationNumber.ShouldBe(isCoordinationNumber);
        number.Value.ShouldBe(text.Replace("-", ""));
    }

    [Fact]
    public void with_and_without_the_hyphen_it_is_one_number() => Read("19640823-3234").ShouldBe(Read(" 196408233234 "));

    [Fact]
    public void it_is_shown_masked_wherever_it_becomes_text()
    {
        Read("196408233234").Masked.ShouldBe("19640823-****");
        Read("196408833231").Masked.ShouldBe("19640883-****");
        $"{Read("196408233234")}".ShouldBe("19640823-****");
    }

    [Theory]
    [InlineData(null, "Enter")]
    [InlineData("", "Enter")]
    [InlineData("640823-3234", "twelve digits")]
    [InlineData("6408233234", "twelve digits")]
    [InlineData("19640823+3234", "twelve digits")]
    [InlineData("1964-08233234", "twelve digits")]
    [InlineData("19640823--3234", "twelve digits")]
    [InlineData("1964082332345", "twelve digits")]
    [InlineData("1964082332E4", "twelve digits")]
    [InlineData("19640823323\u0664", "twelve digits")]
    [InlineData("196413233234", "date of birth")]
    [InlineData("196402303234", "date of birth")]
    [InlineData("190002293234", "date of birth")]
    [InlineData("196408003234", "date of birth")]
    [InlineData("196408603234", "date of birth")]
    [InlineData("196408923234", "date of birth")]
    [InlineData("000000000000", "date of birth")]
    [InlineData("106408233234", "date of birth")]
    [InlineData("206408233234", "still to come")]
    [InlineData("196408233235", "last digit")]
    [InlineData("196408233324", "last digit", "two digits swapped")]
    public void anything_else_is_refused_with_its_reason(string? text, string reason, string? what = null) =>
        Refused(text).ShouldContain(reason, customMessage: what);

    [Fact]
    public void nobody_is_born_tomorrow_but_somebody_is_today()
    {
        PersonalNumber.TryParse("19640823-3234", new DateOnly(1964, 8, 23), out _, out _).ShouldBeTrue();
        PersonalNumber.TryParse("19640823-3234", new DateOnly(1964, 8, 22), out _, out var reason).ShouldBeFalse();
        reason.ShouldNotBeNull().ShouldContain("still to come");
        PersonalNumber.TryParse("19640883-3231", new DateOnly(1964, 8, 22), out _, out reason).ShouldBeFalse();
        reason.ShouldNotBeNull().ShouldContain("still to come");
    }

    [Fact]
    public void every_date_and_birth_number_has_exactly_one_check_digit()
    {
        var births = from day in Gen.Choose(0, Today.DayNumber - new DateOnly(1800, 1, 1).DayNumber)
                     from birthNumber in Gen.Choose(0, 999)
                     from coordination in Gen.Elements(0, 60)
                     select (Date: new DateOnly(1800, 1, 1).AddDays(day), birthNumber, coordination);
        Prop.ForAll(births.ToArbitrary(), birth =>
        {
            var nine = $"{birth.Date:yyyyMM}{birth.Date.Day + birth.coordination:00}{birth.birthNumber:000}";
            var taken = Enumerable.Range(0, 10).Where(digit => PersonalNumber.TryParse($"{nine}{digit}", Today, out _, out _)).ToList();
            return taken.Count == 1 && Read($"{nine}{taken[0]}").BirthDate == birth.Date;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void one_digit_mistyped_behind_the_century_is_always_found()
    {
        var slips = from place in Gen.Choose(2, 11) from digit in Gen.Choose(0, 9) select (place, digit);
        Prop.ForAll(slips.ToArbitrary(), slip =>
        {
            var typed = "196408233234".ToCharArray();
            var same = typed[slip.place] == '0' + slip.digit;
            typed[slip.place] = (char)('0' + slip.digit);
            return PersonalNumber.TryParse(new string(typed), Today, out _, out _) == same;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void no_text_whatever_makes_it_throw_and_no_reason_repeats_it() =>
        Prop.ForAll<string?>(text => PersonalNumber.TryParse(text, Today, out _, out var reason) || !string.IsNullOrEmpty(reason))
            .QuickCheckThrowOnFailure();

    private static PersonalNumber Read(string text)
    {
        PersonalNumber.TryParse(text, Today, out var number, out var reason).ShouldBeTrue($"{text}: {reason}");
        reason.ShouldBeNull();
        return number;
    }

    private static string Refused(string? text)
    {
        PersonalNumber.TryParse(text, Today, out var number, out var reason).ShouldBeFalse(text);
        number.ShouldBeNull();
        return reason;
    }
}
