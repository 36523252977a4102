namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-09")]
public class reading_a_picture
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452000003200000025808060000009A", "image/png", 800, 600)]
    [InlineData("FFD8FFE000104A46494600010100000100010000FFDB00040102FFC0001108025803200301220002", "image/jpeg", 800, 600)]
    [InlineData("FFD8FFFFE10004ABCDFFC2000B08006400C80101110000", "image/jpeg", 200, 100)]
    [InlineData("52494646240000005745425056503820180000003001009D012A20035802003425A4", "image/webp", 800, 600)]
    [InlineData("5249464624000000574542505650384C180000002F1FC3950000000000000000", "image/webp", 800, 600)]
    [InlineData("524946462400000057454250565038580A000000100000001F0300570200", "image/webp", 800, 600)]
    public void finds_its_kind_and_size_in_its_first_bytes(string hex, string mediaType, int width, int height) =>
        Picture.Read(Convert.FromHexString(hex)).ShouldBe(new(mediaType, width, height));

    [Theory]
    [InlineData("")]
    [InlineData("89504E47")]
    [InlineData("89504E470D0A1A0A0000000D49484452000000000000025808060000009A")]
    [InlineData("FFD8FFE00010")]
    [InlineData("FFD8FFE00000FFC0001108025803200301220002")]
    [InlineData("47494638396101000100")]
    [InlineData("524946462400000057415645")]
    public void is_none_when_they_are_those_of_something_else(string hex) => Picture.Read(Convert.FromHexString(hex)).ShouldBeNull();

    [Fact]
    public void never_reads_beyond_the_end()
    {
        var jpeg = Convert.FromHexString("FFD8FFE000104A46494600010100000100010000FFDB00040102FFC0001108025803200301220002");
        for (var length = 0; length <= jpeg.Length; length++)
            _ = Picture.Read(jpeg.AsSpan(0, length));
        jpeg.Length.ShouldBe(40);
    }
}
