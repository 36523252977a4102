using InviteHub.Contracts.Identity;
using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "GDP-02")]
public class asking_to_forget_a_person
{
    private static readonly Guid Admin = Some.Id();
    private static readonly User Person = Some.User();

    [Fact]
    public void closes_the_account_when_the_address_was_typed()
    {
        var events = Ask(Person, Person.Email.ToUpperInvariant()).Events;
        events.ShouldBe([new UserEvent.Closed(Person.Id, Role.Guest, Admin)]);
        var closed = Person.Told(events);
        closed.Exists.ShouldBeFalse();
        Ask(closed, "whatever").Events.ShouldBeEmpty();
        Ask(closed, "whatever").Refusal.ShouldBeNull();
    }

    [Fact]
    public void needs_the_address_of_that_user() => Ask(Person, "other@north.example").Refusal.ShouldBe(new EmailNotTheirs());

    [Fact]
    public void finds_nobody_under_an_unknown_id() => Ask(User.Initial, "kim@north.example").Refusal.ShouldBe(new UserNotFound());

    [Fact]
    public void is_never_done_to_oneself() =>
        AnonymizeUser.Decide(Person, SystemAdmins.Initial, new(Person.Email, Person.Id)).Refusal.ShouldBeOfType<OwnAccount>();

    [Fact]
    [Trait("Feature", "ROL-07")]
    public void is_never_done_to_the_last_System_admin()
    {
        var (one, other) = (Some.User(Role.SystemAdmin), Some.User(Role.SystemAdmin));
        var both = Admins(one, other);
        AnonymizeUser.Decide(one, both, new(one.Email, other.Id)).Events.ShouldBe([new UserEvent.Closed(one.Id, Role.SystemAdmin, other.Id)]);
        var left = ChangeSystemRole.Follow(new UserEvent.Closed(one.Id, Role.SystemAdmin, other.Id)).Aggregate(both, (admins, e) => admins.Apply(e));
        AnonymizeUser.Decide(other, left, new(other.Email, one.Id)).Refusal.ShouldBe(new LastSystemAdmin());
    }

    [Fact]
    public void leaves_nothing_that_a_late_message_could_bring_back()
    {
        var closed = Person.Told(new UserEvent.Closed(Person.Id, Role.Guest, Admin));
        var late = Some.Registration(user: Person.Id);
        ProvisionAccount.Decide(closed, late).Refusal.ShouldBe(new UserNotFound());
        ProvisionAccount.Decide(closed, late with { IsExistingUser = true }).Refusal.ShouldBe(new UserNotFound());
        FollowSeat.Grant(closed, new(Some.Id(), Some.Id(), Some.Id(), "editor", Some.Id())).Refusal.ShouldBe(new UserNotFound());
        ResetPassword.Decide(closed, new("a hash", Admin)).Refusal.ShouldBe(new UserNotFound());
    }

    [Fact]
    [Trait("Feature", "GDP-01")]
    public void is_done_with_an_open_request_to_be_removed()
    {
        var asked = RemovalRequest.Initial.Apply(new RemovalEvent.Requested(Person.Id, Some.Id(), "I leave"));
        AnonymizeUser.Decide(asked, Person.Id, Admin).Events.ShouldBe([new RemovalEvent.Processed(Person.Id, asked.Id, Admin)]);
        AnonymizeUser.Decide(RemovalRequest.Initial, Person.Id, Admin).Events.ShouldBeEmpty();
    }

    private static EventStore.Decision<UserEvent> Ask(User user, string email) => AnonymizeUser.Decide(user, SystemAdmins.Initial, new(email, Admin));

    private static SystemAdmins Admins(params User[] users) =>
        users.Aggregate(SystemAdmins.Initial, (admins, user) => admins.Apply(new SystemAdminsEvent.Added(user.Id)));
}

[Trait("Feature", "GDP-03")]
public class leading_an_erasure
{
    private static readonly Guid Person = Some.Id();
    private static readonly Guid Invitee = Some.Id();

    private static Anonymization Asked { get; } = Anonymization.Initial.Apply(
        new AnonymizationEvent.Requested(Person, "kim@north.example\nold@north.example", EndedSessions: 2, By: Some.Id(), Some.Instant));

    private static Anonymization Erasing { get; } = Told(Asked, SettleLastNotice.Decide(Asked, new("sent", Some.Instant)).Events);

