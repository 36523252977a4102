using InviteHub.EventStore;
using Shouldly;

namespace InviteHub.Invitations.Tests.Decisions;

/// <summary>Facts that tests begin from, and how an outcome is read.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a1");
    public static readonly Guid Organization = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a2");
    public static readonly Guid Invitee = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a3");
    public static readonly Guid Admin = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a4");
    public static readonly Guid Subscription = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a5");
    public static readonly Guid Attempt = Guid.Parse("0198c2d0-0000-7000-8000-0000000000a6");

    public static InvitationEvent.Requested Requested(bool isExistingUser = false, Guid? subscription = null) => new(
        Id, Organization, subscription is null ? Way.Customer : Way.Access, Invitee, isExistingUser, "ada@example.org", "Ada", "Lovelace",
        PersonalNumber: null, LmaNumber: null, Phone: null, Gender: null, SwedishCitizen: null, EuCitizen: null,
        AppId: null, subscription, Role: null, "en", Admin, "systemAdmin", Now);

    public static InvitationEvent.Opened Opened() => new("Acme", "Planner", "Editor", Admin, "Eva Ek", 1, "hash", Now.AddDays(365), Now);

    public static InvitationEvent.RegistrationStarted Started() => new(Attempt, Invitee, null, "pbkdf2", "en", "2026-11-01", "grant", Now);

    public static Invitation Given(params InvitationEvent[] happened) => happened.Aggregate(Invitation.Initial, (state, e) => state.Apply(e));

    public static Invitation Pending(bool isExistingUser = false, Guid? subscription = null) => Given(Requested(isExistingUser, subscription), Opened());

    public static Invitation Registering(Guid? subscription = null) => Given(Requested(subscription: subscription), Opened(), Started());

    public static void ShouldBe(this Decision<InvitationEvent> decision, params InvitationEvent[] happened)
    {
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBe(happened);
    }

    public static void ShouldBeRefused<TRefusal>(this Decision<InvitationEvent> decision) where TRefusal : Refusal
    {
        decision.Events.ShouldBeEmpty();
        decision.Refusal.ShouldBeOfType<TRefusal>();
    }
}
