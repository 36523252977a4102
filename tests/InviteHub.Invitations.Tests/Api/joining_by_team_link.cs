using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "SUB-06")]
public sealed class joining_by_team_link(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task sends_an_ordinary_invitation_to_the_address_that_was_given()
    {
        var link = await Made();

        (await Join(link, "ada@example.org")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var invitation = (await Get($"invitations?organizationId={_organization}"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        invitation["status"]!.GetValue<string>().ShouldBe("pending");
        invitation["email"]!.GetValue<string>().ShouldBe("ada@example.org");
        invitation["role"]!.GetValue<string>().ShouldBe("editor");
        (await Seen(link))["uses"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task lets_no_more_in_than_it_says_however_many_come_at_once()
    {
        var link = await Made(mostUses: 3);
        var other = service.Another;

        // Half of them through another instance: on connections of their own, and in no line of this process.
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Join(link, $"ada{n}@example.org", n % 2 == 0 ? other.Client() : service.Client())));

        answers.Count(a => a.StatusCode == HttpStatusCode.Accepted).ShouldBe(3);
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.Accepted))
            (await Code(late)).ShouldBe("team-link-full");
        (await service.Database.Ask<long>("select count(*) from invitation_list where organization_id = $1", _organization)).ShouldBe(3);
        (await Seen(link))["status"]!.GetValue<string>().ShouldBe("full");
    }

    [Fact]
    public async Task twice_with_one_address_takes_one_place_and_tells_nobody_that_it_is_known()
    {
        var link = await Made();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Join(link, "ada@example.org")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted);
        (await Seen(link))["uses"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task under_one_key_makes_one_invitation_for_one_address_and_refuses_another()
    {
        var (link, key) = (await Made(mostUses: 1), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString());

        // The link is full after the first: who did not hear the answer hears it again, however many ask at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Keyed(link, "ada@example.org", n % 2 == 0 ? service.Another.Client() : service.Client())));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted);
        (await Code(await Keyed(link, "eva@example.org", service.Client()))).ShouldBe("idempotency-key-reused");
        (await Code(await Join(link, "eva@example.org"))).ShouldBe("team-link-full");
        (await Seen(link))["uses"]!.GetValue<int>().ShouldBe(1);

        Task<HttpResponseMessage> Keyed(JsonNode to, string email, HttpClient client)
        {
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
            return Join(to, email, client);
        }
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public async Task is_held_to_its_domains_its_end_and_its_maker_s_will()
    {
        var link = await Made(domains: ["acme.example"]);
        (await Code(await Join(link, "ada@example.org"))).ShouldBe("domain-not-allowed");
        (await Join(link, "ada@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/team-links/{link["id"]}/revoke", null)).EnsureSuccessStatusCode();
        (await Code(await Join(link, "eve@acme.example"))).ShouldBe("link-revoked");
        (await Code(await service.Client().GetAsync($"/api/v1/registrations/team-links/{Token(link)}"))).ShouldBe("link-revoked");

        var late = await Made();
        service.Clock.Advance(TimeSpan.FromDays(8));
        (await Code(await Join(late, "eve@example.org"))).ShouldBe("link-expired");
        (await Code(await service.Client().GetAsync("/api/v1/registrations/team-links/nothing"))).ShouldBe("link-unknown");
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task meets_the_same_seats_as_any_invitation()
    {
        service.Full(_organization);
        var link = await Made();

        (await Code(await Join(link, "ada@example.org"))).ShouldBe("seat-limit-reached");
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task waits_for_approval_where_that_is_asked()
    {
        await service.Ask(InvitationsService.Settings(_organization) with { RequiresApproval = true });
        var maker = await service.With(_organization, "founder");
        var link = await Made(by: maker);

        (await Join(link, "ada@example.org")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        (await Get($"invitations?organizationId={_organization}&approval=awaited"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "NOT-04")]
    public async Task needs_a_secret_that_is_told_once_and_kept_nowhere()
    {
        var link = await Made();

        Token(link).Length.ShouldBe(43);
        (await service.Database.RowsWith(Token(link))).ShouldBeEmpty();
        (await Seen(link))["token"].ShouldBeNull();
        (await service.Client().GetFromJsonAsync<JsonNode>($"/api/v1/registrations/team-links/{Token(link)}"))!["role"]!.GetValue<string>().ShouldBe("editor");
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task begins_with_a_link_that_one_key_makes_once()
    {
        var request = Request(5, []);

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/invitations/team-links") { Content = JsonContent.Create(request) };
            message.Headers.Add("Idempotency-Key", $"team {_organization}");
            using var answer = await service.Client(InvitationsService.Admin).SendAsync(message);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            return (await answer.Content.ReadFromJsonAsync<JsonNode>())!.ToJsonString();
        }));

        made.Distinct().Count().ShouldBe(1);
        (await Get($"invitations/team-links?organizationId={_organization}"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task begins_with_a_link_whose_terms_are_whole()
    {
        using var answer = await service.Client(InvitationsService.Admin).PostAsJsonAsync(
            "/api/v1/invitations/team-links", new { organizationId = _organization, mostUses = 0, domains = new[] { "no domain" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["appId", "subscriptionId", "role", "mostUses", "expiresOn", "domains"], ignoreOrder: true);
    }

    private object Request(int mostUses, string[] domains) => new
    {
        organizationId = _organization,
        appId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        subscriptionId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        role = "editor",
        mostUses,
        expiresOn = service.Clock.GetUtcNow().AddDays(7),
        domains,
    };

    private async Task<JsonNode> Made(int mostUses = 10, string[]? domains = null, CurrentUser? by = null)
    {
        using var answer = await service.Client(by ?? InvitationsService.Admin).PostAsJsonAsync("/api/v1/invitations/team-links", Request(mostUses, domains ?? []));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private Task<HttpResponseMessage> Join(JsonNode link, string email, HttpClient? client = null) => (client ?? service.Client()).PostAsJsonAsync(
        $"/api/v1/registrations/team-links/{Token(link)}", new { email, firstName = "Ada", lastName = "Lovelace" });

    private Task<JsonNode> Seen(JsonNode link) => Get($"invitations/team-links/{link["id"]}");

    private async Task<JsonNode> Get(string path) => (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/{path}"))!;

    private static string Token(JsonNode link) => link["token"]!.GetValue<string>();

    private static async Task<string> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
}
