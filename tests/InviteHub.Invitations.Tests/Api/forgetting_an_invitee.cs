using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "GDP-03")]
[Trait("Feature", "GDP-05")]
public sealed class forgetting_an_invitee(InvitationsService service)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    public async Task takes_back_and_empties_what_they_were_invited_to_under_every_id()
    {
        const string Email = "canary-forgotten@example.org";
        var (north, south) = (Id(), Id());
        // One invitation was accepted, by which the account came; the other one, of the same address, has an invitee of its own.
        var accepted = await service.Invited(InvitationsService.Customer(north, Email));
        (await service.Patient().PostAsJsonAsync($"/api/v1/registrations/{service.Token(accepted)}", Form)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var open = await service.Invited(InvitationsService.Customer(south, Email));
        var stranger = await service.Invited(InvitationsService.Customer(south, "stranger-forgotten@example.org"));
        var person = await service.Database.Ask<Guid>("select invitee_id from invitation_list where id = $1", accepted["id"]!.GetValue<Guid>());
        var told = new PersonChanged(person, Email, "Ada", "Lovelace", "+46701234567", "en", "guest");
        await service.Tell(told);
        await Eventually.Is(async () => await service.Database.Ask<long>("select count(*) from people where user_id = $1", person) == 1, "the person is known");
        using var csv = new StringContent($"email,username,firstName,lastName\n{Email},ada,Ada,Lovelace\n", Encoding.UTF8, "text/csv");
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/batches?organizationId={south}&way=customer&dryRun=true", csv)).EnsureSuccessStatusCode();
        (await service.Database.RowsWith("canary-forgotten")).ShouldNotBeEmpty();

        await Forget(person, Email);

        (await service.Database.RowsWith("canary-forgotten")).ShouldBeEmpty();
        (await Status(open)).ShouldBe("revoked");
        (await Status(accepted)).ShouldBe("accepted");
        (await Status(stranger)).ShouldBe("pending");
        (await service.Database.Ask<long>("select count(*) from invitation_batch_rows where batch_id in (select id from invitation_batches where organization_id = $1) and sealed is not null", south))
            .ShouldBe(0);
        using var closed = await service.Client().GetAsync($"/api/v1/registrations/{service.Token(open)}");
        closed.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{open["id"]}/resend", null)).Content.ReadAsStringAsync()).ShouldContain("invitation-ended");
        (await Store.Verify(Invitation.Stream(south, open["id"]!.GetValue<Guid>()))).ShouldBeNull();
        (await Rebuilt.Differences(service.Services, service.Database)).ShouldBeEmpty();

        // What was on its way comes late, and what was done comes again.
        await service.Tell(told);
        await service.Tell(new AccountInvitationDue(
            Id(), person, "account", "email", Email, "Ada", "Lovelace", Phone: null, Username: null, "en", InvitationsService.Admin.Id, CurrentUser.SystemAdmin));
        await Forget(person, Email);
        await Forget(person, Email);
        (await service.Database.RowsWith("canary-forgotten")).ShouldBeEmpty();
        (await service.Database.Ask<long>("select count(*) from people where user_id = $1", person)).ShouldBe(0);

        // The address belongs to whoever is invited to it from now on.
        await service.Invited(InvitationsService.Customer(south, Email));
    }

    [Fact]
    public async Task takes_back_one_that_has_expired_so_that_nobody_sends_it_again()
    {
        const string Email = "canary-expired@example.org";
        var expired = await service.Invited(InvitationsService.Access(Id(), Email));
        await service.Expire(expired);
        var person = await service.Database.Ask<Guid>("select invitee_id from invitation_list where id = $1", expired["id"]!.GetValue<Guid>());

        await Forget(person, Email);

        (await Status(expired)).ShouldBe("revoked");
        (await service.Database.RowsWith("canary-expired")).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task takes_back_what_gave_them_a_username_and_a_one_time_password()
    {
        const string Email = "canary-account@example.org";
        var due = new AccountInvitationDue(
            Id(), Id(), "account", "sms", Email, "Canaryada", "Lovelace", "+46701999888", "canary-username", "en", InvitationsService.Admin.Id, CurrentUser.SystemAdmin)
        {
            OneTimePasswordUntil = service.Clock.GetUtcNow().AddDays(1),
        };
        await service.Tell(due);
        await Eventually.Is(async () => await Status(due.InvitationId) == "pending", "they are invited");
        (await service.Database.RowsWith("Canaryada")).ShouldNotBeEmpty();
        var stream = Invitation.Stream(
            await service.Database.Ask<Guid>("select organization_id from invitation_list where id = $1", due.InvitationId), due.InvitationId);

        await Forget(due.UserId, Email);

        foreach (var canary in new[] { Email, "Canaryada", "46701999888", "canary-username" })
            (await service.Database.RowsWith(canary)).ShouldBeEmpty(canary);
        (await Store.OpenSession().AggregateStream<Invitation, InvitationEvent>(stream))!.Offer!.Username.ShouldBe(PersonalDataAttribute.Erased);
        (await Status(due.InvitationId)).ShouldBe("revoked");
        await Eventually.Is(() => service.EndedOneTimePasswords.Contains((due.UserId, due.InvitationId)), "the password ends");
    }

    [Fact]
    public async Task takes_their_name_out_of_what_they_offered_to_others()
    {
        const string Email = "canary-inviter@example.org";
        var person = await service.Person(Email, "Canarygrace");
        using var made = await service.Patient(new(person.Id, person.SessionId, CurrentUser.SystemAdmin))
            .PostAsJsonAsync("/api/v1/invitations", InvitationsService.Customer(Id(), "told-by-canary@example.org"));
        var invitation = (await made.Content.ReadFromJsonAsync<JsonNode>())!;
        var id = invitation["id"]!.GetValue<Guid>();
        (await Offer())["invitedBy"]!.GetValue<string>().ShouldBe("Canarygrace Hopper");

        await Forget(person.Id, Email);

        (await service.Database.RowsWith("Canarygrace")).ShouldBeEmpty();
        (await Offer())["invitedBy"].ShouldBeNull();
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{id}/resend", null)).EnsureSuccessStatusCode();
        await Eventually.Is(() => service.Opened.Any(one => one.InvitationId == id && one.Generation == 2), "it is sent again");
        var sent = service.Opened.Where(one => one.InvitationId == id).ToDictionary(one => one.Generation, one => (one.InvitedBy, one.InvitedByName));
        sent[1].ShouldBe((person.Id, "Canarygrace Hopper"));
        sent[2].ShouldBe((person.Id, null));

        async Task<JsonNode> Offer() =>
            (await service.Client().GetFromJsonAsync<JsonNode>($"/api/v1/registrations/{service.Token(invitation)}"))!;
    }

    private PostgresEventStore Store => service.Services.GetRequiredService<PostgresEventStore>();

    private static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private Task<string?> Status(JsonNode invitation) => Status(invitation["id"]!.GetValue<Guid>());

    private Task<string?> Status(Guid id) => service.Database.Ask<string>("select status from invitation_list where id = $1", id);

    /// <summary>Asks for it as Identity does, and waits until it is confirmed.</summary>
    private async Task Forget(Guid person, string email)
    {
        var confirmed = new TaskCompletionSource<PersonErased>();
        var listening = service.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint(
            new TemporaryEndpointDefinition(), null, (_, endpoint) => endpoint.Handler<PersonErased>(m =>
            {
                if (m.Message.UserId == person)
                    confirmed.TrySetResult(m.Message);
                return Task.CompletedTask;
            }));
        await listening.Ready;
        await service.Tell(new ErasureDue(person, ["invitations"], email, [], InvitationsService.Admin.Id, service.Clock.GetUtcNow()));
        (await confirmed.Task.WaitAsync(TimeSpan.FromSeconds(60))).Service.ShouldBe("invitations");
        await listening.StopAsync();
    }
}
