using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-07")]
public sealed class correcting_an_invitation(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task shows_in_the_list_and_by_the_link_which_stays_valid()
    {
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "typo1@example.org"));

        using var answer = await Patch(invitation, new { firstName = "Eda", phone = "+46701234567" });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var listed = (await service.Patient(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations?organizationId={_organization}"))!["items"]![0]!;
        listed["firstName"]!.GetValue<string>().ShouldBe("Eda");
        listed["lastName"]!.GetValue<string>().ShouldBe("Lovelace");
        listed["phone"]!.GetValue<string>().ShouldBe("+46701234567");
        listed["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        var offered = (await service.Patient().GetFromJsonAsync<JsonNode>($"/api/v1/registrations/{service.Token(invitation)}"))!;
        offered["firstName"]!.GetValue<string>().ShouldBe("Eda");
    }

    [Fact]
    public async Task offers_what_can_be_changed_which_is_the_language_alone_where_an_account_says_who_it_is_for()
    {
        await service.Person("typo5@example.org");
        var toAccount = await service.Invited(InvitationsService.Access(_organization, "typo5@example.org"));
        var toStranger = await service.Invited(InvitationsService.Access(_organization, "typo6@example.org"));

        Changeable(await Invitation(toAccount)).ShouldBe(["language"]);
        Changeable(await Invitation(toStranger)).ShouldBe(["firstName", "lastName", "language"]);
        (await Patch(toAccount, new { firstName = "Eda" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Patch(toAccount, new { language = "en" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Invitation(toAccount))["language"]!.GetValue<string>().ShouldBe("en");

        static IEnumerable<string> Changeable(JsonNode invitation) => invitation["changeable"]!.AsArray().Select(field => field!.GetValue<string>());
    }

    [Fact]
    [Trait("Feature", "API-01")]
    public async Task of_two_who_read_the_same_lets_the_first_and_tells_the_second()
    {
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "typo2@example.org"));
        using var read = await service.Patient(InvitationsService.Admin).GetAsync($"/api/v1/invitations/{invitation["id"]}");
        var tag = read.Headers.ETag!.ToString();

        var answers = await Task.WhenAll(
            Patch(invitation, new { firstName = "Eda" }, tag), Patch(invitation, new { firstName = "Ida" }, tag), Patch(invitation, new { firstName = "Oda" }, tag));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "INV-27")]
    public async Task is_not_held_up_by_what_becomes_of_the_mail_which_shows_beside_the_status()
    {
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "typo3@example.org"));
        using var read = await service.Patient(InvitationsService.Admin).GetAsync($"/api/v1/invitations/{invitation["id"]}");
        await Delivered(invitation, "sent", null, 1);
        await Delivered(invitation, "bounced", "The mailbox does not exist.", 2);

        var bounced = await Invitation(invitation);
        bounced["status"]!.GetValue<string>().ShouldBe("pending");
        bounced["delivery"]!["status"]!.GetValue<string>().ShouldBe("bounced");
        bounced["delivery"]!["error"]!.GetValue<string>().ShouldBe("The mailbox does not exist.");
        (await Patch(invitation, new { firstName = "Eda" }, read.Headers.ETag!.ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task keeps_what_was_typed_out_of_the_events_in_clear()
    {
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "typo4@example.org"));
        await Patch(invitation, new { firstName = "Canarybird" });

        (await service.Database.Ask<long>("select count(*) from mt_events where data::text ~ 'Canarybird'")).ShouldBe(0);
    }

    private async Task Delivered(JsonNode invitation, string status, string? error, int minute)
    {
        var stream = Invitations.Invitation.Stream(_organization, invitation["id"]!.GetValue<Guid>());
        await service.Services.GetRequiredService<PostgresEventStore>().Transact(new EventMetadata(), session => session.Decide<Invitation, InvitationEvent>(
            stream, state => RecordDelivery.Decide(state, new(1, "email", status, error, TimeProvider.System.GetUtcNow().AddMinutes(minute)))));
    }

    private async Task<JsonNode> Invitation(JsonNode invitation) =>
        (await service.Patient(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{invitation["id"]}"))!;

    private async Task<HttpResponseMessage> Patch(JsonNode invitation, object patch, string? ifMatch = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/invitations/{invitation["id"]}") { Content = JsonContent.Create(patch) };
        if (ifMatch is not null)
            message.Headers.Add("If-Match", ifMatch);
        return await service.Patient(InvitationsService.Admin).SendAsync(message);
    }
}

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-26")]
public sealed class saying_no(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly Guid _subscription = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task by_the_link_shows_the_inviter_the_reason_and_lets_the_person_be_invited_again()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "no1@example.org", _subscription));
        var link = $"/api/v1/registrations/{service.Token(invitation)}";

        for (var i = 0; i < 2; i++)
            (await service.Patient().PostAsJsonAsync($"{link}/decline", new { reason = "Not my field." })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var after = (await service.Patient(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{invitation["id"]}"))!;
        after["status"]!.GetValue<string>().ShouldBe("declined");
        after["declineReason"]!.GetValue<string>().ShouldBe("Not my field.");
        using var dead = await service.Patient().GetAsync(link);
        dead.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await dead.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>().ShouldBe("link-declined");
        (await service.Invited(InvitationsService.Access(_organization, "no1@example.org", _subscription)))["status"]!.GetValue<string>().ShouldBe("pending");
    }

    [Fact]
    public async Task tells_the_inviter_and_gives_the_seat_back_once()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "no2@example.org"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.Patient().PostAsync($"/api/v1/registrations/{service.Token(invitation)}/decline", null)));

        await Eventually.Is(() => Task.FromResult(service.Notices.Count(n => n.Facts.GetValueOrDefault("invitationId") == invitation["id"]!.ToString()) == 1), "the inviter is told");
        service.Notices.Single(n => n.Facts.GetValueOrDefault("invitationId") == invitation["id"]!.ToString()).RecipientId.ShouldBe(InvitationsService.Admin.Id);
        (await service.Database.Ask<long>(
            "select count(*) from mt_events where stream_id = $1 and type in ('invitation.declined.v1', 'invitation.withdrawal_settled.v1')", $"invitation-{invitation["id"]}"))
            .ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    public async Task signed_in_is_for_the_invited_user_alone()
    {
        var user = await service.Person("no3@example.org");
        var invitation = await service.Invited(InvitationsService.Access(_organization, "no3@example.org"));
        var decline = $"/api/v1/invitations/{invitation["id"]}/decline";

        (await service.Patient(InvitationsService.Admin).PostAsync(decline, null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var mine = (await service.Patient(user).GetFromJsonAsync<JsonNode>("/api/v1/invitations/mine"))!;
        mine["items"]!.AsArray().Select(i => i!["id"]!.ToString()).ShouldBe([invitation["id"]!.ToString()]);
        (await service.Patient(user).PostAsync(decline, null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Patient(user).GetFromJsonAsync<JsonNode>("/api/v1/invitations/mine"))!["total"]!.GetValue<int>().ShouldBe(0);
    }
}
