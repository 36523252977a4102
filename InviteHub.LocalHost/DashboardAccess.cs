using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace InviteHub.LocalHost;

/// <summary>
/// Who may see the dashboard, and who may send it telemetry: programs on this machine alone, and of those only the ones that were told a secret.
/// A person gets theirs as an address to open (<c>/login?t=…</c>), which becomes a cookie; a program sends it as <c>Authorization: Bearer</c>.
/// </summary>
internal sealed class DashboardAccess(IConfiguration configuration)
{
    /// <summary>Where the secret of the pages is kept, under the name that Aspire has for it too.</summary>
    public const string TokenSetting = "AppHost:BrowserToken";

    /// <summary>Where the secret of those who send telemetry is kept, under the name that Aspire has for it too.</summary>
    public const string ApiKeySetting = "AppHost:OtlpApiKey";

    /// <summary>Where the address for telemetry over gRPC is kept.</summary>
    public const string GrpcSetting = "AppHost:OtlpGrpcEndpoint";

    /// <summary>The header that telemetry comes with.</summary>
    public const string ApiKeyHeader = "x-otlp-api-key";

    // Whoever learns the cookie has not learned the token; and other dashboards of this machine have cookies of other names.
    private readonly string _session = NewSecret();

    public static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public void Guard(WebApplication app)
    {
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            // Another site that gives its name our address must not read this through a person's browser.
            return IsLoopback(context.Request.Host.Host) ? next(context) : Refuse(context, StatusCodes.Status400BadRequest);
        });
        app.Use((context, next) =>
            !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || context.Request.Path == "/api/session" || HasToken(context.Request) ? next(context)
            : !HasCookie(context.Request) ? Refuse(context, StatusCodes.Status401Unauthorized)
            : HttpMethods.IsGet(context.Request.Method) || IsFromOwnPage(context.Request) ? next(context)
            : Refuse(context, StatusCodes.Status403Forbidden));
        app.MapGet("/login", (string? t, HttpContext context) => SignIn(context, t)
            ? Results.Redirect("/")
            : Results.Text("That address is of another start. The host prints the one to open each time that it starts.", statusCode: StatusCodes.Status401Unauthorized));
        app.MapPost("/api/session", (Session session, HttpContext context) => SignIn(context, session.Token) ? Results.NoContent() : Results.Unauthorized());
    }

    /// <summary>Whether a request may bring telemetry.</summary>
    public bool MaySend(HttpContext context) => IsSame(context.Request.Headers[ApiKeyHeader], configuration[ApiKeySetting]);

    private sealed record Session(string Token);

    private bool SignIn(HttpContext context, string? token)
    {
        if (!IsSame(token, configuration[TokenSetting]))
            return false;
#pragma warning disable S2092 // Loopback has no TLS, and not every browser sends it a cookie that wants TLS.
        context.Response.Cookies.Append(CookieName(context.Request), _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
#pragma warning restore S2092
        return true;
    }

    private bool HasCookie(HttpRequest request) => IsSame(request.Cookies[CookieName(request)], _session);

    private bool HasToken(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal)
        && IsSame(header["Bearer ".Length..], configuration[TokenSetting]);

    // Pages of other programs on this machine are of the same site to a browser, and their requests come with our cookie.
    private static bool IsFromOwnPage(HttpRequest request) => request.Headers.Origin == $"{request.Scheme}://{request.Host}";

    private static string CookieName(HttpRequest request) => $"dashboard-{request.Host.Port}";

    private static bool IsSame(string? given, string? secret) =>
        given is not null && secret is { Length: > 0 } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
