using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Mails a code to somebody who signs in with e-mail codes (USR-07). Whether the password was right shows neither in the answer nor in its
/// time, and each time counts as an attempt to sign in.
/// </summary>
internal static class MailSignInCode
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>Who signs in.</summary>
    /// <param name="Email">The account's address, in any case.</param>
    /// <param name="Password">The password.</param>
    public sealed record Request(string? Email, string? Password);

    public sealed record Command(Guid UserId, Guid NoticeId, DateTimeOffset ExpiresAt);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Command c) => factor.EmailCodes
        ? new TwoFactorEvent.EmailCodeDue(c.UserId, c.NoticeId, c.ExpiresAt)
        : Nothing.Happened;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/session/email-code", Handle).WithName(nameof(MailSignInCode)).WithTags("Session").Requires(Permission.Anyone);

    /// <summary>A code for a user from now on.</summary>
    public static Command New(Guid userId, TimeProvider clock) => new(userId, Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow() + GoodFor);

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, Users users, SignInAttempts attempts, AccountPasswords passwords, TimeProvider clock,
        CancellationToken ct)
    {
        if (SignIn.Incomplete(request.Email, request.Password) is { } incomplete)
            return incomplete.ToProblem();
        if (await attempts.Take(SignInAttempts.SignIn, Users.KeyOf(request.Email!), http.Connection.RemoteIpAddress, ct) is { } wait)
            return new TooManyAttempts(wait).ToProblem(http);

        var id = await users.IdOfWhoSignsIn(request.Email!, ct) ?? Guid.Empty;
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct);
        var isOwner = await passwords.Verify(user, request.Password!, ct);
        await EqualTime.For(
            async () =>
            {
                if (!isOwner)
                    return;
                var command = New(id, clock);
                await store.Transact(
                    new(CausationId: http.TraceIdentifier),
                    session => session.Decide<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(id), factor => Decide(factor, command), ct),
                    ct);
            },
            clock,
            ct);
        return TypedResults.Accepted((string?)null);
    }
}
