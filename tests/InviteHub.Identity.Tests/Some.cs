using InviteHub.Contracts.Invitations;

namespace InviteHub.Identity.Tests;

/// <summary>What tests are about when it doesn't matter what.</summary>
internal static class Some
{
    public const string Password = "correct staple of a horse";

    private static int _number;

    public static DateTimeOffset Instant { get; } = new(2030, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public static Guid Id() => Guid.CreateVersion7(Instant);

    public static string Email() => $"Kim.{Interlocked.Increment(ref _number)}@north.example";

    /// <summary>A new person who registers by a customer invitation.</summary>
    public static RegistrationStarted Registration(string? email = null, Guid? user = null, Guid? invitation = null, string? grantHash = null) => new(
        Id(), invitation ?? Id(), Id(), "customer", user ?? Id(), IsExistingUser: false, email ?? Email(), "Kim", "Eriksdotter", "198112189876",
        LmaNumber: null, "+46701234567", Gender: null, SwedishCitizen: true, EuCitizen: true, Username: null, PasswordHash: "a hash", "sv", "2026-1",
        AppId: null, SubscriptionId: null, Role: null, grantHash ?? Id().ToString("N"));

    /// <summary>The same with a role of an app.</summary>
    public static RegistrationStarted WithAccess(this RegistrationStarted registration, string role = "editor", Guid? subscription = null) =>
        registration with { Way = "access", AppId = Id(), SubscriptionId = subscription ?? Id(), Role = role };

    public static User Told(this User user, params IEnumerable<UserEvent> events) => events.Aggregate(user, (u, e) => u.Apply(e));

    public static User User(Role role = Role.Guest, Guid? id = null) => Identity.User.Initial.Told(new UserEvent.Registered(
        id ?? Id(), Email(), "Kim", "Eriksdotter", null, null, null, null, null, null, null, "sv", role, EmailVerified: true, null,
        RegisteredBy.Invitation, Id()));
}
