using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SEC-02")]
[Trait("Feature", "ROL-08")]
public class strangers_to_it(SubscriptionsService service)
{
    [Fact]
    public async Task neither_see_nor_change_an_organization_that_is_not_theirs()
    {
        using var admin = service.AsAdmin();
        var (own, theirs) = (await service.Business(3), await service.Business(3));
        var (organization, app, subscription) = (own.Organization, own.App, own.Subscription);
        var (founder, member) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        await admin.Send(HttpMethod.Put, $"organizations/{theirs.Organization}/permissions/{founder}", new { permissions = new[] { "founder" } });
        await admin.Send(HttpMethod.Put, $"organizations/{organization}/permissions/{member}", new { permissions = new[] { "member" } });
        var anotherApp = await admin.Make("apps", new { name = "Planner", roles = new[] { new { key = "reader", name = "Reader" } } });
        var seat = SubscriptionsService.NewId();
        await service.Publish(own.Request(seat));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == seat);
        await service.Publish(new InviteeProvisioned(seat, organization, subscription, member));
        await service.Hears<SeatConfirmed>(m => m.InvitationId == seat);

        var supplier = await admin.Make("organizations", new { name = "Teachers", kinds = new[] { "supplier", "customer" } });
        var classroom = await admin.Make($"organizations/{supplier}/classrooms", new { name = "Blue room" });
        var work = await admin.Make("services", new { name = "Interpreting" });
        var person = SubscriptionsService.NewId();
        foreach (var path in new[] { $"organizations/{supplier}/professionals/{person}", $"organizations/{supplier}/mentors/{person}", $"services/{work}/administrators/{person}" })
            (await admin.Send(HttpMethod.Put, path, new { })).IsSuccessStatusCode.ShouldBeTrue();
        var administrator = new { role = "supplierAdmin" };
        (await admin.Send(HttpMethod.Put, $"organizations/{supplier}/administrators/{person}", administrator)).IsSuccessStatusCode.ShouldBeTrue();

