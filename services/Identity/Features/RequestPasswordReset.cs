using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Sends somebody who forgot their password a link to set a new one (USR-08). Whether anybody has the address shows neither in the answer
/// nor in its time.
/// </summary>
internal static class RequestPasswordReset
{
    /// <summary>How long the link works.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    /// <summary>Who forgot their password.</summary>
    /// <param name="Email">The account's address, in any case.</param>
    public sealed record Request(string? Email);

    public sealed record Command(Guid NoticeId, string TokenHash, DateTimeOffset ExpiresAt);

    public static Decision<UserEvent> Decide(User user, Command c) => user.Exists
        ? new UserEvent.PasswordResetRequested(user.Id, c.NoticeId, c.TokenHash, c.ExpiresAt)
        : new UserNotFound();

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/password-resets", Handle).WithName(nameof(RequestPasswordReset)).WithTags("Session").Requires(Permission.Anyone);

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, Users users, SignInAttempts attempts, LinkTokens links, TimeProvider clock,
        CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(EmailAddress.TryParse(request.Email, out _, out var reason), "email", reason ?? "");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await attempts.Take(SignInAttempts.Reset, Users.KeyOf(request.Email!), http.Connection.RemoteIpAddress, ct) is { } wait)
            return new TooManyAttempts(wait).ToProblem(http);

        await EqualTime.For(
            async () =>
            {
                if (await users.IdOf(request.Email!, ct) is not { } id)
                    return;
                var now = clock.GetUtcNow();
                var notice = Guid.CreateVersion7(now);
                var command = new Command(notice, LinkTokens.HashOf(links.ForNotice(notice)), now + GoodFor);
                await store.Transact(
                    new(CausationId: http.TraceIdentifier),
                    session => session.Decide<User, UserEvent>(User.Stream(id), user => Decide(user, command), ct),
                    ct);
            },
            clock,
            ct);
        return TypedResults.Accepted((string?)null);
    }
}
