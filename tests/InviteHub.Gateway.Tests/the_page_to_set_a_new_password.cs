using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "USR-08")]
public sealed class the_page_to_set_a_new_password(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const string Page = "/password-reset/tok-1";

    private Backend Identity => house.Services["identity"];

    public Task InitializeAsync() => house.Tidy();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task asks_twice_and_never_uses_the_link_by_being_opened()
    {
        Answers(200, """{"expiresAt":"2031-02-03T04:05:06Z"}""");

        var answer = await house.Get(Page, ("Accept-Language", "sv"));
        var html = await answer.Content.ReadAsStringAsync();

        html.ShouldContain("""<html lang="sv">""");
        html.ShouldContain("""name="password" type="password" autocomplete="new-password" """.TrimEnd());
        html.ShouldContain("""name="again" """.TrimEnd());
        html.ShouldNotContain("<script");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldEndWith("form-action 'self'");
        Identity.Asked.ShouldBe(["GET /api/v1/password-resets/tok-1"]);
    }

    [Theory]
    [InlineData("link-expired", "has expired")]
    [InlineData("link-used", "you can sign in")]
    [InlineData("link-replaced", "newer mail")]
    public async Task says_why_a_link_is_over(string code, string words)
    {
        Answers(410, $$"""{"code":"{{code}}"}""");
        var answer = await house.Get(Page);
        ((int)answer.StatusCode).ShouldBe(410);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(words);
    }

    [Fact]
    public async Task sets_what_was_typed_twice()
    {
        Answers(204, "");
        var answer = await Send("a long new passphrase", "a long new passphrase");
        ((int)answer.StatusCode).ShouldBe(200);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Your password is set");
        Identity.Asked.ShouldBe(["PUT /api/v1/password-resets/tok-1"]);
    }

    [Fact]
    public async Task sends_nothing_when_the_two_differ()
    {
        Answers(200, "{}");
        var answer = await Send("a long new passphrase", "another one");
        ((int)answer.StatusCode).ShouldBe(422);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The two passwords differ.");
        Identity.Asked.ShouldBe(["GET /api/v1/password-resets/tok-1"]);
    }

    [Fact]
    public async Task shows_what_is_wrong_with_the_password_and_the_form_again_without_it()
    {
        Answers(422, """{"code":"validation-failed","errors":{"password":["This <b>password</b> is known to many."]}}""");
        var answer = await Send("password1234", "password1234");
        var html = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(422);
        html.ShouldContain("This &lt;b&gt;password&lt;/b&gt; is known to many.");
        html.ShouldContain("role=\"alert\"");
        html.ShouldContain("<form");
        html.ShouldNotContain("password1234");
    }

    [Fact]
    public async Task is_503_and_changes_nothing_when_identity_is_away()
    {
        await Identity.Die();
        ((int)(await Send("a long new passphrase", "a long new passphrase")).StatusCode).ShouldBe(503);
    }

    private Task<HttpResponseMessage> Send(string password, string again) =>
        house.Client.PostAsync(Page, new FormUrlEncodedContent([new("password", password), new("again", again)]));

    private void Answers(int status, string body) => Identity.Answer = context =>
    {
        context.Response.StatusCode = status;
        return body.Length > 0 ? context.Response.WriteAsync(body) : Task.CompletedTask;
    };
}
