using InviteHub.Contracts.Invitations;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "INV-22")]
[Collection(NotificationsService.Collection)]
public sealed class reminding_of_an_invitation(NotificationsService service) : IAsyncLifetime
{
    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task sends_the_same_link_once_for_each_day_however_often_it_is_heard()
    {
        var opened = Some.Opened("reminded@example.com");
        await service.Publish(opened);
        await service.MailArrives(opened.Email);

        foreach (var day in new[] { 7, 7, 1 })
            await service.Publish(Due(opened, day));

        await Eventually.Is(() => service.MailsTo(opened.Email).Count() == 3, "the invitation and two reminders");
        var link = service.Services.GetRequiredService<LinkTokens>().ForInvitation(opened.InvitationId, 1);
        service.MailsTo(opened.Email).ShouldAllBe(mail => mail.Text.Contains(link));
        service.MailsTo(opened.Email).Count(mail => mail.Subject.StartsWith("Reminder: the invitation to Payroll ends on ")).ShouldBe(2);
    }

    [Fact]
    public async Task stays_silent_once_it_was_withdrawn()
    {
        var (opened, marker) = (Some.Opened("silent@example.com"), Some.Opened("marker.silent@example.com"));
        await service.Publish(new InvitationWithdrawn(opened.InvitationId, opened.OrganizationId, "revoked", By: null));
        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"mailing-{opened.InvitationId}") == 1, "it is stopped");

        await service.Publish(Due(opened, 7));
        await service.Publish(marker);
        await service.MailArrives(marker.Email);

        service.MailsTo(opened.Email).ShouldBeEmpty();
    }

    [Fact]
    public void says_what_it_is_in_both_languages()
    {
        var facts = new Invitation.Facts("sv", "customer", "Ada", "Eva Ek", "Acme", App: null, Role: null, "https://hub.example/r/x", Some.Now, IsReminder: true);

        Invitation.Write(facts, Brand.None).Subject.ShouldStartWith("Påminnelse: inbjudan till Acme går ut ");
        Invitation.Write(facts, Brand.None).Text.ShouldContain("Du har inte svarat på den här inbjudan än.");
        Invitation.Write(facts with { Language = "en" }, Brand.None).Text.ShouldContain("You have not answered this invitation yet.");
    }

    private static InvitationReminderDue Due(InvitationOpened o, int day) => new(
        o.InvitationId, o.OrganizationId, o.Way, o.Generation, day, o.InviteeId, o.Email, o.FirstName, o.Language, o.OrganizationName, o.AppName, o.RoleName,
        o.InvitedByName, o.ExpiresAt);
}
