using System.Net;
using System.Net.Http.Json;
using InviteHub.Testing;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "LOG-06")]
public sealed class rebuilding_read_models(InvitationsService service)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    public async Task leads_to_the_rows_that_the_commits_led_to_and_links_go_on_working()
    {
        var organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var accepted = await service.Invited(InvitationsService.Access(organization, "grace1@example.org"));
        (await service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(accepted)}", Form)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var open = await service.Invited(InvitationsService.Customer(organization, "grace2@example.org"));

        (await Rebuilt.Differences(service.Services, service.Database)).ShouldBeEmpty();

        (await service.Client().GetAsync($"/api/v1/registrations/{service.Token(open)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
