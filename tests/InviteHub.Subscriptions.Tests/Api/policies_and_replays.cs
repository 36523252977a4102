using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SUB-06")]
public class policies_over_the_bus(SubscriptionsService service)
{
    private readonly Guid _first = SubscriptionsService.NewId();
    private readonly Guid _second = SubscriptionsService.NewId();

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task a_waitlist_tells_that_an_invitation_waits_and_admits_it_when_the_limit_rises()
    {
        var business = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        await Change(admin, business, new { atLimit = "waitlist" });
        var founder = await Founder(admin, business);
        await service.Publish(business.Request(_first));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == _first);
        await service.Publish(business.Request(_second));
        (await service.Hears<InvitationWaitlisted>(m => m.InvitationId == _second))
            .ShouldBe(new InvitationWaitlisted(_second, business.Organization, "Acme", "CRM", "Reader"));
        (await service.Hears<NoticeDue>(m => m.RecipientId == founder)).Kind.ShouldBe("seatLimitReached");

        (await Change(admin, business, new { seatLimit = 2 }))["waiting"]!.GetValue<int>().ShouldBe(0);
        (await service.Hears<InvitationAdmitted>(m => m.InvitationId == _second)).RoleName.ShouldBe("Reader");
    }

    [Fact]
    [Trait("Feature", "NOT-03")]
    public async Task a_limit_that_grows_tells_each_founder_once_for_each_seat()
    {
        var business = await service.Business(seats: 0);
        using var admin = service.AsAdmin();
        await Change(admin, business, new { atLimit = "grow", ceiling = 1 });
        var founder = await Founder(admin, business);
        await service.Publish(business.Request(_first));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == _first);
        var notice = await service.Hears<NoticeDue>(m => m.RecipientId == founder);
        (notice.Kind, notice.OrganizationId, notice.Facts["plan"], notice.Facts["app"], notice.Facts["limit"])
            .ShouldBe(("seatLimitReached", business.Organization, "gold", "CRM", "1"));

        await service.Publish(business.Request(_second));
        var refused = await service.Hears<InvitationRefused>(m => m.InvitationId == _second);
        refused.Facts.ShouldNotBeNull()["founders"].ShouldBe(founder.ToString());
        service.Heard<NoticeDue>(m => m.RecipientId == founder).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "NOT-03")]
    public async Task the_last_seat_tells_each_founder_once_each_time_that_the_subscription_becomes_full()
    {
        var business = await service.Business(seats: 2);
        using var admin = service.AsAdmin();
        var founder = await Founder(admin, business);
        await Admit(_first);
        await Admit(_second);
        (await Told(1)).Facts["used"].ShouldBe("2");
        var refused = SubscriptionsService.NewId();
        await service.Publish(business.Request(refused));
        await service.Hears<InvitationRefused>(m => m.InvitationId == refused);

        await service.Publish(new InvitationWithdrawn(_first, business.Organization, "revoked", By: null));
        await service.Hears<WithdrawalSettled>(m => m.InvitationId == _first);
        await Admit(SubscriptionsService.NewId());
        await Told(2);

        async Task Admit(Guid invitation)
        {
            await service.Publish(business.Request(invitation));
            await service.Hears<InvitationAdmitted>(m => m.InvitationId == invitation);
        }

        async Task<NoticeDue> Told(int times)
        {
            await Eventually.Is(() => service.Heard<NoticeDue>(m => m.RecipientId == founder).Count == times, $"the founder is told, {times} in all");
            return service.Heard<NoticeDue>(m => m.RecipientId == founder)[^1];
        }
    }

    [Fact]
    [Trait("Feature", "SUB-05")]
    public async Task suspension_tells_the_holders_and_refuses_until_it_is_over()
    {
        var business = await service.Business(seats: 2);
        var holder = SubscriptionsService.NewId();
        using var admin = service.AsAdmin();
        await service.Publish(business.Request(_first));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == _first);
        await service.Publish(new InviteeProvisioned(_first, business.Organization, business.Subscription, holder));
        await service.Hears<SeatConfirmed>(m => m.InvitationId == _first);

        (await Change(admin, business, new { suspended = true }))["status"]!.GetValue<string>().ShouldBe("suspended");
        (await service.Hears<NoticeDue>(m => m.RecipientId == holder)).Facts["what"].ShouldBe("suspended");
        (await admin.Read($"subscriptions?organizationId={business.Organization}&active=true")).Ids().ShouldBeEmpty();
        await service.Publish(business.Request(_second));
        (await service.Hears<InvitationRefused>(m => m.InvitationId == _second)).Code.ShouldBe("subscription-not-active");

        (await Change(admin, business, new { suspended = false }))["status"]!.GetValue<string>().ShouldBe("active");
        await service.Hears<NoticeDue>(m => m.RecipientId == holder && m.Facts["what"] == "resumed");
        (await Change(admin, business, new { endsOn = "2020-12-31", plan = "silver" }))["status"]!.GetValue<string>().ShouldBe("ended");
    }

    [Fact]
    [Trait("Feature", "SUB-02")]
    public async Task are_chosen_when_a_subscription_is_made_and_refused_when_half_said()
    {
        var business = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        var made = await admin.Make("subscriptions", new
        {
            organizationId = business.Organization, appId = business.App, plan = "silver", seatLimit = 1, startsOn = "2020-01-01", atLimit = "grow", ceiling = 5,
        });
        var shown = await admin.Read($"subscriptions/{made}");
        (shown["atLimit"]!.GetValue<string>(), shown["ceiling"]!.GetValue<int>()).ShouldBe(("grow", 5));
        var path = $"subscriptions/{business.Subscription}";
        await admin.Send(HttpMethod.Patch, path, new { atLimit = "grow" }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "ceiling-needed");
        await admin.Send(HttpMethod.Patch, path, new { atLimit = "shrink" }).ShouldBeProblem(HttpStatusCode.BadRequest, "malformed");
        await admin.Send(HttpMethod.Patch, path, new { endsOn = "2019-01-01" }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "period-reversed");
        await admin.Send(HttpMethod.Patch, path, new { plan = "" }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
    }

    internal static async Task<JsonObject> Change(HttpClient admin, SubscriptionsService.Ids business, object change)
    {
        var response = await admin.Send(HttpMethod.Patch, $"subscriptions/{business.Subscription}", change);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Json();
    }

    private static async Task<Guid> Founder(HttpClient admin, SubscriptionsService.Ids business)
    {
        var founder = SubscriptionsService.NewId();
        await admin.Send(HttpMethod.Put, $"organizations/{business.Organization}/permissions/{founder}", new { permissions = new[] { "founder" } });
        return founder;
    }
}

