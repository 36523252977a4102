using System.Security.Claims;
using InviteHub.EventStore;
using Microsoft.AspNetCore.Http;

namespace InviteHub.ServiceDefaults;

/// <summary>The signed-in caller, taken as a parameter by endpoints.</summary>
/// <param name="Id">The user.</param>
/// <param name="SessionId">The session that the token belongs to.</param>
/// <param name="Role">The system role when the token was issued (ROL-01).</param>
/// <param name="MustChangePassword">Whether the password was a temporary one when the token was issued (USR-06).</param>
public sealed record CurrentUser(Guid Id, Guid SessionId, string Role, bool MustChangePassword = false)
{
    /// <summary>The claim that holds the session's id.</summary>
    public const string SessionClaim = "sid";

    private const string TemporaryClaim = "temporary_password";

    /// <summary>The system role that may do everything.</summary>
    public const string SystemAdmin = "systemAdmin";

    /// <summary>Whether the caller is a System admin.</summary>
    public bool IsSystemAdmin => Role == SystemAdmin;

    /// <summary>The claims that a token carries; ids and role only, no personal data.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, Id.ToString()), new(SessionClaim, SessionId.ToString()), new(ClaimTypes.Role, Role),
            .. MustChangePassword ? [new Claim(TemporaryClaim, "")] : Array.Empty<Claim>(),
        ], scheme));

    /// <summary>What events of this caller's commands are stamped with.</summary>
    public EventMetadata Metadata(HttpContext context, Guid? correlation = null) => new(
        correlation?.ToString(),
        context.TraceIdentifier,
        new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = Id.ToString() });

    /// <summary>The caller of a request, or null when nobody is signed in.</summary>
    public static CurrentUser? Of(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
        && Guid.TryParse(principal.FindFirstValue(SessionClaim), out var session)
        && principal.FindFirstValue(ClaimTypes.Role) is { } role
            ? new(id, session, role, principal.HasClaim(claim => claim.Type == TemporaryClaim))
            : null;

    /// <summary>Lets minimal APIs take it as a parameter; the endpoint's permission has made sure that somebody is signed in.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));
}
