using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Testing;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-08")]
public sealed class sending_again(InvitationsService service)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly Guid _subscription = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task makes_a_new_link_and_the_earlier_one_says_that_it_was_replaced()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again1@example.org"));

        using var answer = await Resend(invitation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var after = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        after["id"]!.ToString().ShouldBe(invitation["id"]!.ToString());
        after["expiresOn"]!.ToString().ShouldBe(invitation["expiresOn"]!.ToString());
        using var earlier = await service.Patient().GetAsync($"/api/v1/registrations/{service.Token(invitation)}");
        earlier.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await Code(earlier)).ShouldBe("link-replaced");
        (await service.Patient().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation, 2)}", Form)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task twice_at_once_under_one_key_makes_one_new_link()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again2@example.org"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Resend(invitation, "key")));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        (await Links(invitation)).ShouldBe(2);

        (await Resend(invitation, "another key")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Links(invitation)).ShouldBe(3);
    }

    [Fact]
    public async Task after_it_expired_keeps_id_and_history_and_opens_with_the_full_term()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again3@example.org"));
        await service.Expire(invitation);
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var answer = await Resend(invitation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var after = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        after["status"]!.GetValue<string>().ShouldBe("pending");
        after["expiresOn"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(invitation["expiresOn"]!.GetValue<DateTimeOffset>());
        (await service.Patient().GetAsync($"/api/v1/registrations/{service.Token(invitation, 2)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var log = (await service.Patient(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{invitation["id"]}/logs"))!;
        log["items"]!.AsArray().Select(entry => entry!["event"]!.GetValue<string>()).ShouldBe(
            [
                "invitation.requested.v1", "invitation.opened.v1", "invitation.expired.v1", "invitation.withdrawal_settled.v1",
                "invitation.renewal_requested.v1", "invitation.opened.v1",
            ]);
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    [Trait("Feature", "INV-25")]
    public async Task after_it_expired_without_a_free_seat_is_refused_with_the_facts_and_stays_expired()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again4@example.org"));
        await service.Expire(invitation);
        service.Full(_organization);

        using var answer = await Resend(invitation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        problem["code"]!.GetValue<string>().ShouldBe("seat-limit-reached");
        problem["facts"]!["used"]!.GetValue<int>().ShouldBe(2);
        var after = (await service.Patient(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{invitation["id"]}"))!;
        after["status"]!.GetValue<string>().ShouldBe("expired");
        after["refusal"]!["code"]!.GetValue<string>().ShouldBe("seat-limit-reached");
        after["refusal"]!["facts"]!["used"]!.GetValue<string>().ShouldBe("2");
    }

    [Fact]
    [Trait("Feature", "INV-02")]
    public async Task after_it_expired_and_the_person_was_invited_anew_is_refused()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again5@example.org", _subscription));
        await service.Expire(invitation);
        await service.Invited(InvitationsService.Access(_organization, "again5@example.org", _subscription));

        using var answer = await Resend(invitation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Code(answer)).ShouldBe("invitation-open");
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task while_somebody_registers_by_the_link_leaves_one_of_the_two_and_never_both()
    {
        for (var i = 0; i < 4; i++)
        {
            var invitation = await service.Invited(InvitationsService.Access(_organization, $"again6-{i}@example.org"));

            var (resending, registering) = (Resend(invitation), service.Patient().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form));
            var (resent, registered) = (await resending, await registering);

            var outcome = (resent.StatusCode, registered.StatusCode);
            outcome.ShouldBeOneOf((HttpStatusCode.OK, HttpStatusCode.Gone), (HttpStatusCode.Conflict, HttpStatusCode.Created));
            (await Links(invitation)).ShouldBe(resent.StatusCode == HttpStatusCode.OK ? 2 : 1);
        }
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task is_what_whoever_holds_an_expired_link_can_ask_for_and_the_inviter_hears_of_once()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "again7@example.org"));
        await service.Expire(invitation);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => service.Patient().PostAsync($"/api/v1/registrations/{service.Token(invitation)}/new-link", null)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted);
        await Eventually.Is(() => Task.FromResult(Told() > 0), "the inviter is told");
        (await service.Database.Ask<long>(
            "select count(*) from mt_events where stream_id = $1 and type = 'invitation.new_link_asked.v1'", $"invitation-{invitation["id"]}")).ShouldBe(1);
        Told().ShouldBe(1);

        int Told() => service.Notices.Count(n => n.Facts.GetValueOrDefault("invitationId") == invitation["id"]!.ToString() && n.Facts["what"] == "newLinkAsked");
    }

    private async Task<HttpResponseMessage> Resend(JsonNode invitation, string? key = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/invitations/{invitation["id"]}/resend");
        if (key is not null)
            message.Headers.Add("Idempotency-Key", $"{invitation["id"]} {key}");
        return await service.Patient(InvitationsService.Admin).SendAsync(message);
    }

    private Task<long> Links(JsonNode invitation) =>
        service.Database.Ask<long>("select count(*) from invitation_links where invitation_id = $1", invitation["id"]!.GetValue<Guid>());

    private static async Task<string> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
}
