using System.Globalization;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity;

/// <summary>Address and password don't belong together; it never says which of them is unknown.</summary>
internal sealed record InvalidCredentials() : Refusal(
    RefusalKind.Unauthorized, "invalid-credentials", "The e-mail address or the password is not right.");

/// <summary>The refresh token is not, or no longer, good.</summary>
internal sealed record InvalidRefreshToken() : Refusal(
    RefusalKind.Unauthorized, "invalid-refresh-token", "The session is over; sign in again.");

/// <summary>Too many attempts failed before this one, for the account or from the address (USR-08).</summary>
internal sealed record TooManyAttempts(TimeSpan Wait) : Refusal(
    RefusalKind.TooMany, "too-many-attempts", $"Too many attempts failed; try again in {Math.Ceiling(Wait.TotalSeconds)} s.")
{
    /// <summary>The problem, with the wait in the answer's <c>Retry-After</c>.</summary>
    public ProblemHttpResult ToProblem(HttpContext http)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return this.ToProblem();
    }
}

/// <summary>No registration that was just completed has this secret, or it was used.</summary>
internal sealed record GrantUnusable() : Refusal(
    RefusalKind.Unauthorized, "grant-unusable", "No registration that was just completed has this secret; sign in with the password.");

/// <summary>The caller has no such session.</summary>
internal sealed record SessionNotFound() : Refusal(RefusalKind.NotFound, "session-not-found", "You have no such session; list them to see which are open.");
