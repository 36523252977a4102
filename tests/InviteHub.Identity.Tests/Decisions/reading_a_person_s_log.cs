using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Identity.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "LOG-01")]
public class reading_a_person_s_log
{
    private static readonly Guid Person = Some.Id();
    private static readonly Guid North = Some.Id();
    private static readonly Guid Admin = Some.Id();

    private static UserEvent.Registered Registered { get; } = new(
        Person, "kim@north.example", "Kim", "Eriksdotter", "198112189876", null, "+46701234567", null, true, null, "kim", "sv", Role.Guest, EmailVerified: true,
        "2026-1", RegisteredBy.Invitation, Some.Id());

    private static LogEntry[] Log(params object[] events)
    {
        var metadata = new EventMetadata(Headers: new Dictionary<string, string> { [EventMetadata.UserId] = Admin.ToString() });
        var recorded = events.Select((e, n) => new RecordedEvent(
            Some.Id(), e switch { UserEvent => User.Stream(Person), TwoFactorEvent => TwoFactor.Stream(Person), _ => DigitalIdentity.Stream(Person) }, n + 1, "a type", e,
            Some.Instant.AddHours(n), metadata)).ToLookup(happened => happened.Stream);
        return
        [
            .. GetLogs.Of(
                [.. recorded[User.Stream(Person)]], [.. recorded[DigitalIdentity.Stream(Person)]], [.. recorded[TwoFactor.Stream(Person)]],
                new Dictionary<Guid, string> { [North] = "North" }),
        ];
    }

    private static string[] Changes(LogEntry entry) => [.. entry.Changes.Select(c => $"{c.Field}: {c.Before ?? "-"} > {c.After ?? "-"}")];

    [Fact]
    public void shows_each_field_that_came_with_the_account_and_the_number_masked() => Changes(Log(Registered).Single()).ShouldBe(
        [
            "email: - > kim@north.example", "username: - > kim", "firstName: - > Kim", "lastName: - > Eriksdotter", "personalNumber: - > 19811218-****",
            "phone: - > +46701234567", "swedishCitizen: - > true", "language: - > sv", "systemRole: - > guest",
        ]);

    [Fact]
    public void shows_who_changed_a_role_when_and_why()
    {
        var entry = Log(Registered, ChangeSystemRole.To(Some.User(id: Person), Role.Applicant, Admin, "service"))[1];
        Changes(entry).ShouldBe(["systemRole: guest > applicant"]);
        (entry.At, entry.By, entry.Why).ShouldBe((Some.Instant.AddHours(1), new LogActor(Admin, null), "service"));
    }

    [Fact]
    public void names_the_organizations_that_are_known()
    {
        var (request, unknown) = (Some.Id(), Some.Id());
        var log = Log(
            Registered, new UserEvent.OrganizationJoined(North, "customer", Some.Id()), new UserEvent.AppRoleGranted(North, Some.Id(), Some.Id(), "editor", Some.Id()),
            new UserEvent.RoleGranted(request, Role.Mentor, unknown, Admin), new UserEvent.RoleEnded(request, Role.Mentor, unknown, Admin));
        log[1..].SelectMany(Changes).ShouldBe(
            ["organization: - > North", "appRole: - > editor, North", $"role: - > mentor, {unknown}", $"role: mentor, {unknown} > -"]);
    }

    [Fact]
    [Trait("Feature", "SUB-03")]
    public void shows_that_the_role_of_an_app_went_with_its_seat()
    {
        var (app, subscription, invitation) = (Some.Id(), Some.Id(), Some.Id());
        var log = Log(
            Registered, new UserEvent.AppRoleGranted(North, app, subscription, "editor", invitation),
            new UserEvent.AppRoleEnded(North, app, subscription, "editor", invitation));
        Changes(log[2]).ShouldBe(["appRole: editor, North > -"]);
    }

    [Fact]
    public void tells_that_a_password_changed_and_never_its_hash()
    {
        var log = Log(Registered, new UserEvent.PasswordSet(Person, "hash one", MustChange: true), new UserEvent.PasswordSet(Person, "hash two", MustChange: false));
        Changes(log[1]).ShouldBe(["password: - > changed", "mustChangePassword: - > true"]);
        Changes(log[2]).ShouldBe(["password: - > changed", "mustChangePassword: true > -"]);
    }

    [Fact]
    [Trait("Feature", "USR-04")]
    public void shows_that_the_picture_is_another_one()
    {
        var avatar = Some.Id();
        Changes(Log(Registered, new UserEvent.AvatarChanged(Person, avatar))[1]).ShouldBe([$"avatarId: - > {avatar}"]);
    }

    [Fact]
    [Trait("Feature", "IDN-02")]
    public void shows_where_it_belongs_what_became_of_the_digital_identity()
    {
        var log = Log(
            Registered,
            new DigitalIdentityEvent.DetailsGiven(Person, "Kim", null, "198112189876", null, null, true, null, Person),
            new UserEvent.PasswordSet(Person, "hash", MustChange: false),
            new DigitalIdentityEvent.Submitted(Person, Person),
            new DigitalIdentityEvent.Returned(Person, "Another name.", Admin),
            new DigitalIdentityEvent.Returned(Person, PersonalDataAttribute.Erased, Admin));
        log[1..4].SelectMany(Changes).ShouldBe(
            [
                "identity.status: - > draft", "identity.firstName: - > Kim", "identity.personalNumber: - > 19811218-****", "identity.swedishCitizen: - > true",
                "password: - > changed", "identity.status: draft > submitted",
            ]);
        log[4..].Select(entry => entry.Why).ShouldBe(["Another name.", "erased"]);
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    public void shows_what_became_of_the_second_factor_and_neither_its_secrets_nor_each_code()
    {
        var notice = Some.Id();
        var log = Log(
            Registered,
            new TwoFactorEvent.AuthenticatorEnrolled(Person, "a secret"),
            new TwoFactorEvent.AuthenticatorConfirmed(1),
            new TwoFactorEvent.AuthenticatorUsed(2),
            new TwoFactorEvent.RecoveryCodesMade(["a hash", "another"]),
            new TwoFactorEvent.EmailCodesTurnedOn(Admin),
            new TwoFactorEvent.EmailCodeDue(Person, notice, Some.Instant),
            new TwoFactorEvent.EmailCodeUsed(notice),
            new TwoFactorEvent.AuthenticatorRemoved(Admin));
        log[1..].Select(entry => string.Join(", ", Changes(entry))).ShouldBe(
            [
                "secondFactor.authenticator: - > true", "secondFactor.recoveryCodesLeft: 0 > 2", "secondFactor.emailCodes: - > true",
                "secondFactor.authenticator: true > -",
            ]);
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public void says_of_erased_values_that_they_are()
    {
        const string gone = PersonalDataAttribute.Erased;
        var log = Log(
            Registered with { Email = gone, FirstName = gone, LastName = gone, PersonalNumber = gone, Phone = gone, SwedishCitizen = null, Username = gone },
            new UserEvent.PasswordSet(Person, gone, MustChange: false));
        Changes(log[0]).ShouldBe(
            [
                "email: - > erased", "username: - > erased", "firstName: - > erased", "lastName: - > erased", "personalNumber: - > erased", "phone: - > erased",
                "language: - > sv", "systemRole: - > guest",
            ]);
        log[1].Changes.ShouldBeEmpty();
    }
}
