using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-05")]
public sealed class running_a_webhook
{
    private static readonly WebhookEvent.Registered Made =
        new(Some.Organization, Some.Organization, "https://a.example/", ["invitation.opened"], IncludesDetails: false, Some.Now);

    private static readonly Webhook Registered = Webhook.Initial.Apply(Made);

    [Fact]
    public void registers_it_once()
    {
        var command = new RegisterWebhook.Command(Made.WebhookId, Made.OrganizationId, Made.Url, Made.Events, Made.IncludesDetails, Made.At);
        RegisterWebhook.Decide(Webhook.Initial, command).Events.ShouldBe([Made]);
        RegisterWebhook.Decide(Registered, command).Events.ShouldBeEmpty();
    }

    [Fact]
    public void changes_what_is_named_and_says_nothing_when_it_is_so_already()
    {
        ChangeWebhook.Decide(Registered, new(Url: null, Events: null, IncludesDetails: null, IsPaused: true)).Events
            .ShouldBe([new WebhookEvent.Changed(Made.Url, Made.Events, IncludesDetails: false, IsPaused: true)]);
        ChangeWebhook.Decide(Registered, new(Made.Url, ["invitation.opened"], IncludesDetails: false, IsPaused: false)).Events.ShouldBeEmpty();
        ChangeWebhook.Decide(Webhook.Initial, new("https://b.example/", null, null, null)).Refusal.ShouldBeOfType<WebhookNotFound>();
    }

    [Fact]
    public void gives_another_secret_once_for_each_that_is_known()
    {
        RotateWebhookSecret.Decide(Registered, new(From: 1, Some.Now)).Events.ShouldBe([new WebhookEvent.SecretRotated(2, Some.Now)]);
        RotateWebhookSecret.Decide(Registered.Apply(new WebhookEvent.SecretRotated(2, Some.Now)), new(From: 1, Some.Now)).Events.ShouldBeEmpty();
        RotateWebhookSecret.Decide(Webhook.Initial, new(From: 1, Some.Now)).Refusal.ShouldBeOfType<WebhookNotFound>();
    }

    [Fact]
    public void removes_it_once()
    {
        RemoveWebhook.Decide(Registered, new(Some.Now)).Events.ShouldBe([new WebhookEvent.Removed(Some.Now)]);
        RemoveWebhook.Decide(Registered.Apply(new WebhookEvent.Removed(Some.Now)), new(Some.Now)).Events.ShouldBeEmpty();
    }
}