    [Fact]
    public void begins_when_the_last_message_is_out_of_the_way()
    {
        var events = SettleLastNotice.Decide(Asked, new("failed", Some.Instant)).Events;
        events[0].ShouldBe(new AnonymizationEvent.NoticeSettled("failed", Some.Instant));
        events[1].ShouldBeOfType<AnonymizationEvent.ErasureDue>().Services.ShouldBe(["invitations"]);
        SettleLastNotice.Decide(Told(Asked, events), new("sent", Some.Instant)).Events.ShouldBeEmpty();
        SettleLastNotice.Decide(Anonymization.Initial, new("sent", Some.Instant)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void tells_the_others_every_id_that_Invitations_knew_and_Identity_last()
    {
        var first = ConfirmErasure.Decide(Erasing, Of("invitations", Invitee)).Events;
        var due = first[1].ShouldBeOfType<AnonymizationEvent.ErasureDue>();
        due.Services.ShouldBe(["subscriptions", "notifications"]);
        due.SubjectIds.ShouldBe([Invitee]);

        var one = Told(Told(Erasing, first), ConfirmErasure.Decide(Told(Erasing, first), Of("notifications")).Events);
        ConfirmErasure.Decide(one, Of("notifications")).Events.ShouldBeEmpty();
        CertifyErasure.IsDue(one).ShouldBeFalse();
        ConfirmErasure.Decide(one, Of("subscriptions")).Events[1].ShouldBeOfType<AnonymizationEvent.ErasureDue>().Services.ShouldBe(["identity"]);
    }

    [Fact]
    [Trait("Feature", "GDP-04")]
    public void ends_in_one_certificate_once_all_have_confirmed()
    {
        var all = new[] { "invitations", "subscriptions", "notifications", "identity" }
            .Aggregate(Erasing, (state, service) => Told(state, ConfirmErasure.Decide(state, Of(service, Invitee)).Events));
        CertifyErasure.IsDue(all).ShouldBeTrue();
        var statement = CertifyErasure.Statement(all, Some.Instant);
        statement.ShouldBe(
            $"""
            InviteHub certificate of erasure v1
            person {Person}
            requested 2030-01-01T09:00:00.000Z by {Asked.Request!.By}
            sessions ended 2030-01-01T09:00:00.000Z 2
            last message sent 2030-01-01T09:00:00.000Z
            also known as {Invitee}
            invitations erased 2030-01-01T09:00:00.000Z
            invitations keys 2
            subscriptions erased 2030-01-01T09:00:00.000Z
            subscriptions keys 2
            notifications erased 2030-01-01T09:00:00.000Z
            notifications keys 2
            identity erased 2030-01-01T09:00:00.000Z
            identity keys 2
            completed 2030-01-01T09:00:00.000Z

            """.ReplaceLineEndings("\n"));
        statement.ShouldNotContain("north.example");

        var certificate = new CertifyErasure.Command(statement, "a signature", Some.Instant);
        var done = Told(all, CertifyErasure.Decide(all, certificate).Events);
        done.Status.ShouldBe(AnonymizationStatus.Completed);
        CertifyErasure.Decide(done, certificate).Events.ShouldBeEmpty();
        ConfirmErasure.Decide(done, Of("identity")).Events.ShouldBeEmpty();
        CertifyErasure.Decide(Erasing, certificate).Events.ShouldBeEmpty();
    }

    private static PersonErased Of(string service, params Guid[] subjects) => new(Person, service, subjects, ["keys"], [2], Some.Instant);

    private static Anonymization Told(Anonymization state, IEnumerable<AnonymizationEvent> events) => events.Aggregate(state, (s, e) => s.Apply(e));
}

[Trait("Feature", "GDP-01")]
public class asking_to_be_removed
{
    private static readonly Guid Admin = Some.Id();
    private static readonly User Person = Some.User();

    private static RemovalRequest Asked { get; } = Told(RemovalRequest.Initial, Ask(RemovalRequest.Initial, "I leave").Events);

    [Fact]
    public void tells_the_System_admins_once()
    {
        Ask(RemovalRequest.Initial, "I leave").Events.OfType<RemovalEvent.NoticeDue>().ShouldBe([new(Person.Id, Admin)]);
        Ask(Asked, "I leave").Events.ShouldBeEmpty();
        Ask(Asked, "I leave now").Events.ShouldBe([new RemovalEvent.Requested(Person.Id, Asked.Id, "I leave now")]);
    }

    [Fact]
    public void can_be_taken_back_and_done_again()
    {
        var withdrawn = Told(Asked, RequestRemoval.Withdraw(Asked, Person.Id).Events);
        withdrawn.Status.ShouldBe(RemovalStatus.Withdrawn);
        RequestRemoval.Withdraw(withdrawn, Person.Id).Events.ShouldBeEmpty();
        RequestRemoval.Withdraw(RemovalRequest.Initial, Person.Id).Refusal.ShouldBe(new RemovalRequestNotFound());
        var again = Told(withdrawn, Ask(withdrawn, "I leave").Events);
        again.IsPending.ShouldBeTrue();
        again.Id.ShouldNotBe(Asked.Id);
    }

    [Fact]
    public void is_for_those_with_an_account() => RequestRemoval.Decide(User.Initial, RemovalRequest.Initial, new(Person.Id, Some.Id(), "I leave", []))
        .Refusal.ShouldBe(new UserNotFound());

    private static EventStore.Decision<RemovalEvent> Ask(RemovalRequest request, string reason) =>
        RequestRemoval.Decide(Person, request, new(Person.Id, Some.Id(), reason, [Admin, Person.Id]));

    private static RemovalRequest Told(RemovalRequest request, IEnumerable<RemovalEvent> events) => events.Aggregate(request, (r, e) => r.Apply(e));
}
