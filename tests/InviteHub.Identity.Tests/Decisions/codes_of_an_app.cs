namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-07")]
public class codes_of_an_app
{
    // RFC 6238, appendix B: the ASCII text 12345678901234567890 in Base32.
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    // The appendix has eight digits; six of them are its last six.
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void are_those_of_the_RFC(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Totp.CodeAt(Secret, at).ShouldBe(code[2..]);
        Totp.StepOf(code[2..], Secret, at).ShouldBe(seconds / 30);
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void are_taken_one_step_early_or_late(int seconds, bool taken) =>
        (Totp.StepOf(Totp.CodeAt(Secret, Some.Instant.AddSeconds(seconds)), Secret, Some.Instant) is not null).ShouldBe(taken);

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("９４２８７０")]
    public void are_nothing_else(string code) => Totp.StepOf(code, Secret, Some.Instant).ShouldBeNull();

    [Fact]
    public void come_from_160_random_bits_that_an_app_can_read_from_a_link()
    {
        var secret = Totp.NewSecret();
        secret.Length.ShouldBe(32);
        secret.ShouldNotBe(Totp.NewSecret());
        Totp.Uri(secret, "kim+1@north.example").ShouldBe($"otpauth://totp/InviteHub:kim%2B1%40north.example?secret={secret}&issuer=InviteHub");
    }

    [Fact]
    public void have_ten_recovery_codes_beside_them_that_may_be_typed_in_any_way()
    {
        var (codes, hashes) = RecoveryCodes.New();
        codes.Distinct().Count().ShouldBe(10);
        codes.ShouldAllBe(code => code.Length == 19);
        RecoveryCodes.HashOf($" {codes[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal)} ").ShouldBe(hashes[0]);
    }
}
