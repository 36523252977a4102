using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "INV-05")]
public sealed class the_page_behind_a_link(House house) : IClassFixture<House>, IAsyncLifetime
{
    private Backend Invitations => house.Services["invitations"];

    public Task InitializeAsync() => house.Tidy();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task shows_what_is_offered_in_the_reader_s_language_and_runs_no_text_of_others()
    {
        Answers(200, """{"way":"access","email":"a@b.se","organization":{"id":"1","name":"<script>alert(1)</script>"},"appName":"Lön & tid","invitedBy":"Åsa","expiresAt":"2031-02-03T04:05:06Z"}""");

        var answer = await house.Get("/registrations/tok-1", ("Accept-Language", "de, sv;q=0.9, en;q=0.5"));
        var html = await answer.Content.ReadAsStringAsync();

        html.ShouldContain("Du är inbjuden".Replace("ä", "&#xE4;", StringComparison.Ordinal));
        html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        html.ShouldContain("L&#xF6;n &amp; tid");
        html.ShouldContain("2031-02-03 04:05 UTC");
        html.ShouldNotContain("<script");
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("X-Robots-Tag").Single().ShouldContain("noindex");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; style-src 'sha256-");
    }

    [Fact]
    public async Task only_ever_asks_and_never_uses_the_link()
    {
        Answers(200, "{}");
        await house.Get("/registrations/tok-1");
        Invitations.Asked.ShouldBe(["GET /api/v1/registrations/tok-1"]);
        ((int)(await house.Client.PostAsync("/registrations/tok-1", null)).StatusCode).ShouldBe(405);
        Invitations.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("link-expired", "has expired")]
    [InlineData("link-revoked", "was withdrawn")]
    [InlineData("link-used", "you can sign in")]
    public async Task says_kindly_why_a_link_is_over(string code, string words)
    {
        Answers(410, $$"""{"code":"{{code}}"}""");
        var answer = await house.Get("/registrations/tok-1");
        ((int)answer.StatusCode).ShouldBe(410);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }

    [Fact]
    public async Task an_unknown_link_is_404_and_a_dead_service_503()
    {
        Answers(404, """{"code":"not-found"}""");
        ((int)(await house.Get("/registrations/tok-1")).StatusCode).ShouldBe(404);

        await Invitations.Die();
        var answer = await house.Get("/registrations/tok-1");
        ((int)answer.StatusCode).ShouldBe(503);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("stays valid");
    }

    private void Answers(int status, string json) => Invitations.Answer = context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(json);
    };
}
