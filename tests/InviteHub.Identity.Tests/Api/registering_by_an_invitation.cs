using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "INV-10")]
public class registering_by_an_invitation(IdentityService identity)
{
    [Fact]
    public async Task makes_the_account_and_signs_the_person_in_once()
    {
        const string grant = "a secret of the process that registers";
        var registration = Some.Registration(grantHash: LinkTokens.HashOf(grant)).WithAccess();
        await identity.Tell(registration);

        await identity.Hears<AccountProvisioned>(m => m == new AccountProvisioned(
            registration.RegistrationId, registration.InvitationId, registration.OrganizationId, registration.UserId));
        var person = await identity.Hears<PersonChanged>(m => m.UserId == registration.UserId);
        person.ShouldBe(new PersonChanged(registration.UserId, registration.Email, "Kim", "Eriksdotter", "+46701234567", "sv", "guest"));

        var answers = await Task.WhenAll(SignIn(grant), SignIn(grant));
        answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Unauthorized], ignoreOrder: true);
        var tokens = await answers.Single(a => a.IsSuccessStatusCode).Content.ReadFromJsonAsync<SessionTokens>();
        var (client, _) = identity.With(tokens!);
        var me = (await client.GetFromJsonAsync<JsonNode>("/api/v1/me"))!;
        me["id"]!.GetValue<Guid>().ShouldBe(registration.UserId);
        me["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        me["language"]!.GetValue<string>().ShouldBe("sv");
        var role = me["appRoles"]!.AsArray().ShouldHaveSingleItem()!;
        role["subscriptionId"]!.GetValue<Guid>().ShouldBe(registration.SubscriptionId!.Value);
        role["role"]!.GetValue<string>().ShouldBe("editor");
    }

    [Fact]
    public async Task is_answered_once_however_often_it_comes()
    {
        var registration = Some.Registration();
        await identity.Tell(registration);
        await identity.Tell(registration);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        var after = Some.Registration();
        await identity.Tell(after);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == after.RegistrationId);

        identity.Heard<AccountProvisioned>().Count(m => m.RegistrationId == registration.RegistrationId).ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"user-{registration.UserId}")).ShouldBe(3);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"provisioning-{registration.RegistrationId}")).ShouldBe(1);
    }

    [Fact]
    public async Task is_refused_for_an_address_that_has_an_account()
    {
        var first = Some.Registration();
        await identity.Tell(first);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == first.RegistrationId);
        var second = Some.Registration(first.Email.ToUpperInvariant());
        await identity.Tell(second);
        var refused = await identity.Hears<AccountRefused>(m => m.RegistrationId == second.RegistrationId);
        (refused.Kind, refused.Code).ShouldBe(("conflict", "email-taken"));
        identity.Heard<PersonChanged>().ShouldNotContain(m => m.UserId == second.UserId);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"user-{second.UserId}")).ShouldBe(0);
    }

    [Fact]
    public async Task makes_one_account_of_two_at_once_for_one_address()
    {
        var (first, second) = (Some.Registration(), Some.Registration());
        second = second with { Email = first.Email };
        var (one, other) = (identity.Store.OpenSession(), identity.Store.OpenSession());
        await ProvisionAccount.Handle(first, one, Some.Instant, default);
        await ProvisionAccount.Handle(second, other, Some.Instant, default);
        await one.SaveChanges();
        (await Should.ThrowAsync<UniqueRuleException>(() => other.SaveChanges())).Constraint.ShouldBe(Users.EmailRule);

        var (third, fourth) = (Some.Registration(), Some.Registration());
        fourth = fourth with { Email = third.Email };
        await Task.WhenAll(identity.Tell(third), identity.Tell(fourth));
        var provisioned = await identity.Hears<AccountProvisioned>(m => m.RegistrationId == third.RegistrationId || m.RegistrationId == fourth.RegistrationId);
        var refused = await identity.Hears<AccountRefused>(m => m.RegistrationId == third.RegistrationId || m.RegistrationId == fourth.RegistrationId);
        refused.RegistrationId.ShouldNotBe(provisioned.RegistrationId);
        refused.Code.ShouldBe("email-taken");
    }

    [Fact]
    public async Task is_refused_for_a_username_that_is_taken()
    {
        var first = Some.Registration() with { Username = "kim-the-first" };
        await identity.Tell(first);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == first.RegistrationId);
        var second = Some.Registration() with { Username = "KIM-the-first" };
        await identity.Tell(second);
        (await identity.Hears<AccountRefused>(m => m.RegistrationId == second.RegistrationId)).Code.ShouldBe("username-taken");
    }

    [Fact]
    [Trait("Feature", "ROL-09")]
    public async Task grants_an_existing_user_a_role_once_per_subscription()
    {
        var person = await identity.Person();
        var first = (Some.Registration(user: person.Id) with { IsExistingUser = true, Email = "", PasswordHash = null, GrantHash = "" }).WithAccess();
        await identity.Tell(first);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == first.RegistrationId);
        var second = first with { RegistrationId = Some.Id(), InvitationId = Some.Id() };
        await identity.Tell(second);
        (await identity.Hears<AccountRefused>(m => m.RegistrationId == second.RegistrationId)).Code.ShouldBe("role-already-held");
    }

    [Fact]
    public async Task leaves_ten_minutes_to_sign_in_with_its_secret()
    {
        const string grant = "a secret that comes too late";
        var registration = Some.Registration(grantHash: LinkTokens.HashOf(grant));
        await identity.Tell(registration);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        identity.Clock.Advance(TimeSpan.FromMinutes(10));
        using var late = await SignIn(grant);
        (late.StatusCode, await late.Code()).ShouldBe((HttpStatusCode.Unauthorized, "grant-unusable"));
        (await SignIn("")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task leaves_no_name_address_number_or_hash_in_clear_in_the_streams()
    {
        var registration = Some.Registration("canary.person@north.example") with
        {
            FirstName = "Kanarie", LastName = "Fågelström", Username = "kanarie", PasswordHash = "canary/hash+of/a+password==", LmaNumber = "LMA-77-canary",
        };
        await identity.Tell(registration);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        (await (await identity.Admin()).PutAsJsonAsync($"/api/v1/users/{registration.UserId}/system-role", new { role = "applicant" })).EnsureSuccessStatusCode();

        var secrets = new[]
        {
            registration.Email, "Kanarie", "Fågelström", registration.PersonalNumber!, registration.Phone!, registration.PasswordHash, "LMA-77-canary",
        };
        foreach (var secret in secrets)
            (await identity.Database.RowsWith(secret)).ShouldNotContain(row => row.Contains("mt_") || row.Contains("inbox") || row.Contains("sagas"), secret);
        // The read models show names and addresses, and neither the whole personal number nor the hash.
        (await identity.Database.RowsWith("Fågelström")).ShouldHaveSingleItem().ShouldStartWith("public.users");
        (await identity.Database.RowsWith(registration.PersonalNumber!)).ShouldBeEmpty();
        (await identity.Database.RowsWith(registration.PasswordHash)).ShouldBeEmpty();
    }

    private Task<HttpResponseMessage> SignIn(string grant) => identity.Client().PostAsJsonAsync("/internal/sign-ins", new { grant });
}
