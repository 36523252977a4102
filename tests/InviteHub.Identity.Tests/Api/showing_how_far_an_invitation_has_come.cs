using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "INV-16")]
public class showing_how_far_an_invitation_has_come(IdentityService identity)
{
    [Fact]
    public async Task follows_what_is_told_of_the_invitation()
    {
        var person = await identity.Person();
        var invitation = Some.Id();
        await Tell(Requested(invitation, person.Id), 0);
        foreach (var (told, shown) in new[] { ("queued", "waiting"), ("sent", "invited"), ("failed", "error"), ("queued", "waiting"), ("bounced", "error") })
        {
            await Tell(Delivery(invitation, told), 0);
            await Shows(person.Email, shown);
            (await List($"search={person.Email}&invitationStatus={shown}")).ShouldHaveSingleItem();
            (await List($"search={person.Email}&invitationStatus=accepted")).ShouldBeEmpty();
        }

        await Tell(new InvitationAccepted(invitation, Some.Id(), "access", person.Id, Some.Instant), 0);
        await Shows(person.Email, "accepted");
        (await identity.Database.Ask<long>("select coalesce(sum(users), 0)::bigint from user_counts where invitation_status = 'accepted'"))
            .ShouldBe(await identity.Database.Ask<long>("select count(*) from users where invitation_status = 'accepted'"));
    }

