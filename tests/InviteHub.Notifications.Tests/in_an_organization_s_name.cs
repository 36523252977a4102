using InviteHub.Contracts.Subscriptions;
using InviteHub.Notifications.Templates;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-02")]
[Collection(NotificationsService.Collection)]
public sealed class in_an_organization_s_name(NotificationsService service)
{
    private static readonly Invitation.Facts Facts = new(
        "en", "customer", "Ada", InvitedBy: null, "Acme", App: null, Role: null, "https://hub.example/registrations/x", Some.Now);

    [Fact]
    public void a_message_has_its_logo_colour_and_closing_words()
    {
        var letter = Invitation.Write(Facts, new("Acme \"&\" Sons", "https://acme.example/logo.png?a=1&b=2", "#7f1d1d", "Acme, 1 Main Street\r\n<b>Call us</b>"));
        letter.Html.ShouldContain("<img src=\"https://acme.example/logo.png?a=1&amp;b=2\" alt=\"Acme &quot;&amp;&quot; Sons\"");
        letter.Html.ShouldContain("background:#7f1d1d");
        letter.Html.ShouldContain("<p>Acme, 1 Main Street</p>");
        letter.Html.ShouldContain("<p>&lt;b&gt;Call us&lt;/b&gt;</p>");
        letter.Text.ShouldEndWith("\n\nAcme, 1 Main Street\n\n<b>Call us</b>\n");
    }

    [Fact]
    public void without_a_logo_the_name_stands_above_it_and_without_either_nothing()
    {
        Invitation.Write(Facts, Brand.None with { Name = "Acme" }).Html.ShouldContain("<strong><bdi>Acme</bdi></strong>");
        Invitation.Write(Facts, Brand.None).Html.ShouldNotContain("<strong>");
    }

    [Fact]
    public async Task mail_looks_as_its_latest_settings_say_whichever_is_told_last()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (earlier, later) = (Guid.CreateVersion7(now.AddSeconds(-1)), Guid.CreateVersion7(now));
        var email = $"{Some.NewId():N}@example.com";
        var opened = Some.Opened(email) with { OrganizationId = Some.NewId() };
        await service.Publish(Settings(opened.OrganizationId, "Acme of today"), later);
        await Handled(later);
        await service.Publish(Settings(opened.OrganizationId, "Acme of yesterday"), earlier);
        await Handled(earlier);

        await service.Publish(opened);
        await service.MailArrives(email);

        service.MailsTo(email).Single().Html.ShouldContain("Acme of today");
    }

    private Task Handled(Guid message) =>
        Eventually.Is(async () => await service.Database.Ask<bool>("select true from inbox where message_id = $1", message), "it is handled");

    private static OrganizationSettingsChanged Settings(Guid organization, string name) => new(
        organization, 365, "email", [], HourlyInvitationLimit: null, RequiresApproval: false, "authorized", RequiresValidatedIdentity: false,
        OneTimePasswords: false, [], name, BrandLogoUrl: null, BrandColor: null, BrandWords: null);
}
