using System.Net;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "LOG-07")]
public class comparing_two_instants(SubscriptionsService service)
{
    [Fact]
    public async Task of_a_subscription_shows_which_seats_were_taken_in_between()
    {
        var business = await service.Business(seats: 3);
        var (invitation, before) = (SubscriptionsService.NewId(), TimeProvider.System.GetUtcNow());
        await service.Publish(business.Request(invitation));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == invitation);
        using var admin = service.AsAdmin();

        var difference = await admin.Read($"audit/streams/subscription-{business.Subscription}/changes?from={before:yyyy-MM-ddTHH:mm:ss.ffffffZ}");
        var list = await admin.Read($"audit/organizations/{business.Organization}/changes?from={before:yyyy-MM-ddTHH:mm:ss.ffffffZ}");

        Fields(difference).ShouldContain(field => field.StartsWith($"seats.{invitation}.", StringComparison.Ordinal));
        Fields(difference).ShouldNotContain("plan");
        list["items"]!.AsArray().Select(row => row!["streamId"]!.GetValue<string>()).ShouldContain($"subscription-{business.Subscription}");
        list["items"]!.AsArray().Select(row => row!["streamId"]!.GetValue<string>()).ShouldNotContain($"organization-{business.Organization}");
    }

    [Fact]
    [Trait("Feature", "LOG-06")]
    public async Task rebuilding_a_projection_tells_how_far_it_is_and_that_it_is_done()
    {
        await service.Business(seats: 3);
        using var admin = service.AsAdmin();
        (await admin.Read("audit/projections"))["items"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldContain("subscriptions.apps.v1");

        using var answer = await admin.PostAsync("api/v1/audit/projections/subscriptions.apps.v1/rebuild", content: null);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        lines[^1]["status"]!.GetValue<string>().ShouldBe("finished");
        lines[^1]["done"]!.GetValue<long>().ShouldBeGreaterThan(0);
        await admin.PostAsync("api/v1/audit/projections/none/rebuild", content: null).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "no-such-projection");
    }

    private static IEnumerable<string> Fields(JsonObject difference) => difference["changes"]!.AsArray().Select(change => change!["field"]!.GetValue<string>());
}
