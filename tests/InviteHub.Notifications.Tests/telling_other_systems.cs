using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Webhooking;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-05")]
[Collection(NotificationsService.Collection)]
public sealed class telling_other_systems(NotificationsService service) : IAsyncLifetime
{
    private readonly Guid _organization = Some.NewId();
    private readonly Guid _founder = Some.NewId();
    private ScriptedHttp _other = null!;

    // Signed in anew each time: the clock goes on by days.
    private HttpClient Founder => service.Client(new(_founder, Some.NewId(), "guest"));

    public async Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        _other = await ScriptedHttp.Start();
        await service.Publish(new OrganizationAccessChanged(_organization, _founder, ["founder"]));
        await Eventually.Is(
            async () => await service.Database.Ask<bool>("select true from organization_access where user_id = $1", _founder), "the founder is known");
    }

    public async Task DisposeAsync()
    {
        await service.Database.Ask<object>("update webhooks set is_paused = true where organization_id = $1", _organization);
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task each_event_is_told_once_signed_in_order_and_with_ids_alone()
    {
        var (_, secret) = await Registered();
        var opened = Some.Opened("canary.webhook@example.com", "Canarywebhook") with { OrganizationId = _organization };

        await Happened(opened);
        var message = Some.NewId();
        var accepted = new InvitationAccepted(opened.InvitationId, _organization, "access", Some.NewId(), Some.Now);
        await Happened(accepted, message);
        await service.Publish(accepted, message);
        await Happened(new SeatConfirmed(opened.InvitationId, _organization, Some.NewId(), accepted.UserId));
        await Eventually.Is(() => Told("seat.occupied").Any() && Told("invitation.delivery").Count() == 2, "all is told");

        Told("invitation.opened").Count().ShouldBe(1);
        Told("invitation.accepted").Count().ShouldBe(1);
        _other.Received.ShouldAllBe(r => r.IsSigned(secret, service.Clock.GetUtcNow()) && r.Method == "POST");
        Told("invitation.accepted").Single().Headers["webhook-id"].ShouldBe($"{message}");
        var positions = _other.Received.Select(r => (long)JsonNode.Parse(r.Body)!["position"]!).ToArray();
        positions.ShouldBe(positions.Order().Distinct());
        ((Guid)JsonNode.Parse(Told("invitation.opened").Single().Body)!["data"]!["invitationId"]!).ShouldBe(opened.InvitationId);
        _other.Received.ShouldNotContain(r => r.Body.Contains("canary", StringComparison.OrdinalIgnoreCase));
        (await service.Database.RowsWith("Canarywebhook")).ShouldBeEmpty();
        (await service.Database.RowsWith(Convert.ToBase64String(secret))).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-20")]
    public async Task those_of_a_batch_are_told_of_one_by_one_each_under_an_id_of_its_own()
    {
        await Registered();
        var (first, second) = (Some.Opened("first@example.com") with { OrganizationId = _organization, IsBulk = true },
            Some.Opened("second@example.com") with { OrganizationId = _organization, IsBulk = true });

        await Happened(new InvitationsOpened(Some.NewId(), _organization, [first, second]));
        await Eventually.Is(() => Told("invitation.opened").Count() == 2 && Told("invitation.delivery").Count() == 4, "all is told");

        _other.Received.Select(r => r.Headers["webhook-id"]).ShouldBeUnique();
        Invitations("invitation.opened").ShouldBe([first.InvitationId, second.InvitationId]);
        Invitations("invitation.delivery", "queued").ShouldBe([first.InvitationId, second.InvitationId]);
        Invitations("invitation.delivery", "sent").ShouldBe([first.InvitationId, second.InvitationId], ignoreOrder: true);

        IEnumerable<Guid> Invitations(string kind, string? status = null) => Told(kind).Select(r => JsonNode.Parse(r.Body)!["data"]!)
            .Where(data => status is null || (string?)data["status"] == status).Select(data => (Guid)data["invitationId"]!);
    }

    [Fact]
    public async Task only_what_was_asked_for_is_told_with_who_was_invited_where_that_was_asked_for()
    {
        await Registered(events: ["invitation.accepted"], details: true);
        var opened = Some.Opened("detail@example.com", "Augusta") with { OrganizationId = _organization };

        await Happened(opened);
        await Happened(new InvitationAccepted(opened.InvitationId, _organization, "access", Some.NewId(), Some.Now));
        await Eventually.Is(() => !_other.Received.IsEmpty, "it is told");

        var data = JsonNode.Parse(_other.Received.Single().Body)!["data"]!;
        ((string?)data["email"], (string?)data["firstName"]).ShouldBe(("detail@example.com", "Augusta"));
    }

    [Fact]
    public async Task what_is_not_taken_is_sent_again_under_its_id_and_later_events_wait_for_it()
    {
        await Registered();
        _other.Script.Enqueue((503, ""));
        _other.Script.Enqueue((302, ""));
        var (first, second) = (Some.NewId(), Some.NewId());
        await Accepted(first);
        await Accepted(second);

        await Eventually.Is(() => _other.Received.Count == 1, "it was tried");
        await Eventually.Is(async () => await Attempts() == 1, "the failure is noted");
        service.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Is(async () => await Attempts() == 2, "the redirection is no success");
        service.Clock.Advance(TimeSpan.FromSeconds(30));
        await Eventually.Is(() => _other.Received.Count == 4, "all is told");

        _other.Received.Select(r => r.Headers["webhook-id"]).ShouldBe([$"{first}", $"{first}", $"{first}", $"{second}"]);
        _other.Received.ShouldAllBe(r => r.Path == "/hook");
    }

    [Fact]
    public async Task what_is_refused_eight_times_is_kept_looked_at_and_sent_again_while_the_others_go_on()
    {
        var (id, _) = await Registered();
        for (var n = 0; n < 8; n++)
            _other.Script.Enqueue((500, ""));
        var (dead, next) = (Some.NewId(), Some.NewId());
        await Accepted(dead);
        await Accepted(next);
        for (var attempt = 1; attempt < 8; attempt++)
        {
            await Eventually.Is(async () => await Attempts() == attempt, $"attempt {attempt} is noted");
            service.Clock.Advance(TimeSpan.FromHours(10));
        }

        await Eventually.Is(() => _other.Received.Count == 9, "the next one is told");
        var failed = (await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks/{id}/events?state=failed"))!;
        ((Guid)failed["items"]!.AsArray().Single()!["id"]!).ShouldBe(dead);
        ((string)failed["items"]![0]!["reason"]!).ShouldBe("It answered 500.");
        ((int)(await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks/{id}"))!["failed"]!).ShouldBe(1);

        _other.Script.Enqueue((500, ""));
        (await Founder.PostAsync($"/api/v1/webhooks/{id}/events/{dead}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Founder.PostAsync($"/api/v1/webhooks/{id}/events/{dead}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        _other.Received.Last().Headers["webhook-id"].ShouldBe($"{dead}");
        ((int)(await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks/{id}/events?state=failed"))!["total"]!).ShouldBe(0);
        ((int)(await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks/{id}/events"))!["total"]!).ShouldBe(2);
    }

    [Fact]
    public async Task everything_is_told_again_from_a_position_on_in_order_and_under_the_same_ids()
    {
        var (id, _) = await Registered();
        var messages = Enumerable.Range(0, 5).Select(_ => Some.NewId()).ToArray();
        foreach (var message in messages)
            await Accepted(message);
        await Eventually.Is(() => _other.Received.Count == 5, "all is told");
        var listed = (await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks/{id}/events?sort=position:asc&pageSize=2&page=2"))!;
        ((int)listed["total"]!).ShouldBe(5);
        ((Guid)listed["items"]![0]!["id"]!).ShouldBe(messages[2]);

        (await Founder.PostAsJsonAsync($"/api/v1/webhooks/{id}/replay", new { position = (long)listed["items"]![0]!["position"]! }))
            .StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(() => _other.Received.Count == 8, "three are told again");

        _other.Received.Select(r => r.Headers["webhook-id"]).ShouldBe([.. messages.Concat(messages[2..]).Select(m => $"{m}")]);
        (await Founder.PostAsJsonAsync($"/api/v1/webhooks/{id}/replay", new { position = -1 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task a_changed_secret_signs_beside_the_former_one_for_a_day()
    {
        var (id, former) = await Registered();
        var answer = await Founder.PostAsync($"/api/v1/webhooks/{id}/secret", null);
        StandardWebhook.TryReadSecret((string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!, out var now).ShouldBeTrue();
        now.ShouldNotBe(former);

        await Accepted(Some.NewId());
        await Eventually.Is(() => _other.Received.Count == 1, "it is told");
        _other.Received.Last().IsSigned(now, service.Clock.GetUtcNow()).ShouldBeTrue();
        _other.Received.Last().IsSigned(former, service.Clock.GetUtcNow()).ShouldBeTrue();

        service.Clock.Advance(TimeSpan.FromDays(1));
        await Accepted(Some.NewId());
        await Eventually.Is(() => _other.Received.Count == 2, "it is told");
        _other.Received.Last().IsSigned(now, service.Clock.GetUtcNow()).ShouldBeTrue();
        _other.Received.Last().IsSigned(former, service.Clock.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public async Task one_that_is_paused_is_told_when_it_goes_on_and_one_that_is_removed_is_not()
    {
        var (id, _) = await Registered();
        (await Founder.PatchAsJsonAsync($"/api/v1/webhooks/{id}", new { isPaused = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Accepted(Some.NewId());
        var (witness, _) = await Registered("/witness");
        await Accepted(Some.NewId());
        await Eventually.Is(() => _other.Received.Any(r => r.Path == "/witness"), "another one is told");
        _other.Received.ShouldAllBe(r => r.Path == "/witness");

        (await Founder.PatchAsJsonAsync($"/api/v1/webhooks/{id}", new { isPaused = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(() => _other.Received.Count(r => r.Path == "/hook") == 2, "what waited is told");

        (await Founder.DeleteAsync($"/api/v1/webhooks/{witness}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Founder.GetAsync($"/api/v1/webhooks/{witness}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Accepted(Some.NewId());
        await Eventually.Is(() => _other.Received.Count(r => r.Path == "/hook") == 3, "the one that is left is told");
        _other.Received.Count(r => r.Path == "/witness").ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task the_same_request_twice_registers_one_and_shows_its_secret_again()
    {
        var key = $"{Some.NewId()}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks")
            {
                Content = JsonContent.Create(new { organizationId = _organization, url = new Uri(_other.Address, "/hook") }),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await Founder.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            return await answer.Content.ReadAsStringAsync();
        }));

        answers[0].ShouldBe(answers[1]);
        ((int)(await Founder.GetFromJsonAsync<JsonObject>($"/api/v1/webhooks?organizationId={_organization}"))!["total"]!).ShouldBe(1);
    }

    [Theory]
    [Trait("Feature", "SEC-04")]
    [InlineData("https://example.com/hook", true)]
    [InlineData("http://example.com/hook", false)]
    [InlineData("http://127.0.0.1/hook", false)]
    [InlineData("https://localhost/hook", false)]
    [InlineData("https://127.0.0.1/hook", false)]
    [InlineData("https://2130706433/hook", false)]
    [InlineData("https://10.1.2.3/", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    [InlineData("https://[fd00::1]/", false)]
    [InlineData("https://user:password@example.com/", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("/hook", false)]
    [InlineData(null, false)]
    public void only_public_https_addresses_are_taken(string? url, bool taken) =>
        (new WebhookSettings(AllowsPrivateAddresses: false, TimeSpan.FromSeconds(1)).WhyNot(url) is null).ShouldBe(taken);

    [Fact]
    [Trait("Feature", "SEC-04")]
    public async Task a_name_that_leads_to_a_private_address_is_not_connected_to()
    {
        using var client = new WebhookClient(
            new(AllowsPrivateAddresses: false, TimeSpan.FromSeconds(5)), service.Services.GetRequiredService<LinkTokens>(), service.Store, TimeProvider.System);
        var row = new WebhookRow { Id = Some.NewId(), Generation = 1, OrganizationId = _organization, Url = $"http://localhost:{_other.Address.Port}/hook" };

        var why = await client.Send(row, new(1, Some.NewId(), _organization, "invitation.accepted", "{}", Some.Now), CancellationToken.None);

        why.ShouldBe("Its name leads to an address that is not on the public Internet.");
        _other.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_wrong_with_a_request_is_said_by_field()
    {
        using var answer = await Founder.PostAsJsonAsync("/api/v1/webhooks", new { url = "ftp://x", events = new[] { "everything" } });
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(e => e.Key).Order().ShouldBe(["events", "organizationId", "url"]);
        Should.Throw<InvalidOperationException>(() => WebhookSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection([new("Webhooks:Timeout", "01:00:00")]).Build())).Message.ShouldContain("Webhooks:Timeout");
    }

    private async Task<(Guid Id, byte[] Secret)> Registered(string path = "/hook", string[]? events = null, bool details = false)
    {
        using var answer = await Founder.PostAsJsonAsync(
            "/api/v1/webhooks", new { organizationId = _organization, url = new Uri(_other.Address, path), events, includesDetails = details });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        StandardWebhook.TryReadSecret((string)made["secret"]!, out var secret).ShouldBeTrue();
        return ((Guid)made["webhook"]!["id"]!, secret);
    }

    private Task Accepted(Guid message) => Happened(new InvitationAccepted(Some.NewId(), _organization, "customer", Some.NewId(), Some.Now), message);

    /// <summary>Publishes, and waits until the service has it: messages to different queues have no order of their own.</summary>
    private async Task Happened<T>(T happened, Guid? message = null) where T : class
    {
        var id = message ?? Some.NewId();
        await service.Publish(happened, id);
        await Eventually.Is(async () => await service.Database.Ask<bool>("select true from inbox where message_id = $1", id), "it is handled");
    }

    private IEnumerable<ScriptedHttp.Request> Told(string kind) => _other.Received.Where(r => (string)JsonNode.Parse(r.Body)!["type"]! == kind);

    private Task<int> Attempts() => service.Database.Ask<int>(
        "select p.attempts from webhook_progress p join webhooks w on w.id = p.webhook_id where w.organization_id = $1", _organization);
}
