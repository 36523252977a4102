using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-01")]
public class changing_settings
{
    private static readonly OrganizationSettings Chosen = new() { InvitationValidForDays = 30, AllowedDomains = ["acme.test"] };

    [Fact]
    public void keeps_all_of_them_as_they_are_now() => Change(World.Founder).OnlyEvent()
        .ShouldBeOfType<OrganizationEvent.SettingsChanged>().Settings.ShouldBe(Chosen);

    [Fact]
    public void to_what_they_are_changes_nothing()
    {
        var changed = World.Organization(new OrganizationEvent.SettingsChanged(World.Acme, Chosen));
        changed.SettingsVersion.ShouldBe(1);
        ChangeSettings.Decide(changed, new(Chosen with { AllowedDomains = ["acme.test"] }, World.Founder, BySystemAdmin: false)).ShouldBeNothing();
    }

    [Fact]
    public void is_the_right_of_founders_and_System_admins()
    {
        Change(World.Member).ShouldBeRefused("not-permitted");
        Change(World.Stranger).ShouldBeRefused("organization-not-found");
        ChangeSettings.Decide(World.Organization(), new(Chosen, World.Admin, BySystemAdmin: true)).OnlyEvent();
        ChangeSettings.Decide(Organization.Initial, new(Chosen, World.Admin, BySystemAdmin: true)).ShouldBeRefused("organization-not-found");
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public void says_how_long_invitations_live() => Admit(World.Founder, Chosen).OnlyEvent()
        .ShouldBeOfType<AdmissionEvent.Granted>().ValidForDays.ShouldBe(30);

    [Theory]
    [InlineData(WhoMayInvite.Founders, false, false)]
    [InlineData(WhoMayInvite.Authorized, true, false)]
    [InlineData(WhoMayInvite.Members, true, true)]
    public void says_who_may_invite(string who, bool registrar, bool member)
    {
        var settings = new OrganizationSettings { WhoMayInvite = who };
        Admit(World.Founder, settings).OnlyEvent().ShouldBeOfType<AdmissionEvent.Granted>();
        (Admit(World.Registrar, settings).OnlyEvent() is AdmissionEvent.Granted).ShouldBe(registrar);
        (Admit(World.Member, settings).OnlyEvent() is AdmissionEvent.Granted).ShouldBe(member);
        Admit(World.Applicant, settings).OnlyEvent().ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("not-permitted");
    }

    private static EventStore.Decision<OrganizationEvent> Change(Guid by) =>
        ChangeSettings.Decide(World.Organization(), new(Chosen, by, BySystemAdmin: false));

    private static EventStore.Decision<AdmissionEvent> Admit(Guid by, OrganizationSettings settings) => AdmitInvitation.Decide(
        World.Admission(),
        new(World.Organization(new OrganizationEvent.SettingsChanged(World.Acme, settings)), World.App(), World.Subscription(limit: null)),
        new(World.Id(50), World.Acme, "access", by, "guest", World.Id(51), World.Crm, World.Plan, "reader", World.Today));
}

[Trait("Feature", "SUB-01")]
public class reading_settings
{
    [Fact]
    public void takes_those_of_an_organization_that_chose_nothing()
    {
        var (settings, wrong) = Read(new());
        wrong.ShouldBeEmpty();
        settings.ShouldBe(new OrganizationSettings());
    }

    [Fact]
    public void puts_them_in_one_form()
    {
        var (settings, wrong) = Read(new()
        {
            AllowedDomains = ["@Räksmörgås.SE", "acme.test", "ACME.test"],
            ReminderDays = [1, 7, 7],
            Branding = new(" Acme ", "https://acme.test/logo.png", "#00447C", " "),
        });
        wrong.ShouldBeEmpty();
        settings.AllowedDomains.ShouldBe(["acme.test", "xn--rksmrgs-5wao1o.se"]);
        settings.ReminderDays.ShouldBe([7, 1]);
        settings.Branding.ShouldBe(new Branding("Acme", "https://acme.test/logo.png", "#00447c", Words: null));
    }

    [Fact]
    public void says_what_is_wrong_with_each() => Read(new()
    {
        InvitationValidForDays = 731,
        Channels = "fax",
        AllowedDomains = ["no domain"],
        HourlyInvitationLimit = 0,
        WhoMayInvite = "everybody",
        ReminderDays = [0],
        Branding = new("a\nb", "http://acme.test/logo.png", "blue", new string('w', 1001)),
    }).Wrong.ShouldBe(
        ["invitationValidForDays", "channels", "hourlyInvitationLimit", "whoMayInvite", "reminderDays", "allowedDomains", "branding.name",
         "branding.logoUrl", "branding.color", "branding.words"], ignoreOrder: true);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:secret@acme.test/logo.png")]
    [InlineData("//acme.test/logo.png")]
    public void refuses_a_logo_that_is_not_plainly_on_the_web(string url) =>
        Read(new() { Branding = new(LogoUrl: url) }).Wrong.ShouldBe(["branding.logoUrl"]);

    [Theory]
    [InlineData("#767676", true)]
    [InlineData("#777777", false)]
    [InlineData("#ffffff", false)]
    [InlineData("#12345", false)]
    [InlineData("#12 456", false)]
    public void takes_a_colour_that_white_text_can_be_read_on(string color, bool readable) =>
        Read(new() { Branding = new(Color: color) }).Wrong.Count.ShouldBe(readable ? 0 : 1);

    [Fact]
    public void wants_reminders_before_the_end() =>
        Read(new() { InvitationValidForDays = 7, ReminderDays = [7] }).Wrong.ShouldBe(["reminderDays"]);

    private static (OrganizationSettings Settings, IReadOnlyList<string> Wrong) Read(OrganizationSettings given)
    {
        var errors = new FieldErrors();
        var settings = SettingsFields.Read(given, errors);
        return (settings, [.. errors.Refusal?.Errors.Keys ?? []]);
    }
}