        var violations = await Strangers.Violations(
            service.Service,
            SubscriptionsService.Admin,
            [new(founder, SubscriptionsService.NewId(), "guest"), new(SubscriptionsService.NewId(), SubscriptionsService.NewId(), "guest")],
            [organization.ToString(), app.ToString(), subscription.ToString(), supplier.ToString(), work.ToString()],
            open: [],
            attempts:
            [
                new("GET audit/streams/{streamId}", [$"organization-{organization}"]),
                new("GET audit/streams/{streamId}/events", [$"organization-{organization}"]),
                new("GET audit/streams/{streamId}/verify", [$"organization-{organization}"]),
                new("GET audit/streams/{streamId}/public-key", [$"organization-{organization}"]),
                new("POST audit/exports", []),
                new("GET audit/streams/{streamId}/changes", [$"organization-{organization}"], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/organizations/{organizationId:guid}/changes", [organization], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/projections", []),
                new("POST audit/projections/{name}/rebuild", ["subscriptions.apps.v1"]),
                new("GET organizations", []),
                new("POST organizations", [], new { name = "Mine", kinds = new[] { "business" } }),
                new("GET organizations/{id:guid}", [organization]),
                new("PATCH organizations/{id:guid}", [organization], new { name = "Taken over" }),
                new("PUT organizations/{id:guid}/assignments/{userId:guid}", [organization, founder]),
                new("DELETE organizations/{id:guid}/assignments/{userId:guid}", [organization, founder]),
                new("GET organizations/{id:guid}/permissions", [organization]),
                new("PUT organizations/{id:guid}/permissions/{userId:guid}", [organization, founder], new { permissions = new[] { "founder" } }),
                new("GET organizations/{id:guid}/settings", [organization]),
                new("PATCH organizations/{id:guid}/settings", [organization], new { requiresApproval = true }),
                new("GET organizations/{id:guid}/members", [organization]),
                new("GET organizations/{id:guid}/assignments", [organization]),
                new("PUT organizations/{id:guid}/apps/{appId:guid}", [organization, anotherApp]),
                new("GET apps", []),
                new("POST apps", [], new { name = "Mine", roles = new[] { new { key = "reader", name = "Reader" } } }),
                new("GET apps/{id:guid}", [app]),
                new("PATCH apps/{id:guid}", [app], new { name = "Taken over" }),
                new("GET subscriptions", []),
                new("POST subscriptions", [], new { organizationId = organization, appId = app, plan = "silver", seatLimit = 1, startsOn = "2020-01-01" }),
                new("GET subscriptions/{id:guid}", [subscription]),
                new("PATCH subscriptions/{id:guid}", [subscription], new { seatLimit = 9 }),
                new("GET subscriptions/{id:guid}/ledger", [subscription]),
                new("GET subscriptions/{id:guid}/logs", [subscription]),
                new("GET subscriptions/{id:guid}/usage", [subscription]),
                new("GET subscriptions/{id:guid}/usage.csv", [subscription]),
                new("GET subscriptions/{id:guid}/seats", [subscription]),
                new("POST subscriptions/{id:guid}/seats/{invitationId:guid}/transfer", [subscription, seat], new { userId = member }),
                new("DELETE subscriptions/{id:guid}/seats/{invitationId:guid}", [subscription, seat]),
                new("DELETE organizations/{id:guid}/members/{userId:guid}", [organization, member]),
                new("GET organizations/{id:guid}/logs", [organization]),
                new("GET organizations/{id:guid}/classrooms", [supplier]),
                new("POST organizations/{id:guid}/classrooms", [supplier], new { name = "Red room" }),
                new("PATCH organizations/{id:guid}/classrooms/{classroomId:guid}", [supplier, classroom], new { name = "Green room" }),
                new("DELETE organizations/{id:guid}/classrooms/{classroomId:guid}", [supplier, classroom]),
                .. new[] { "professionals", "mentors" }.SelectMany(people => new Attempt[]
                {
                    new($"GET organizations/{{id:guid}}/{people}", [supplier]),
                    new($"GET organizations/{{id:guid}}/{people}/{{userId:guid}}", [supplier, person]),
                    new($"GET organizations/{{id:guid}}/{people}/{{userId:guid}}/logs", [supplier, person]),
                    new($"PUT organizations/{{id:guid}}/{people}/{{userId:guid}}", [supplier, SubscriptionsService.NewId()], new { }),
                    new($"PATCH organizations/{{id:guid}}/{people}/{{userId:guid}}", [supplier, person], new { status = "inactive" }),
                    new($"DELETE organizations/{{id:guid}}/{people}/{{userId:guid}}", [supplier, person]),
                }),
                new("GET organizations/{id:guid}/administrators", [supplier]),
                new("GET organizations/{id:guid}/administrators/{userId:guid}", [supplier, person]),
                new("PUT organizations/{id:guid}/administrators/{userId:guid}", [supplier, SubscriptionsService.NewId()], administrator),
                new("DELETE organizations/{id:guid}/administrators/{userId:guid}", [supplier, person]),
                new("GET services", []),
                new("POST services", [], new { name = "Mine" }),
                new("GET services/{id:guid}", [work]),
                new("PATCH services/{id:guid}", [work], new { name = "Taken over" }),
                new("GET services/{id:guid}/logs", [work]),
                new("GET services/{id:guid}/administrators", [work]),
                new("GET services/{id:guid}/administrators/{userId:guid}", [work, person]),
                new("PUT services/{id:guid}/administrators/{userId:guid}", [work, SubscriptionsService.NewId()]),
                new("DELETE services/{id:guid}/administrators/{userId:guid}", [work, person]),
            ],
            "GET organizations/updates", "GET subscriptions/updates");
        violations.ShouldBeEmpty();
    }
}
