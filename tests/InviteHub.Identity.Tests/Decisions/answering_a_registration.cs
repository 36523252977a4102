using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "INV-10")]
public class answering_a_registration
{
    [Fact]
    public void makes_the_account_of_a_new_person_and_joins_the_organization()
    {
        var registration = Some.Registration();
        var events = ProvisionAccount.Decide(User.Initial, registration).Events;

        var registered = events[0].ShouldBeOfType<UserEvent.Registered>();
        registered.UserId.ShouldBe(registration.UserId);
        registered.Email.ShouldBe(registration.Email);
        registered.SystemRole.ShouldBe(Role.Guest);
        registered.EmailVerified.ShouldBeTrue();
        registered.PrivacyPolicyVersion.ShouldBe("2026-1");
        events[1].ShouldBe(new UserEvent.PasswordSet(registration.UserId, "a hash", MustChange: false));
        events[2].ShouldBe(new UserEvent.OrganizationJoined(registration.OrganizationId, "customer", registration.InvitationId));
        events.Count.ShouldBe(3);
    }

    [Fact]
    public void grants_the_role_of_the_app()
    {
        var registration = Some.Registration().WithAccess();
        ProvisionAccount.Decide(User.Initial, registration).Events[^1].ShouldBe(new UserEvent.AppRoleGranted(
            registration.OrganizationId, registration.AppId!.Value, registration.SubscriptionId!.Value, "editor", registration.InvitationId));
    }

    [Fact]
    public void grants_an_existing_user_only_what_is_new()
    {
        var user = Some.User();
        var registration = Some.Registration() with { UserId = user.Id, IsExistingUser = true, PasswordHash = null, Email = "" };
        var events = ProvisionAccount.Decide(user, registration).Events;
        events.ShouldHaveSingleItem().ShouldBeOfType<UserEvent.OrganizationJoined>();
        ProvisionAccount.Decide(user.Told(events), registration).ShouldSatisfyAllConditions(
            again => again.Refusal.ShouldBeNull(),
            again => again.Events.ShouldBeEmpty());
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("access")]
    public void changes_nothing_the_second_time(string way)
    {
        var registration = way == "access" ? Some.Registration().WithAccess() : Some.Registration();
        var user = User.Initial.Told(ProvisionAccount.Decide(User.Initial, registration).Events);
        var again = ProvisionAccount.Decide(user, registration with { RegistrationId = Some.Id(), PasswordHash = "another hash" });
        again.Refusal.ShouldBeNull();
        again.Events.ShouldBeEmpty();
    }

    [Fact]
    public void is_refused_when_the_user_is_not_there() =>
        ProvisionAccount.Decide(User.Initial, Some.Registration() with { IsExistingUser = true }).Refusal.ShouldBe(new UserNotFound());

    [Fact]
    public void is_refused_for_an_account_that_another_invitation_made()
    {
        var user = User.Initial.Told(ProvisionAccount.Decide(User.Initial, Some.Registration()).Events);
        var decision = ProvisionAccount.Decide(user, Some.Registration(user: user.Id));
        decision.Refusal.ShouldBe(new AccountExists());
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "ROL-09")]
    public void is_refused_when_the_role_is_held_by_another_invitation()
    {
        var first = Some.Registration().WithAccess();
        var user = User.Initial.Told(ProvisionAccount.Decide(User.Initial, first).Events);
        var second = first with { RegistrationId = Some.Id(), InvitationId = Some.Id(), IsExistingUser = true };
        ProvisionAccount.Decide(user, second).Refusal.ShouldBe(new RoleAlreadyHeld("editor", first.SubscriptionId!.Value));
        ProvisionAccount.Decide(user, second with { Role = "reader" }).Events.ShouldHaveSingleItem();
        ProvisionAccount.Decide(user, second with { SubscriptionId = Some.Id() }).Events.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("[erased]", "a hash", "e-mail address")]
    [InlineData("kim@north.example", null, "password")]
    public void is_refused_when_what_it_needs_is_gone(string email, string? hash, string lacks) =>
        ProvisionAccount.Decide(User.Initial, Some.Registration(email) with { PasswordHash = hash }).Refusal.ShouldBe(new RegistrationUnusable(lacks));

    [Fact]
    public void keeps_the_refusal_as_other_services_read_it()
    {
        var registration = Some.Registration();
        var refused = ProvisionAccount.Answer(registration, new EmailTaken(), Some.Instant).ShouldBeOfType<ProvisioningEvent.Refused>();
        (refused.Kind, refused.Code).ShouldBe(("conflict", "email-taken"));
        refused.Detail.ShouldNotContain(registration.Email);
        ProvisionAccount.Answer(registration, null, Some.Instant).ShouldBe(new ProvisioningEvent.Completed(
            registration.RegistrationId, registration.InvitationId, registration.OrganizationId, registration.UserId, registration.GrantHash,
            Some.Instant.AddMinutes(10)));
    }
}
