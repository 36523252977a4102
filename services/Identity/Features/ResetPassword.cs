using System.Security.Cryptography;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Gives a user a temporary password, shown once to the administrator who asks; it must be changed at the next sign-in, and all sessions
/// end (USR-06).
/// </summary>
internal static class ResetPassword
{
    private const int Length = 12;

    /// <summary>The password to hand over.</summary>
    /// <param name="TemporaryPassword">In clear, here and nowhere else.</param>
    public sealed record Answer(string TemporaryPassword);

    public sealed record Command(string Hash, Guid By);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (!user.Exists)
            return new UserNotFound();
        if (user.Id == c.By)
            return new OwnAccount("change your password instead");
        return new UserEvent[]
        {
            new UserEvent.PasswordSet(user.Id, c.Hash, MustChange: true),
            new UserEvent.PasswordReplaced(user.Id, PasswordReplacedBy.Administrator),
        };
    }

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("/{id:guid}/password-reset", Handle).WithName(nameof(ResetPassword)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, Sessions sessions, Passwords passwords, EndedSessions ended,
        TimeProvider clock, CancellationToken ct)
    {
        var password = RandomNumberGenerator.GetString(LinkTokens.Readable, Length);
        var command = new Command(await passwords.Hash(password, ct), caller.Id);
        var (outcome, over) = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var decided = await session.Decide<User, UserEvent>(User.Stream(id), user => Decide(user, command), ct);
                return (decided, decided.Refusal is null ? await EndSession.AllOf(id, SessionEnd.PasswordChanged, session, sessions, clock, ct) : []);
            },
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, over, id, clock);
        return TypedResults.Ok(new Answer(password));
    }
}
