using System.Net;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SUB-01")]
public class settings_of_an_organization(SubscriptionsService service)
{
    [Fact]
    [Trait("Feature", "API-01")]
    public async Task are_the_defaults_until_changed_and_then_told_as_a_whole()
    {
        var (organization, asFounder, _) = await Founded();
        var read = await asFounder.GetAsync($"api/v1/organizations/{organization}/settings");
        var defaults = await read.Json();
        defaults["invitationValidForDays"]!.GetValue<int>().ShouldBe(365);
        defaults["oneTimePasswords"]!.GetValue<bool>().ShouldBeFalse();

        var tag = read.Headers.ETag.ShouldNotBeNull().ToString();
        var changed = await Patch(asFounder, organization, new { invitationValidForDays = 30, branding = new { color = "#00447C" } }, tag);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());
        (await Patch(asFounder, organization, new { hourlyInvitationLimit = 10, branding = new { name = "Acme" } })).EnsureSuccessStatusCode();

        var told = await service.Hears<OrganizationSettingsChanged>(m => m.OrganizationId == organization && m.HourlyInvitationLimit == 10);
        (told.InvitationValidForDays, told.Channels, told.WhoMayInvite, told.BrandName, told.BrandColor)
            .ShouldBe((30, "email", "authorized", "Acme", "#00447c"));
        await Patch(asFounder, organization, new { invitationValidForDays = 31 }, tag)
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
    }

    [Fact]
    public async Task do_not_go_stale_when_somebody_joins()
    {
        var (organization, asFounder, admin) = await Founded();
        var tag = (await asFounder.GetAsync($"api/v1/organizations/{organization}/settings")).Headers.ETag!.ToString();
        await admin.Send(HttpMethod.Put, $"organizations/{organization}/permissions/{SubscriptionsService.NewId()}", new { permissions = new[] { "member" } });
        (await Patch(asFounder, organization, new { requiresApproval = true }, tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task changed_by_two_at_once_on_one_version_are_changed_by_one()
    {
        var (organization, asFounder, _) = await Founded();
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(days =>
            Patch(asFounder, organization, new { invitationValidForDays = days }, "\"0\"")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(7);
    }

    [Fact]
    public async Task keep_what_is_not_named_and_lose_what_is_null()
    {
        var (organization, asFounder, _) = await Founded();
        await Patch(asFounder, organization, new { hourlyInvitationLimit = 5, reminderDays = new[] { 7 }, branding = new { name = "A", words = "B" } });
        var changed = await (await Patch(asFounder, organization, new { hourlyInvitationLimit = default(int?), branding = new { words = default(string) } })).Json();
        changed["hourlyInvitationLimit"].ShouldBeNull();
        changed["branding"]!["words"].ShouldBeNull();
        ((string?)changed["branding"]!["name"]).ShouldBe("A");
        changed["reminderDays"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"invitationValidForDays": "soon"}""", "invitationValidForDays")]
    [InlineData("""{"requiresApproval": null}""", "requiresApproval")]
    [InlineData("""{"allowedDomains": null}""", "allowedDomains")]
    [InlineData("""{"branding": {"logoUrl": "http://acme.test"}}""", "branding.logoUrl")]
    [InlineData("""{"branding": null}""", "branding")]
    [InlineData("""{"invitationLifetime": 3}""", "invitationLifetime")]
    [InlineData("[]", "settings")]
    public async Task say_which_of_them_is_wrong(string changes, string field)
    {
        var (organization, asFounder, _) = await Founded();
        using var body = new StringContent(changes, System.Text.Encoding.UTF8, "application/json");
        var problem = await asFounder.PatchAsync($"api/v1/organizations/{organization}/settings", body)
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([field]);
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task are_nothing_to_strangers()
    {
        var (organization, _, _) = await Founded();
        using var stranger = service.As(SubscriptionsService.NewId());
        await stranger.GetAsync($"api/v1/organizations/{organization}/settings").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        await Patch(stranger, organization, new { requiresApproval = true }).ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
    }

    private async Task<(Guid Organization, HttpClient AsFounder, HttpClient Admin)> Founded()
    {
        var founder = SubscriptionsService.NewId();
        var admin = service.AsAdmin();
        var organization = await admin.Make("organizations", new { name = "Acme", kinds = new[] { "business" } });
        await admin.Send(HttpMethod.Put, $"organizations/{organization}/permissions/{founder}", new { permissions = new[] { "founder" } });
        return (organization, service.As(founder), admin);
    }

    private static Task<HttpResponseMessage> Patch(HttpClient client, Guid organization, object changes, string? ifMatch = null) =>
        client.Send(HttpMethod.Patch, $"organizations/{organization}/settings", changes, ifMatch: ifMatch);
}
