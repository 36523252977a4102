using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SUB-02")]
public class managing_subscriptions(SubscriptionsService service)
{
    [Fact]
    public async Task are_made_and_shown_with_their_seats()
    {
        var business = await service.Business(seats: 3);
        using var admin = service.AsAdmin();
        var shown = await admin.Read($"subscriptions/{business.Subscription}");
        shown["organizationId"]!.GetValue<Guid>().ShouldBe(business.Organization);
        shown["appName"]!.GetValue<string>().ShouldBe("CRM");
        shown["startsOn"]!.GetValue<string>().ShouldBe("2020-01-01");
        shown["seats"]!.ToJsonString().ShouldBe("""{"limit":3,"reserved":0,"occupied":0,"free":3}""");
    }

    [Fact]
    public async Task without_a_limit_have_no_number_of_free_seats()
    {
        var business = await service.Business(seats: null);
        using var admin = service.AsAdmin();
        (await admin.Read($"subscriptions/{business.Subscription}"))["seats"]!.ToJsonString()
            .ShouldBe("""{"limit":null,"reserved":0,"occupied":0,"free":null}""");
    }

    [Fact]
    [Trait("Feature", "API-01")]
    public async Task change_their_limit_only_in_the_version_that_was_read()
    {
        var business = await service.Business(seats: 3);
        using var admin = service.AsAdmin();
        var path = $"subscriptions/{business.Subscription}";
        var tag = (await admin.GetAsync($"api/v1/{path}")).Headers.ETag.ShouldNotBeNull().ToString();

        var patched = await admin.Send(HttpMethod.Patch, path, new { seatLimit = 5 }, ifMatch: tag);
        patched.StatusCode.ShouldBe(HttpStatusCode.OK);
        patched.Headers.ETag!.ToString().ShouldNotBe(tag);
        (await patched.Json())["seats"]!["free"]!.GetValue<int>().ShouldBe(5);
        await admin.Send(HttpMethod.Patch, path, new { seatLimit = 7 }, ifMatch: tag).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        await admin.Send(HttpMethod.Patch, path, new { seatLimit = 7 }, ifMatch: "\"what\"").ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        (await admin.Send(HttpMethod.Patch, path, new { seatLimit = (int?)null })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await admin.Send(HttpMethod.Patch, path, new { }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
        await admin.Send(HttpMethod.Patch, path, new { seatLimit = -1 }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
    }

    [Fact]
    public async Task go_below_use_only_by_force()
    {
        var business = await service.Business(seats: 2);
        var invitations = new[] { SubscriptionsService.NewId(), SubscriptionsService.NewId() };
        foreach (var invitation in invitations)
            await service.Publish(business.Request(invitation));
        foreach (var invitation in invitations)
            await service.Hears<InvitationAdmitted>(m => m.InvitationId == invitation);

        using var admin = service.AsAdmin();
        var path = $"subscriptions/{business.Subscription}";
        await admin.Send(HttpMethod.Patch, path, new { seatLimit = 1 }).ShouldBeProblem(HttpStatusCode.Conflict, "seat-limit-below-use");
        var forced = await (await admin.Send(HttpMethod.Patch, path, new { seatLimit = 1, force = true })).Json();
        forced["seats"]!.ToJsonString().ShouldBe("""{"limit":1,"reserved":2,"occupied":0,"free":0}""");
    }

    [Fact]
    [Trait("Feature", "INV-11")]
    [Trait("Feature", "SEC-02")]
    public async Task are_listed_by_pair_and_day_to_those_who_belong()
    {
        var member = SubscriptionsService.NewId();
        var business = await service.Business(seats: 3);
        var other = await service.Business(seats: 3);
        using var admin = service.AsAdmin();
        var over = await admin.Make("subscriptions", new
        {
            organizationId = business.Organization,
            appId = business.App,
            plan = "silver",
            seatLimit = 1,
            startsOn = "2020-01-01",
            endsOn = "2020-12-31",
        });
        await admin.Send(HttpMethod.Put, $"organizations/{business.Organization}/permissions/{member}", new { permissions = new[] { "member" } });

        using var asMember = service.As(member);
        (await asMember.Read("subscriptions")).Ids().ShouldBe([business.Subscription, over]);
        (await asMember.Read($"subscriptions?organizationId={business.Organization}&appId={business.App}&active=true")).Ids().ShouldBe([business.Subscription]);
        (await asMember.Read("subscriptions?search=silv")).Ids().ShouldBe([over]);
        foreach (var path in new[] { $"subscriptions/{other.Subscription}", $"subscriptions/{other.Subscription}/ledger" })
            await asMember.GetAsync($"api/v1/{path}").ShouldBeProblem(HttpStatusCode.NotFound, "subscription-not-found");
        await asMember.Send(HttpMethod.Patch, $"subscriptions/{business.Subscription}", new { seatLimit = 9 })
            .ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
    }

    [Fact]
    public async Task need_an_organization_and_an_app()
    {
        var business = await service.Business(seats: 3);
        using var admin = service.AsAdmin();
        await admin.PostAsJsonAsync("api/v1/subscriptions", new { organizationId = World.Stranger, appId = business.App, plan = "gold", startsOn = "2020-01-01" })
            .ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        await admin.PostAsJsonAsync("api/v1/subscriptions", new { organizationId = business.Organization, appId = World.Stranger, plan = "gold", startsOn = "2020-01-01" })
            .ShouldBeProblem(HttpStatusCode.NotFound, "app-not-found");
        await admin.PostAsJsonAsync("api/v1/subscriptions", new { organizationId = business.Organization, appId = business.App, plan = "gold", startsOn = "soon" })
            .ShouldBeProblem(HttpStatusCode.BadRequest, "malformed");
    }
}

[Collection(OneService.Name)]
[Trait("Feature", "SUB-03")]
public class invitations_over_the_bus(SubscriptionsService service)
{
    private readonly Guid _invitation = SubscriptionsService.NewId();

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task are_admitted_confirmed_and_kept_in_the_ledger()
    {
        var holder = SubscriptionsService.NewId();
        var business = await service.Business(seats: 1);
        await service.Publish(business.Request(_invitation));
        (await service.Hears<InvitationAdmitted>(m => m.InvitationId == _invitation))
            .ShouldBe(new InvitationAdmitted(_invitation, business.Organization, "Acme", "CRM", "Reader", 365));

        await service.Publish(new InviteeProvisioned(_invitation, business.Organization, business.Subscription, holder));
        (await service.Hears<SeatConfirmed>(m => m.InvitationId == _invitation))
            .ShouldBe(new SeatConfirmed(_invitation, business.Organization, business.Subscription, holder));

        using var admin = service.AsAdmin();
        (await admin.Read($"subscriptions/{business.Subscription}"))["seats"]!.ToJsonString()
            .ShouldBe("""{"limit":1,"reserved":0,"occupied":1,"free":0}""");
        var ledger = await admin.Read($"subscriptions/{business.Subscription}/ledger");
        ledger["total"]!.GetValue<long>().ShouldBe(3);
        Movements(ledger).ShouldBe(["opened", "reserved", "occupied"]);
        var last = await admin.Read($"subscriptions/{business.Subscription}/ledger?sort=at:desc&pageSize=1");
        last["items"]!.AsArray().ShouldHaveSingleItem()!["personId"]!.GetValue<Guid>().ShouldBe(holder);
        ledger["items"]![0]!["by"]!.GetValue<Guid>().ShouldBe(World.Admin);
    }

    [Fact]
    public async Task are_admitted_once_however_often_they_are_asked_for()
    {
        var business = await service.Business(seats: 3);
        Guid[] messages = [.. Enumerable.Range(0, 4).Select(_ => SubscriptionsService.NewId())];
        // The same message again, and the same request in another message.
        foreach (var message in messages.Append(messages[0]).Append(messages[0]))
            await service.Publish(business.Request(_invitation), message);
        await service.HasHandled("InvitationRequestedConsumer", messages);
        Guid[] withdrawals = [SubscriptionsService.NewId(), SubscriptionsService.NewId()];
        foreach (var message in withdrawals)
            await service.Publish(new InvitationWithdrawn(_invitation, business.Organization, "revoked", World.Admin), message);
        await service.HasHandled("InvitationWithdrawnConsumer", withdrawals);
        await service.Hears<WithdrawalSettled>(m => m.InvitationId == _invitation);

        using var admin = service.AsAdmin();
        Movements(await admin.Read($"subscriptions/{business.Subscription}/ledger")).ShouldBe(["opened", "reserved", "released"]);
        service.Heard<InvitationAdmitted>(m => m.InvitationId == _invitation).Count.ShouldBe(1);
    }

    [Fact]
    public async Task withdrawn_before_they_are_asked_for_are_settled()
    {
        var business = await service.Business(seats: 1);
        await service.Publish(new InvitationWithdrawn(_invitation, business.Organization, "revoked", World.Admin));
        await service.Hears<WithdrawalSettled>(m => m.InvitationId == _invitation);
        await service.Publish(business.Request(_invitation));
        var next = SubscriptionsService.NewId();
        await service.Publish(business.Request(next));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == next);
        service.Heard<InvitationAdmitted>(m => m.InvitationId == _invitation).ShouldBeEmpty();
    }

    [Fact]
    public async Task of_strangers_are_refused_as_if_there_were_nothing()
    {
        var business = await service.Business(seats: 1);
        await service.Publish(business.Request(_invitation) with { InvitedBy = World.Stranger, InvitedByRole = "guest" });
        (await service.Hears<InvitationRefused>(m => m.InvitationId == _invitation)).ShouldBe(new InvitationRefused(
            _invitation, business.Organization, "notFound", "organization-not-found", "There is no such organization among those that you may see."));
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task for_the_last_seat_50_at_once_and_each_twice_admit_exactly_one()
    {
        var business = await service.Business(seats: 1);
        var invitations = Enumerable.Range(0, 50).Select(_ => SubscriptionsService.NewId()).ToHashSet();
        await Task.WhenAll(invitations.Concat(invitations).Select(invitation => service.Publish(business.Request(invitation))));

        await Eventually.Is(() => Admitted().Count + Refused().Count >= 50, "50 answers", TimeSpan.FromSeconds(60));
        Admitted().Count.ShouldBe(1);
        Refused().Count.ShouldBe(49);
        Refused().ShouldAllBe(m => m.Code == "seat-limit-reached" && m.Kind == "conflict");
        using var admin = service.AsAdmin();
        (await admin.Read($"subscriptions/{business.Subscription}"))["seats"]!.ToJsonString()
            .ShouldBe("""{"limit":1,"reserved":1,"occupied":0,"free":0}""");

        IReadOnlyList<InvitationAdmitted> Admitted() => service.Heard<InvitationAdmitted>(m => invitations.Contains(m.InvitationId));
        IReadOnlyList<InvitationRefused> Refused() => service.Heard<InvitationRefused>(m => invitations.Contains(m.InvitationId));
    }

    [Fact]
    public async Task for_as_many_seats_50_at_once_are_all_admitted()
    {
        var business = await service.Business(seats: 50);
        var invitations = Enumerable.Range(0, 50).Select(_ => SubscriptionsService.NewId()).ToHashSet();
        await Task.WhenAll(invitations.Select(invitation => service.Publish(business.Request(invitation))));

        await Eventually.Is(
            () => service.Heard<InvitationAdmitted>(m => invitations.Contains(m.InvitationId)).Count == 50, "50 admitted", TimeSpan.FromSeconds(60));
    }

    private static IReadOnlyList<string> Movements(JsonObject ledger) => [.. ledger["items"]!.AsArray().Select(e => (string)e!["movement"]!)];
}

internal static class Asking
{
    public static InvitationRequested Request(this SubscriptionsService.Ids business, Guid invitation) => new(
        invitation, business.Organization, "access", World.Admin, "systemAdmin", World.Member, business.App, business.Subscription, "reader");
}
