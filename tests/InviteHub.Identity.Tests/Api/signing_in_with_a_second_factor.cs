using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-07")]
public class signing_in_with_a_second_factor(IdentityService identity)
{
    private static readonly object Password = new { password = Some.Password };

    [Fact]
    public async Task asks_for_the_code_of_the_app_and_takes_it_once_also_from_two_at_once()
    {
        var (person, secret, _) = await WithApp();
        using var without = await SignIn(person.Email, null);
        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var problem = (await without.Content.ReadFromJsonAsync<JsonNode>())!;
        problem["code"]!.GetValue<string>().ShouldBe("second-factor-required");
        problem["factors"]!.AsArray().Select(f => f!.GetValue<string>()).ShouldBe(["authenticator", "recoveryCode"]);
        using var wrongPassword = await SignIn(person.Email, Next(secret), "correct staple of a house");
        (await wrongPassword.Code()).ShouldBe("invalid-credentials");

        var code = Next(secret);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignIn(person.Email, code)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
            (refused.StatusCode, await refused.Code()).ShouldBe((HttpStatusCode.Unauthorized, "second-factor-wrong"));
        (await SignIn(person.Email, Next(secret))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task takes_a_recovery_code_once_also_from_two_at_once()
    {
        var (person, _, codes) = await WithApp();
        codes.Count.ShouldBe(10);
        var answers = await Task.WhenAll(SignIn(person.Email, codes[3]), SignIn(person.Email, codes[3].ToUpperInvariant()));
        answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Unauthorized], ignoreOrder: true);
        var (client, _) = identity.With((await answers.Single(a => a.IsSuccessStatusCode).Content.ReadFromJsonAsync<SessionTokens>())!);
        (await client.GetFromJsonAsync<JsonNode>("/api/v1/me/two-factor"))!["recoveryCodesLeft"]!.GetValue<int>().ShouldBe(9);

        using var made = await client.PostAsJsonAsync("/api/v1/me/two-factor/recovery-codes", Password);
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignIn(person.Email, codes[4])).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task waits_longer_after_each_wrong_code_as_after_a_wrong_password()
    {
        var (person, _, _) = await WithApp();
        for (var i = 0; i < 6; i++)
            (await SignIn(person.Email, "000000")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var refused = await SignIn(person.Email, "000000");
        (refused.StatusCode, await refused.Code()).ShouldBe((HttpStatusCode.TooManyRequests, "too-many-attempts"));
    }

    [Fact]
    public async Task mails_a_code_and_takes_it_once_within_ten_minutes()
    {
        var person = await WithMail();
        var code = await Mailed(person);
        (await SignIn(person.Email, code)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignIn(person.Email, code)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var late = await Mailed(person, code);
        identity.Clock.Advance(MinutesOfACode);
        (await SignIn(person.Email, late)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task locks_a_mailed_code_after_three_wrong_ones_and_mails_another()
    {
        var person = await WithMail();
        var code = await Mailed(person);
        for (var i = 0; i < 3; i++)
            (await SignIn(person.Email, code == "000000" ? "000001" : "000000")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var locked = await SignIn(person.Email, code);
        (locked.StatusCode, await locked.Code()).ShouldBe((HttpStatusCode.Unauthorized, "second-factor-wrong"));

        // Five attempts are free: the wait for the next ones is over soon.
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        var next = await Mailed(person, code);
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        (await SignIn(person.Email, next)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task tells_nobody_whether_the_password_was_right_when_a_code_is_asked_for()
    {
        var person = await WithMail();
        using var right = await Ask(person.Email, Some.Password);
        using var wrong = await Ask(person.Email, "correct staple of a house");
        using var unknown = await Ask(Some.Email(), Some.Password);
        foreach (var answer in new[] { right, wrong, unknown })
            (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Length).ShouldBe((HttpStatusCode.Accepted, 0));
        (await identity.Database.Ask<long>(
            "select count(*) from mt_events where stream_id = $1 and type = 'twofactor.email_code_due.v1'", $"twofactor-{person.Id}")).ShouldBe(2);
    }

    [Fact]
    public async Task shows_the_app_s_secret_as_text_link_and_picture_and_keeps_it_and_the_codes_hidden()
    {
        var (_, client) = await Person();
        using var answer = await client.PostAsJsonAsync("/api/v1/me/two-factor/authenticator", Password);
        var enrolled = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        var secret = enrolled["secret"]!.GetValue<string>();
        enrolled["uri"]!.GetValue<string>().ShouldContain($"secret={secret}&");
        XDocument.Parse(enrolled["qrCode"]!.GetValue<string>()).Root!.Name.LocalName.ShouldBe("svg");
        using var wrong = await client.PostAsJsonAsync("/api/v1/me/two-factor/authenticator/confirm", new { code = "000000" });
        (wrong.StatusCode, await wrong.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "code-wrong"));
        var codes = await Confirm(client, "authenticator", Totp.CodeAt(secret, identity.Clock.GetUtcNow()));
        (await identity.Database.RowsWith(secret)).ShouldBeEmpty();
        (await identity.Database.RowsWith(codes[0])).ShouldBeEmpty();
    }

    [Fact]
    public async Task changes_only_for_who_knows_the_password()
    {
        var (_, client) = await Person();
        var wrong = new { password = "correct staple of a house" };
        using var enrol = await client.PostAsJsonAsync("/api/v1/me/two-factor/authenticator", wrong);
        (enrol.StatusCode, await enrol.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "current-password-wrong"));
        (await client.PostAsJsonAsync("/api/v1/me/two-factor/email-code", wrong)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Delete(client, "authenticator", wrong)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.PostAsJsonAsync("/api/v1/me/two-factor/recovery-codes", wrong)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task is_turned_off_by_its_owner()
    {
        var (person, secret, _) = await WithApp();
        using var signedIn = await SignIn(person.Email, Next(secret));
        var (client, _) = identity.With((await signedIn.Content.ReadFromJsonAsync<SessionTokens>())!);
        (await Delete(client, "authenticator", Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SignIn(person.Email, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_helped_with_by_an_administrator()
    {
        var (person, _, _) = await WithApp();
        var admin = await identity.Admin();
        (await Factor()).ShouldBe((true, false));
        (await admin.PostAsync($"/api/v1/users/{person.Id}/two-factor/email-code", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await SignIn(person.Email, await Code(person.Id))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.DeleteAsync($"/api/v1/users/{person.Id}/two-factor/authenticator")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Factor()).ShouldBe((false, true));
        var items = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{person.Id}/logs?sort=at:desc&pageSize=1"))!["items"]!.AsArray();
        items.ShouldHaveSingleItem()!["changes"]!.AsArray().Select(change => change!["field"]!.GetValue<string>()).ShouldBe(["secondFactor.authenticator"]);
        using var without = await SignIn(person.Email, null);
        (await without.Content.ReadFromJsonAsync<JsonNode>())!["factors"]!.AsArray().Select(f => f!.GetValue<string>()).ShouldBe(["emailCode", "recoveryCode"]);

        (await admin.PostAsync($"/api/v1/users/{Some.Id()}/two-factor/email-code", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"/api/v1/users/{Some.Id()}/two-factor")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var (_, guest) = await Person();
        (await guest.PostAsync($"/api/v1/users/{person.Id}/two-factor/email-code", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await guest.DeleteAsync($"/api/v1/users/{person.Id}/two-factor/authenticator")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        async Task<(bool App, bool Mail)> Factor()
        {
            var factor = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{person.Id}/two-factor"))!;
            return (factor["authenticator"]!.GetValue<bool>(), factor["emailCodes"]!.GetValue<bool>());
        }
    }

    private static TimeSpan MinutesOfACode { get; } = TimeSpan.FromMinutes(10);

    private Task<HttpResponseMessage> SignIn(string email, string? code, string password = Some.Password) =>
        identity.Client().PostAsJsonAsync("/api/v1/session", new { email, password, code });

    private Task<HttpResponseMessage> Ask(string email, string password) =>
        identity.Client().PostAsJsonAsync("/api/v1/session/email-code", new { email, password });

    private async Task<((Guid Id, string Email) Person, HttpClient Client)> Person()
    {
        var person = await identity.Person();
        return (person, (await identity.SignedIn(person.Email)).Client);
    }

    private async Task<((Guid Id, string Email) Person, string Secret, IReadOnlyList<string> Codes)> WithApp()
    {
        var (person, client) = await Person();
        using var answer = await client.PostAsJsonAsync("/api/v1/me/two-factor/authenticator", Password);
        var secret = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["secret"]!.GetValue<string>();
        return (person, secret, await Confirm(client, "authenticator", Totp.CodeAt(secret, identity.Clock.GetUtcNow())));
    }

    private async Task<(Guid Id, string Email)> WithMail()
    {
        var (person, client) = await Person();
        (await client.PostAsJsonAsync("/api/v1/me/two-factor/email-code", Password)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Confirm(client, "email-code", await Code(person.Id));
        return person;
    }

    private static async Task<IReadOnlyList<string>> Confirm(HttpClient client, string factor, string code)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/me/two-factor/{factor}/confirm", new { code });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonNode>())!["recoveryCodes"]!.AsArray().Select(c => c!.GetValue<string>())];
    }

    private static Task<HttpResponseMessage> Delete(HttpClient client, string factor, object body) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/me/two-factor/{factor}") { Content = JsonContent.Create(body) });

    /// <summary>The app's code of the next time step.</summary>
    private string Next(string secret)
    {
        identity.Clock.Advance(TimeSpan.FromSeconds(30));
        return Totp.CodeAt(secret, identity.Clock.GetUtcNow());
    }

    private async Task<string> Mailed((Guid Id, string Email) person, string? before = null)
    {
        (await Ask(person.Email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return await Code(person.Id, before);
    }

    /// <summary>The code that the mail of the newest notice carries.</summary>
    private async Task<string> Code(Guid userId, string? before = null)
    {
        var links = identity.Services.GetRequiredService<LinkTokens>();
        var due = await identity.Database.Ask<string>(
            "select data->>'noticeId' from mt_events where stream_id = $1 and type = 'twofactor.email_code_due.v1' order by version desc limit 1", $"twofactor-{userId}");
        var notice = await identity.Hears<NoticeDue>(n => n.NoticeId == Guid.Parse(due!));
        (notice.Kind, notice.RecipientId, notice.ExpiresAt).ShouldBe((NoticeKind.TwoFactorCode, userId, notice.At + MinutesOfACode));
        var code = links.CodeForNotice(notice.NoticeId);
        code.ShouldNotBe(before);
        return code;
    }
}
