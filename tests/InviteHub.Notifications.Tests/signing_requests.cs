using System.Text;
using Microsoft.AspNetCore.Http;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
[Trait("Feature", "NOT-05")]
public sealed class signing_requests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = """{"test": 2432232314}""";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void gives_what_others_make_of_the_specification()
    {
        StandardWebhook.TryReadSecret(Secret, out var secret).ShouldBeTrue();
        StandardWebhook.Sign(secret, Id, At, Encoding.UTF8.GetBytes(Body)).ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64 of anything at all!!")]
    [InlineData("whsec_dG9vIHNob3J0")]
    public void takes_no_weak_secret(string? text) => StandardWebhook.TryReadSecret(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, null, null, true)]
    [InlineData(299, null, null, true)]
    [InlineData(301, null, null, false)]
    [InlineData(-301, null, null, false)]
    [InlineData(0, "another", null, false)]
    [InlineData(0, null, """{"test": 2432232315}""", false)]
    public void holds_for_the_request_that_was_signed_and_not_for_long(int secondsLater, string? id, string? body, bool holds)
    {
        StandardWebhook.TryReadSecret(Secret, out var secret);
        var headers = Headers(id ?? Id, StandardWebhook.Sign(secret!, Id, At, Encoding.UTF8.GetBytes(Body)));
        StandardWebhook.Verify(secret!, headers, Encoding.UTF8.GetBytes(body ?? Body), At.AddSeconds(secondsLater)).ShouldBe(holds);
    }

    [Fact]
    public void holds_when_one_of_several_signatures_does_and_never_without_one()
    {
        StandardWebhook.TryReadSecret(Secret, out var secret);
        var body = Encoding.UTF8.GetBytes(Body);
        var right = StandardWebhook.Sign(secret!, Id, At, body);
        StandardWebhook.Verify(secret!, Headers(Id, $"v1,AAAA v1a,xyz {right}"), body, At).ShouldBeTrue();
        StandardWebhook.Verify(secret!, Headers(Id, "v1,AAAA"), body, At).ShouldBeFalse();
        StandardWebhook.Verify(secret!, Headers(Id, ""), body, At).ShouldBeFalse();
        StandardWebhook.Verify(secret!, new HeaderDictionary(), body, At).ShouldBeFalse();
        StandardWebhook.Verify(new byte[32], Headers(Id, right), body, At).ShouldBeFalse();
    }

    private static HeaderDictionary Headers(string id, string signature) => new()
    {
        ["webhook-id"] = id, ["webhook-timestamp"] = At.ToUnixTimeSeconds().ToString(), ["webhook-signature"] = signature,
    };
}
