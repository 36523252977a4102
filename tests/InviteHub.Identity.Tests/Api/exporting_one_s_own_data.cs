using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-09")]
public class exporting_one_s_own_data(IdentityService identity)
{
    [Fact]
    public async Task gives_a_file_of_the_profile_the_sessions_and_what_happened()
    {
        var person = await identity.Person();
        (await (await identity.Admin()).PatchAsJsonAsync($"/api/v1/users/{person.Id}", new { firstName = "Robin" })).EnsureSuccessStatusCode();
        var (own, tokens) = await identity.SignedIn(person.Email);
        using var answer = await own.GetAsync("/api/v1/me/export");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var text = await answer.Content.ReadAsStringAsync();
        var export = JsonNode.Parse(text)!;
        export["profile"]!["personalNumber"]!.GetValue<string>().ShouldBe("198112189876");
        export["sessions"]!.AsArray().Count.ShouldBe(1);
        var log = export["log"]!.AsArray();
        log.Select(e => e!["event"]!.GetValue<string>()).ShouldContain("user.password_set.v1");
        var change = log.Single(e => e!["event"]!.GetValue<string>() == "user.details_changed.v1")!;
        change["data"]!["firstName"]!.GetValue<string>().ShouldBe("Robin");
        change["by"].ShouldNotBeNull();
        text.ShouldNotContain("hash", Case.Insensitive);
        text.ShouldNotContain(tokens.RefreshToken);
        (await identity.Client().GetAsync("/api/v1/me/export")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
