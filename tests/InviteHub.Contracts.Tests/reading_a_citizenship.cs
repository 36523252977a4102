namespace InviteHub.Contracts.Tests;

[Trait("Feature", "INV-04")]
public class reading_a_citizenship
{
    [Theory]
    [InlineData(true, null, true, true)]
    [InlineData(true, true, true, true)]
    [InlineData(null, false, false, false)]
    [InlineData(false, false, false, false)]
    [InlineData(false, null, false, null)]
    [InlineData(false, true, false, true)]
    [InlineData(null, true, null, true)]
    [InlineData(null, null, null, null)]
    public void fills_in_what_one_answer_implies(bool? swedish, bool? eu, bool? isSwedish, bool? isEu)
    {
        Citizenship.TryRead(swedish, eu, out var citizenship, out _).ShouldBeTrue();
        (citizenship.Swedish, citizenship.Eu).ShouldBe((isSwedish, isEu));
    }

    [Fact]
    public void refuses_a_Swede_who_is_no_EU_citizen()
    {
        Citizenship.TryRead(swedish: true, eu: false, out var citizenship, out var reason).ShouldBeFalse();
        (citizenship, reason).ShouldBe((null, "A Swedish citizen is an EU citizen too."));
    }
}