[Collection(OneService.Name)]
[Trait("Feature", "SUB-03")]
[Trait("Feature", "SUB-04")]
public class seats_of_a_subscription(SubscriptionsService service)
{
    private readonly Guid _invitation = SubscriptionsService.NewId();
    private readonly Guid _holder = SubscriptionsService.NewId();
    private readonly Guid _other = SubscriptionsService.NewId();

    [Fact]
    public async Task are_handed_over_and_taken_back_by_a_founder_alone_and_listed_as_of_any_instant()
    {
        var business = await Occupied();
        var path = $"subscriptions/{business.Subscription}/seats";
        using var admin = service.AsAdmin();
        await service.Publish(new PersonChanged(_other, "grace@example.org", "Grace", "Hopper", null, "en", "guest"));
        foreach (var (user, permission) in new[] { (World.Founder, "founder"), (_other, "member") })
            await admin.Send(HttpMethod.Put, $"organizations/{business.Organization}/permissions/{user}", new { permissions = new[] { permission } });
        using var founder = service.As(World.Founder);
        using var member = service.As(_other);

        await member.Send(HttpMethod.Post, $"{path}/{_invitation}/transfer", new { userId = _other }).ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        await founder.Send(HttpMethod.Post, $"{path}/{_invitation}/transfer", new { }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
        await founder.Send(HttpMethod.Post, $"{path}/{_invitation}/transfer", new { userId = World.Stranger }).ShouldBeProblem(HttpStatusCode.Conflict, "not-a-member");
        (await founder.Send(HttpMethod.Post, $"{path}/{_invitation}/transfer", new { userId = _other })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Hears<SeatTransferred>(m => m.InvitationId == _invitation))
            .ShouldBe(new SeatTransferred(_invitation, business.Organization, business.Subscription, _holder, _other));

        await Eventually.Is(
            async () => (await admin.Read(path))["items"]![0]!["personName"]?.GetValue<string>() == "Grace Hopper", "the holder is shown by name");
        var seat = (await admin.Read(path))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (seat["personId"]!.GetValue<Guid>(), seat["status"]!.GetValue<string>()).ShouldBe((_other, "occupied"));
        var ledger = (await admin.Read($"subscriptions/{business.Subscription}/ledger"))["items"]!.AsArray();
        ledger[^1]!["personName"]!.GetValue<string>().ShouldBe("Grace Hopper");
        var before = Uri.EscapeDataString(ledger[2]!["at"]!.GetValue<string>());
        (await admin.Read($"{path}?at={before}"))["items"]![0]!["personId"]!.GetValue<Guid>().ShouldBe(_holder);
        (await admin.Read($"subscriptions/{business.Subscription}/ledger?at={before}"))["total"]!.GetValue<int>().ShouldBe(3);

        await member.DeleteAsync($"api/v1/{path}/{_invitation}").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        await founder.DeleteAsync($"api/v1/{path}/{World.Stranger}").ShouldBeProblem(HttpStatusCode.NotFound, "seat-not-found");
        for (var i = 0; i < 2; i++)
            (await founder.DeleteAsync($"api/v1/{path}/{_invitation}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Hears<SeatTakenBack>(m => m.InvitationId == _invitation))
            .ShouldBe(new SeatTakenBack(_invitation, business.Organization, business.Subscription, _other));
        (await admin.Read(path))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task are_counted_by_day_as_json_and_csv_and_their_changes_are_told()
    {
        var business = await Occupied();
        using var admin = service.AsAdmin();
        var path = $"subscriptions/{business.Subscription}";
        var day = (await admin.Read($"{path}/usage"))["days"]!.AsArray().ShouldHaveSingleItem()!;
        (day["peakUsed"]!.GetValue<int>(), day["peakOccupied"]!.GetValue<int>()).ShouldBe((1, 1));

        using var asked = new HttpRequestMessage(HttpMethod.Get, $"api/v1/{path}/usage");
        asked.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        var csv = await admin.SendAsync(asked);
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        (await csv.Content.ReadAsStringAsync()).ShouldBe(await admin.GetStringAsync($"api/v1/{path}/usage.csv"));
        await admin.GetAsync($"api/v1/{path}/usage?from=2030-01-02&to=2030-01-01").ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");

        var logs = (await admin.Read($"{path}/logs?sort=at:desc&pageSize=1"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        logs["event"]!.GetValue<string>().ShouldBe("subscription.seat_occupied.v1");
        logs["changes"]!.ToJsonString().ShouldBe(
            """[{"field":"reserved","before":"1","after":"0"},{"field":"occupied","before":"0","after":"1"}]""");
        using var stranger = service.As(World.Stranger);
        foreach (var of in new[] { "seats", "usage", "usage.csv", "logs" })
            await stranger.GetAsync($"api/v1/{path}/{of}").ShouldBeProblem(HttpStatusCode.NotFound, "subscription-not-found");
        await stranger.DeleteAsync($"api/v1/{path}/seats/{_invitation}").ShouldBeProblem(HttpStatusCode.NotFound, "subscription-not-found");
    }

    private async Task<SubscriptionsService.Ids> Occupied()
    {
        var business = await service.Business(seats: 2);
        await service.Publish(business.Request(_invitation));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == _invitation);
        await service.Publish(new InviteeProvisioned(_invitation, business.Organization, business.Subscription, _holder));
        await service.Hears<SeatConfirmed>(m => m.InvitationId == _invitation);
        return business;
    }
}
