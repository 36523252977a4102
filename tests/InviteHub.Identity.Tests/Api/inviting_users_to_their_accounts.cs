using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
public class inviting_users_to_their_accounts(IdentityService identity)
{
    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "INV-15")]
    [Trait("Feature", "INV-16")]
    public async Task names_who_can_t_be_invited_while_the_others_are()
    {
        var admin = await identity.Admin();
        var (first, second, active, nobody) = (await Made(admin), await Made(admin), (await identity.Person()).Id, Some.Id());

        var answer = await Invite(admin, new { userIds = new[] { first, active, second, nobody } });

        answer["invited"]!.GetValue<int>().ShouldBe(2);
        answer["refused"]!.AsArray().Select(r => (r!["userId"]!.GetValue<Guid>(), r["code"]!.GetValue<string>()))
            .ShouldBe([(active, "account-in-use"), (nobody, "user-not-found")]);
        (await identity.Hears<AccountInvitationDue>(m => m.UserId == first && m.Way == "account")).Channel.ShouldBe("email");
        (await identity.Database.Ask<string>("select invitation_status from users where id = $1", second)).ShouldBe("waiting");
        (await Invite(admin, new { userIds = new[] { second }, channel = "sms" }))["refused"]![0]!["code"]!.GetValue<string>().ShouldBe("phone-missing");
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "INV-21")]
    public async Task twice_at_once_under_one_key_asks_once_and_with_another_key_again()
    {
        var admin = await identity.Admin();
        var user = await Made(admin);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Invite(admin, new { userIds = new[] { user } }, $"key {user}")));
        answers.ShouldAllBe(a => a["invited"]!.GetValue<int>() == 1);
        (await Asked(user)).ShouldBe(2);

        await Invite(admin, new { userIds = new[] { user } }, $"another {user}");
        (await Asked(user)).ShouldBe(3);
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "INV-17")]
    public async Task invites_whom_a_filter_finds_and_whoever_an_import_makes_if_asked()
    {
        var admin = await identity.Admin();
        var family = $"Filterson{Some.Id():N}";
        var lines = string.Join('\n', Enumerable.Range(0, 250).Select(n => $"{Some.Email()},Kim,{family}"));
        using var file = new StringContent($"email,firstName,lastName\n{lines}", Encoding.UTF8, "text/csv");
        (await admin.PostAsync("/api/v1/users/import?sendInvitation=true", file)).EnsureSuccessStatusCode();
        await Eventually.Is(async () => await Due(family) == 250, "everybody is invited");

        var answer = await Invite(admin, new { filter = new { search = family } });

        (answer["invited"]!.GetValue<int>(), answer["refused"]!.AsArray().Count).ShouldBe((250, 0));
        (await Due(family)).ShouldBe(500);
        (await Problem(admin, new { filter = new { search = "nobody at all has this name" } })).ShouldBe("filter");
        (await Problem(admin, new { })).ShouldBe("userIds");
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "NOT-04")]
    public async Task with_a_one_time_password_signs_in_by_username_until_a_password_is_chosen_and_stands_nowhere()
    {
        var admin = await identity.Admin();
        var (user, name) = (await Made(admin), $"u{Some.Id():N}");
        (await admin.PatchAsJsonAsync($"/api/v1/users/{user}", new { username = name })).EnsureSuccessStatusCode();
        var password = await Sent(admin, user);

        var (person, tokens) = await identity.SignedIn(name.ToUpperInvariant(), password);
        tokens.MustChangePassword.ShouldBeTrue();
        (await person.GetAsync("/api/v1/me/sessions")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await person.PutAsJsonAsync("/api/v1/me/password", new { current = password, @new = Some.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await identity.Hears<AccountTakenOver>(m => m.UserId == user);
        (await identity.SignIn(name, password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.SignedIn(name)).Tokens.MustChangePassword.ShouldBeFalse();
        (await identity.Database.RowsWith(password)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task with_a_one_time_password_that_is_a_day_old_replaced_or_taken_back_opens_nothing()
    {
        var admin = await identity.Admin();
        var (late, again, revoked) = (await Made(admin), await Made(admin), await Made(admin));
        var (old, replaced, ended) = (await Sent(admin, late), await Sent(admin, again), await Sent(admin, revoked));
        var now = await Sent(admin, again);

        await identity.Tell(new InvitationWithdrawn(Some.Id(), Guid.Empty, "revoked", By: null)
        {
            InviteeId = revoked, OneTimePasswordId = identity.Heard<AccountInvitationDue>().Last(m => m.UserId == revoked).InvitationId,
        });
        await Eventually.Is(async () => await Status(revoked, ended) == HttpStatusCode.Unauthorized, "it is taken back");
        (await Status(again, replaced)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(again, now)).ShouldBe(HttpStatusCode.OK);
        (await Status(late, old)).ShouldBe(HttpStatusCode.OK);
        identity.Clock.Advance(TimeSpan.FromDays(1));
        (await Status(late, old)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "INV-15")]
    public async Task goes_by_e_mail_and_link_alone_where_an_organization_of_the_person_asks_for_that()
    {
        var admin = await identity.Admin();
        var opened = Opened($"u{Some.Id():N}");
        await identity.Tell(opened);
        await identity.Hears<PersonChanged>(m => m.UserId == opened.InviteeId);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{opened.InviteeId}", new { phone = "+46701234567" })).EnsureSuccessStatusCode();

        (await Code(new { userIds = new[] { opened.InviteeId }, channel = "sms" })).ShouldBe("sms-not-allowed");
        (await Code(new { userIds = new[] { opened.InviteeId }, oneTimePassword = true })).ShouldBe("one-time-password-not-allowed");
        await identity.Tell(new OrganizationSettingsChanged(
            opened.OrganizationId, 365, "emailAndSms", [], null, RequiresApproval: false, "authorized", RequiresValidatedIdentity: false,
            OneTimePasswords: true, [], BrandName: null, BrandLogoUrl: null, BrandColor: null, BrandWords: null));
        await Eventually.Is(
            async () => await Code(new { userIds = new[] { opened.InviteeId }, channel = "sms", oneTimePassword = true }) is null, "both are allowed");

        async Task<string?> Code(object body) => (await Invite(admin, body))["refused"]!.AsArray().SingleOrDefault()?["code"]!.GetValue<string>();
    }

    [Fact]
    [Trait("Feature", "INV-18")]
    public async Task made_by_hand_without_a_password_can_be_worked_on_and_then_taken_over_by_the_link()
    {
        const string grant = "another secret of the process that registers";
        var admin = await identity.Admin();
        var user = await Made(admin);
        var due = await identity.Hears<AccountInvitationDue>(m => m.UserId == user);
        due.Way.ShouldBe("created");
        identity.Heard<NoticeDue>().ShouldNotContain(m => m.RecipientId == user);
        (await admin.PatchAsJsonAsync($"/api/v1/users/{user}", new { username = $"u{user:N}" })).EnsureSuccessStatusCode();

        await identity.Tell(Some.Registration(due.Email, user, due.InvitationId, LinkTokens.HashOf(grant)) with
        {
            Way = "created", IsExistingUser = true, OrganizationId = Guid.Empty,
            PasswordHash = await identity.Services.GetRequiredService<Passwords>().Hash(Some.Password),
        });

        await identity.Hears<AccountProvisioned>(m => m.InvitationId == due.InvitationId);
        (await identity.Client().PostAsJsonAsync("/internal/sign-ins", new { grant })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var (_, tokens) = await identity.SignedIn(due.Email);
        tokens.MustChangePassword.ShouldBeFalse();
        (await Invite(admin, new { userIds = new[] { user } }))["refused"]![0]!["code"]!.GetValue<string>().ShouldBe("account-in-use");
    }

    [Fact]
    [Trait("Feature", "INV-18")]
    public async Task makes_an_internal_user_once_and_without_the_username_when_it_is_taken()
    {
        var taken = $"taken{Some.Id():N}";
        var (first, second) = (Opened(taken), Opened(taken));

        await identity.Tell(first);
        await identity.Hears<PersonChanged>(m => m.UserId == first.InviteeId);
        await identity.Tell(second);
        await identity.Hears<PersonChanged>(m => m.UserId == second.InviteeId);

        var profile = (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{first.InviteeId}"))!;
        (profile["username"]!.GetValue<string>(), profile["emailVerified"]!.GetValue<bool>()).ShouldBe((taken, false));
        profile["organizations"]!.AsArray().Select(o => o!.GetValue<Guid>()).ShouldBe([first.OrganizationId]);
        (await identity.Database.Ask<long>("select count(*) from users where id = $1 and username is null", second.InviteeId)).ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"user-{first.InviteeId}")).ShouldBe(2);
    }

    private static InvitationOpened Opened(string username) => new(
        Some.Id(), Some.Id(), "workspace", 1, Some.Id(), Some.Email(), "Kim", "sv", "North", null, null, "Eva Ek", Some.Instant)
    {
        LastName = "Eriksdotter", Username = username,
    };

    private static async Task<Guid> Made(HttpClient admin)
    {
        var email = Some.Email();
        using var answer = await admin.PostAsJsonAsync(
            "/api/v1/users", new { email, emailConfirmation = email, firstName = "Kim", lastName = "Berg", sendInvitation = true });
        var user = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, user.ToString());
        return user["id"]!.GetValue<Guid>();
    }

    private static async Task<JsonNode> Invite(HttpClient admin, object body, string? key = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/users/invitations") { Content = JsonContent.Create(body) };
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        using var answer = await admin.SendAsync(message);
        var text = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text.ToString());
        return text;
    }

    /// <summary>Invites with a one-time password, and makes it as its sender does.</summary>
    private async Task<string> Sent(HttpClient admin, Guid user)
    {
        var before = Asked().Count();
        (await Invite(admin, new { userIds = new[] { user }, oneTimePassword = true }))["invited"]!.GetValue<int>().ShouldBe(1);
        await Eventually.Is(() => Asked().Count() > before, "the invitation is due");
        return identity.Services.GetRequiredService<LinkTokens>().OneTimePassword(Asked().Last().InvitationId);

        IEnumerable<AccountInvitationDue> Asked() =>
            identity.Heard<AccountInvitationDue>().Where(m => m.UserId == user && m.OneTimePasswordUntil is not null).DistinctBy(m => m.InvitationId);
    }

    private async Task<HttpStatusCode> Status(Guid user, string password)
    {
        await identity.Database.Ask<int>("delete from sign_in_attempts where true");
        using var answer = await identity.SignIn((await identity.Database.Ask<string>("select email from users where id = $1", user))!, password);
        return answer.StatusCode;
    }

    private static async Task<string> Problem(HttpClient admin, object body)
    {
        using var answer = await admin.PostAsJsonAsync("/api/v1/users/invitations", body);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!.AsObject().Single().Key;
    }

    private Task<long> Asked(Guid user) =>
        identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = 'user.invitation_due.v1'", $"user-{user}");

    private Task<long> Due(string family) => identity.Database.Ask<long>(
        "select count(*) from mt_events e join users u on e.stream_id = 'user-' || u.id where e.type = 'user.invitation_due.v1' and u.last_name = $1", family);
}