    [Fact]
    public async Task says_what_went_wrong_until_it_is_sent_again()
    {
        var person = await identity.Person();
        var invitation = Some.Id();
        await Tell(Requested(invitation, person.Id), 0);
        await Tell(Delivery(invitation, "failed"), 0);
        await Shows(person.Email, "error");
        (await List($"search={person.Email}"))[0]["invitationError"]!.GetValue<string>().ShouldBe("mailbox full");
        var profile = (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{person.Id}"))!;
        (profile["invitationStatus"]!.GetValue<string>(), profile["invitationError"]!.GetValue<string>()).ShouldBe(("error", "mailbox full"));

        await Tell(Delivery(invitation, "queued"), 0);
        await Tell(Delivery(invitation, "failed"), -5);
        await Shows(person.Email, "waiting");
        (await List($"search={person.Email}"))[0]["invitationError"].ShouldBeNull();
        (await identity.Database.Ask<long>("select count(*) from user_invitations where invitation_id = $1 and error is not null", invitation)).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "INV-15")]
    public async Task sends_nothing_more_to_an_address_that_mail_came_back_from_until_it_is_corrected()
    {
        var admin = await identity.Admin();
        var (wrong, late) = (await Made(admin), await Made(admin));
        await Tell(Delivery(wrong.Invitation, "bounced") with { Error = "The mailbox is full (4.2.2)", IsHard = false }, 0);
        await Shows(wrong.Email, "error");
        (await Code(wrong.Id)).ShouldBeNull();
        await Tell(Delivery(wrong.Invitation, "bounced") with { Error = "There is no such mailbox (5.1.1)", IsHard = true }, 0);
        await Eventually.Is(async () => await Code(wrong.Id) == "email-undeliverable", "it is known not to take mail");

        // This one comes back after the address was corrected.
        foreach (var user in new[] { wrong.Id, late.Id })
            (await admin.PatchAsJsonAsync($"/api/v1/users/{user}", new { email = Some.Email() })).EnsureSuccessStatusCode();
        await Tell(Delivery(late.Invitation, "bounced") with { Error = "There is no such mailbox (5.1.1)", IsHard = true }, 0);
        await Eventually.Is(
            async () => await identity.Database.Ask<string>("select error from user_invitations where invitation_id = $1", late.Invitation) is not null, "it is heard");
        (await Code(wrong.Id)).ShouldBeNull();
        (await Code(late.Id)).ShouldBeNull();

        async Task<string?> Code(Guid user)
        {
            using var answer = await admin.PostAsJsonAsync("/api/v1/users/invitations", new { userIds = new[] { user } });
            return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["refused"]!.AsArray().SingleOrDefault()?["code"]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task takes_the_newest_of_all_invitations_in_whatever_order_it_hears_of_them()
    {
        var person = await identity.Person();
        var (first, second) = (Some.Id(), Some.Id());
        await Tell(Delivery(second, "failed"), 4);
        await Tell(Delivery(first, "sent"), 2);
        await Task.WhenAll(Tell(Requested(second, person.Id), 3), Tell(Requested(first, person.Id), 1));
        await Shows(person.Email, "error");
        await Tell(Delivery(second, "queued"), 3.5);
        await Tell(Delivery(first, "bounced"), 3.6);
        await Eventually.Is(
            async () => await identity.Database.Ask<string>("select status from user_invitations where invitation_id = $1", first) == "error", "the late one is heard");
        await Shows(person.Email, "error");
        (await identity.Database.Ask<string>("select status from user_invitations where invitation_id = $1", second)).ShouldBe("error");
        await Tell(Delivery(first, "sent"), 5);
        await Shows(person.Email, "invited");
    }

    [Fact]
    public async Task knows_of_those_of_a_batch_that_they_wait_once_they_are_opened()
    {
        var (first, second) = (await identity.Person(), await identity.Person());
        var (a, b) = (Opened(first.Id, first.Email), Opened(second.Id, second.Email));

        await Tell(new InvitationsOpened(Some.Id(), a.OrganizationId, [a, b]), 0);
        await Shows(first.Email, "waiting");
        await Shows(second.Email, "waiting");
        await Tell(Delivery(a.InvitationId, "sent"), 0);
        await Shows(first.Email, "invited");
        await Tell(new InvitationsOpened(Some.Id(), a.OrganizationId, [a]), -1);
        await Tell(Delivery(b.InvitationId, "sent"), 0);
        await Shows(second.Email, "invited");
        await Shows(first.Email, "invited");
    }

    [Fact]
    public async Task waits_for_whoever_has_no_account_yet()
    {
        var registration = Some.Registration();
        await Tell(Delivery(registration.InvitationId, "sent"), -5);
        await Tell(Requested(registration.InvitationId, registration.UserId), -6);
        await Eventually.Is(
            async () => await identity.Database.Ask<long>("select count(*) from user_invitations where user_id = $1", registration.UserId) == 1, "the invitation is known");
        await identity.Tell(registration);
        await Shows(registration.Email, "accepted");
    }

    /// <summary>Somebody who is being invited to an account.</summary>
    private async Task<(Guid Id, string Email, Guid Invitation)> Made(HttpClient admin)
    {
        var email = Some.Email();
        using var answer = await admin.PostAsJsonAsync(
            "/api/v1/users", new { email, emailConfirmation = email, firstName = "Kim", lastName = "Berg", sendInvitation = true });
        var user = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        return (user, email, (await identity.Hears<AccountInvitationDue>(m => m.UserId == user)).InvitationId);
    }

    private static InvitationRequested Requested(Guid invitation, Guid invitee) => new(
        invitation, Some.Id(), "access", Some.Id(), "systemAdmin", invitee, Some.Id(), Some.Id(), "editor");

    private static InvitationOpened Opened(Guid invitee, string email) => new(
        Some.Id(), Some.Id(), "access", 1, invitee, email, "Ada", "en", "Acme", "Planner", "Editor", "Eva Ek", Some.Instant.AddDays(365));

    private static InvitationDeliveryChanged Delivery(Guid invitation, string status) => new(
        invitation, Some.Id(), 1, "email", status, status is "failed" ? "mailbox full" : null, Some.Instant);

    // A message's id is its event's: what happened so many minutes from now. Each call at 0 comes after all before.
    private Task Tell<T>(T message, double minute) where T : class
    {
        if (minute == 0)
            identity.Clock.Advance(TimeSpan.FromMilliseconds(2));
        return identity.Tell(message, Guid.CreateVersion7(identity.Clock.GetUtcNow().AddMinutes(minute)));
    }

    private Task Shows(string email, string status) => Eventually.Is(
        async () => (await List($"search={email}")).SingleOrDefault()?["invitationStatus"]!.GetValue<string>() == status, $"{status} is shown");

    private async Task<IReadOnlyList<JsonNode>> List(string query) =>
        [.. (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users?{query}"))!["items"]!.AsArray().OfType<JsonNode>()];
}
