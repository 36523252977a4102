using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-13")]
public sealed class accepting_as_an_existing_user(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task in_the_console_takes_no_link()
    {
        var (user, invitation) = await Invited("yes1@example.org");

        using var answer = await service.Patient(user).PostAsync($"/api/v1/invitations/{invitation["id"]}/acceptance", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["acceptedBy"]!.GetValue<Guid>().ShouldBe(user.Id);
    }

    [Fact]
    public async Task twice_at_once_by_link_and_in_the_console_is_accepted_once()
    {
        var (user, invitation) = await Invited("yes2@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => n % 2 == 0
            ? service.Patient(user).PostAsync($"/api/v1/invitations/{invitation["id"]}/acceptance", null)
            : service.Patient(user).PostAsJsonAsync("/api/v1/invitations/acceptances", new { token = service.Token(invitation) })));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(1);
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.Conflict);
        (await Happened(invitation, "invitation.registration_started.v1")).ShouldBe(1);
        (await Happened(invitation, "invitation.accepted.v1")).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-09")]
    public async Task while_it_is_revoked_ends_in_one_of_the_two_and_never_both()
    {
        for (var i = 0; i < 4; i++)
        {
            var (user, invitation) = await Invited($"yes3-{i}@example.org");

            var answers = await Task.WhenAll(
                service.Patient(user).PostAsync($"/api/v1/invitations/{invitation["id"]}/acceptance", null),
                service.Patient(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{invitation["id"]}/revoke", null));

            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            (await Happened(invitation, "invitation.accepted.v1") + await Happened(invitation, "invitation.revoked.v1")).ShouldBe(1);
        }
    }

    [Fact]
    [Trait("Feature", "ROL-09")]
    [Trait("Feature", "INV-25")]
    public async Task whose_roles_no_longer_allow_it_is_told_why_and_may_try_again()
    {
        var (user, invitation) = await Invited("yes4@example.org");
        service.WithoutAccounts(_organization);

        using var answer = await service.Patient(user).PostAsync($"/api/v1/invitations/{invitation["id"]}/acceptance", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>().ShouldBe("email-taken");
        (await Happened(invitation, "invitation.account_provisioned.v1")).ShouldBe(0);
        (await service.Patient(user).GetFromJsonAsync<JsonNode>("/api/v1/invitations/mine"))!["total"]!.GetValue<int>().ShouldBe(1);
    }

    private async Task<(CurrentUser User, JsonNode Invitation)> Invited(string email)
    {
        var user = await service.Person(email);
        return (user, await service.Invited(InvitationsService.Access(_organization, email)));
    }

    private Task<long> Happened(JsonNode invitation, string type) =>
        service.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = $2", $"invitation-{invitation["id"]}", type);
}
