using InviteHub.ServiceDefaults;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Collection(NotificationsService.Collection)]
[Trait("Feature", "SEC-02")]
[Trait("Feature", "ROL-08")]
public class strangers_to_it(NotificationsService service)
{
    [Fact]
    public async Task neither_see_nor_change_the_messages_of_others()
    {
        var violations = await Strangers.Violations(
            service,
            new(Some.NewId(), Some.NewId(), CurrentUser.SystemAdmin),
            [new(Some.NewId(), Some.NewId(), "guest")],
            [Some.Organization.ToString()],
            open: ["POST notifications/bounces"],
            attempts:
            [
                new("GET messages", []),
                new("GET messages/{kind}/preview", ["roleChanged"]),
            ],
            "POST notifications/address-checks");
        violations.ShouldBeEmpty();
    }
}
