using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-02")]
[Collection(NotificationsService.Collection)]
public sealed class previewing_messages(NotificationsService service)
{
    private HttpClient Admin => service.Client(new(Some.NewId(), Some.NewId(), CurrentUser.SystemAdmin));

    [Fact]
    public async Task all_kinds_are_listed_in_both_languages_in_pages()
    {
        var first = (await Admin.GetFromJsonAsync<JsonObject>("/api/v1/messages?pageSize=10"))!;
        var second = (await Admin.GetFromJsonAsync<JsonObject>("/api/v1/messages?pageSize=10&page=2"))!;
        var items = first["items"]!.AsArray().Concat(second["items"]!.AsArray()).ToArray();
        items.Length.ShouldBe((int)first["total"]!);
        items.Select(i => (string)i!["kind"]!).ShouldContain("passwordReset");
        items.ShouldAllBe(i => i!["languages"]!.AsArray().Select(l => (string)l!["language"]!).SequenceEqual(new[] { "en", "sv" }));
        items.ShouldAllBe(i => i!["languages"]!.AsArray().All(l => (string)l!["subject"]! != ""));
    }

    [Fact]
    public async Task one_is_shown_in_the_language_and_form_asked_for()
    {
        using var html = await Admin.GetAsync("/api/v1/messages/passwordReset/preview?language=sv&format=html");
        html.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        html.Content.Headers.ContentLanguage.ShouldBe(["sv"]);
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldEndWith("; sandbox");
        (await html.Content.ReadAsStringAsync()).ShouldContain("<h1 style=\"font-size:1.25em;line-height:1.3\">Välj ett nytt lösenord</h1>");

        using var sms = await Admin.GetAsync("/api/v1/messages/accessInvitation/preview?language=sv&format=sms");
        (await sms.Content.ReadAsStringAsync()).ShouldStartWith("Robin Example bjuder in dig till Timesheets hos Example Ltd.\nhttps://");

        using var text = await Admin.GetAsync("/api/v1/messages/accessInvitation/preview?format=text");
        text.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await text.Content.ReadAsStringAsync()).ShouldStartWith("Hello Kim,\n");
    }

    [Theory]
    [InlineData("nothing/preview", HttpStatusCode.NotFound, "message-not-found")]
    [InlineData("passwordReset/preview?language=de", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("passwordReset/preview?format=sms", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("passwordReset/preview?format=pdf", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    public async Task what_is_not_there_is_said(string path, HttpStatusCode status, string code)
    {
        using var answer = await Admin.GetAsync($"/api/v1/messages/{path}");
        answer.StatusCode.ShouldBe(status);
        ((string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!).ShouldBe(code);
    }

    [Theory]
    [Trait("Feature", "ROL-08")]
    [InlineData("messages")]
    [InlineData("messages/passwordReset/preview")]
    public async Task only_a_system_admin_may(string path)
    {
        (await service.Client().GetAsync($"/api/v1/{path}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var applicant = service.Client(new(Some.NewId(), Some.NewId(), "applicant"));
        (await applicant.GetAsync($"/api/v1/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
