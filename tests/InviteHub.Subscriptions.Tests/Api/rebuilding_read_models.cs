using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "LOG-06")]
public class rebuilding_read_models(SubscriptionsService service)
{
    [Fact]
    public async Task leads_to_the_rows_that_the_commits_led_to()
    {
        var business = await service.Business(seats: 1);
        var (first, second) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        await service.Publish(business.Request(first));
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == first);
        await service.Publish(business.Request(second));
        await service.Hears<InvitationRefused>(m => m.InvitationId == second);
        (await service.Service.Database.Ask<int>("select reserved from subscriptions where id = $1", business.Subscription)).ShouldBe(1);

        (await Rebuilt.Differences(service.Services, service.Service.Database)).ShouldBeEmpty();
    }
}
