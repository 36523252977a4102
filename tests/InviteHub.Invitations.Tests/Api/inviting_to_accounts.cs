using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
public sealed class inviting_to_accounts(InvitationsService service)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task opens_an_invitation_that_tells_the_username_and_takes_a_password()
    {
        var due = Due("account1@example.org");
        await Ask(due);
        var invitation = await Invitation(due.InvitationId, "pending");

        invitation["way"]!.GetValue<string>().ShouldBe("account");
        using var answer = await service.Patient().GetAsync($"/api/v1/registrations/{service.Token(invitation)}");
        var offer = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        (offer["username"]!.GetValue<string>(), offer["hasAccount"]!.GetValue<bool>()).ShouldBe(("ada", false));
        (await service.Patient().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Invitation(due.InvitationId, "accepted");
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task of_somebody_who_was_invited_before_sends_the_same_invitation_again_also_at_once()
    {
        var due = Due("account2@example.org");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Ask(due with { InvitationId = Id() })));

        await Eventually.Is(async () => await Count("invitation_links l join invitation_list i on i.id = l.invitation_id", due.UserId) == 4, "each asking made a link");
        (await Count("invitation_list i", due.UserId)).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task of_somebody_whose_address_changed_goes_to_the_new_one_alone()
    {
        var due = Due("account3@example.org");
        await Ask(due);
        await Invitation(due.InvitationId, "pending");
        var moved = due with { InvitationId = Id(), Email = "account3@moved.example.org" };
        await Ask(moved);

        await Invitation(moved.InvitationId, "pending");
        await Invitation(due.InvitationId, "revoked");
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task with_a_one_time_password_says_so_to_who_sends_it_and_is_accepted_when_the_person_has_a_password()
    {
        var due = Due("account5@example.org") with { OneTimePasswordUntil = service.Clock.GetUtcNow().AddDays(1) };
        await Ask(due);
        await Invitation(due.InvitationId, "pending");
        var again = due with { InvitationId = Id() };
        await Ask(again);
        await Eventually.Is(() => service.OneTimePasswords.Contains(again.InvitationId), "the mail is told of the second one");
        service.OneTimePasswords.ShouldContain(due.InvitationId);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.Tell(new AccountTakenOver(due.UserId, TimeProvider.System.GetUtcNow()))));

        await Invitation(due.InvitationId, "accepted");
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task with_a_one_time_password_that_is_revoked_ends_the_password_too()
    {
        var due = Due("account6@example.org") with { OneTimePasswordUntil = service.Clock.GetUtcNow().AddDays(1) };
        await Ask(due);
        await Invitation(due.InvitationId, "pending");

        (await service.Patient(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{due.InvitationId}/revoke", null)).EnsureSuccessStatusCode();

        await Eventually.Is(() => service.EndedOneTimePasswords.Contains((due.UserId, due.InvitationId)), "the password ends");
    }

    [Fact]
    [Trait("Feature", "INV-22")]
    public async Task that_expired_works_again_with_another_asking()
    {
        var due = Due("account4@example.org");
        await Ask(due);
        await service.Expire(await Invitation(due.InvitationId, "pending"));
        var again = due with { InvitationId = Id() };
        await Ask(again);

        await Invitation(again.InvitationId, "pending");
    }

    [Fact]
    [Trait("Feature", "INV-18")]
    public async Task of_an_internal_user_is_admitted_by_the_organization_and_proposes_the_username()
    {
        using var answer = await service.Patient(InvitationsService.Admin).PostAsJsonAsync(
            "/api/v1/invitations", new { way = "workspace", organizationId = Id(), email = "grace.hopper@example.org" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var invitation = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        (invitation["way"]!.GetValue<string>(), invitation["status"]!.GetValue<string>()).ShouldBe(("workspace", "pending"));
        var offer = (await service.Patient().GetFromJsonAsync<JsonNode>($"/api/v1/registrations/{service.Token(invitation)}"))!;
        offer["username"]!.GetValue<string>().ShouldBe("grace.hopper");
        (await service.Patient().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static AccountInvitationDue Due(string email) => new(
        Id(), Id(), "account", "email", email, "Ada", "Lovelace", null, "ada", "en", InvitationsService.Admin.Id, CurrentUser.SystemAdmin);

    private Task Ask(AccountInvitationDue due) => service.Services.GetRequiredService<IBus>().Publish(due, m => m.MessageId = Id());

    private async Task<JsonNode> Invitation(Guid id, string status)
    {
        JsonNode? invitation = null;
        await Eventually.Is(
            async () =>
            {
                using var answer = await service.Patient(InvitationsService.Admin).GetAsync($"/api/v1/invitations/{id}");
                invitation = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>() : null;
                return invitation?["status"]!.GetValue<string>() == status;
            },
            $"{id} becomes {status}");
        return invitation!;
    }

    private Task<long> Count(string table, Guid user) => service.Database.Ask<long>($"select count(*) from {table} where i.invitee_id = $1", user);

    private static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
