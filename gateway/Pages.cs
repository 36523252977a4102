using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace InviteHub.Gateway;

/// <summary>
/// The few pages that need no console: what this is, what an invitation's link offers, and a new password by a mailed link. No script, nothing
/// from elsewhere.
/// </summary>
internal static class Pages
{
    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}dt{font-weight:600}dd{margin:0 0 .5rem}label{display:block;font-weight:600}input{font:inherit;width:100%;box-sizing:border-box;padding:.4rem;margin:0 0 1rem}button{font:inherit;padding:.4rem 1rem}";

    // The one style is allowed by what it is, so that no other can be.
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; " +
        "base-uri 'none'; frame-ancestors 'none'; form-action ";

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", (HttpContext context) => Page(context, HttpStatusCode.OK, "en", "InviteHub",
                """
                <p>Invitations to organizations and their apps.</p>
                <ul><li><a href="/docs">The API</a></li><li><a href="/health">Health</a></li></ul>
                """))
            .Requires(Permission.Anyone).WithName("Start");
        app.MapGet("/registrations/{token}", Registration).Requires(Permission.Anyone).WithName(nameof(Registration));
        app.MapGet("/password-reset/{token}", PasswordReset).Requires(Permission.Anyone).WithName(nameof(PasswordReset));
        app.MapPost("/password-reset/{token}", SetPassword).Requires(Permission.Anyone).WithName(nameof(SetPassword));
    }

    /// <summary>Shows what a link offers, as GET /api/v1/registrations/{token} tells it; looking never uses the link up (INV-05).</summary>
    private static async Task<ContentHttpResult> Registration(
        string token, HttpContext context, Addresses addresses, IHttpClientFactory clients, CancellationToken ct)
    {
        var (asked, answer) = await Ask(context, addresses.Of("invitations")[0], clients, HttpMethod.Get, $"/api/v1/registrations/{Uri.EscapeDataString(token)}", null, ct);
        var language = LanguageOf(context.Request);
        var (status, title, body) = RegistrationPage.Write(language, asked, answer);
        return Page(context, status, language, title, body);
    }

    /// <summary>The form behind a mailed link to set a new password; looking never uses the link up (USR-08).</summary>
    private static async Task<ContentHttpResult> PasswordReset(
        string token, HttpContext context, Addresses addresses, IHttpClientFactory clients, CancellationToken ct)
    {
        var (asked, answer) = await Ask(context, addresses.Of("identity")[0], clients, HttpMethod.Get, $"/api/v1/password-resets/{Uri.EscapeDataString(token)}", null, ct);
        var language = LanguageOf(context.Request);
        var (status, title, body) = PasswordResetPage.Form(language, asked, answer, []);
        return Page(context, status, language, title, body, formAction: "'self'");
    }

    /// <summary>Takes the form: two equal passwords, and whatever Identity says to them. No token against forgery is needed, since the link is one.</summary>
    private static async Task<ContentHttpResult> SetPassword(
        string token, HttpContext context, Addresses addresses, IHttpClientFactory clients, CancellationToken ct)
    {
        var language = LanguageOf(context.Request);
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(ct) : FormCollection.Empty;
        string password = form["password"].ToString();
        var differ = password != form["again"].ToString();
        var path = $"/api/v1/password-resets/{Uri.EscapeDataString(token)}";
        var (asked, answer) = differ
            ? await Ask(context, addresses.Of("identity")[0], clients, HttpMethod.Get, path, null, ct)
            : await Ask(context, addresses.Of("identity")[0], clients, HttpMethod.Put, path, JsonContent.Create(new { password }), ct);
        var (status, title, body) = differ ? PasswordResetPage.Differ(language, asked, answer) : PasswordResetPage.Outcome(language, asked, answer);
        return Page(context, status, language, title, body, formAction: "'self'");
    }

    /// <summary>What a service answers to a page's question; 503 when it does not.</summary>
    private static async Task<(HttpStatusCode Status, byte[] Answer)> Ask(
        HttpContext context, Uri service, IHttpClientFactory clients, HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var client = clients.CreateClient(Backends.Client);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(service, path)) { Content = content };
            using var answer = await client.SendAsync(request, ct);
            return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(ct));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "1";
            return (HttpStatusCode.ServiceUnavailable, []);
        }
    }

    private static string LanguageOf(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.AsSpan() switch
        {
            ['s' or 'S', 'v' or 'V', ..] => "sv",
            ['e' or 'E', 'n' or 'N', ..] => "en",
            _ => null,
        }).FirstOrDefault(l => l is not null) ?? "en";

    private static ContentHttpResult Page(HttpContext context, HttpStatusCode status, string language, string title, string body, string formAction = "'none'")
    {
        context.Response.Headers.ContentSecurityPolicy = Policy + formAction;
        context.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        return TypedResults.Content(
            $$"""
            <!doctype html>
            <html lang="{{language}}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow">
            <title>{{HtmlEncoder.Default.Encode(title)}}</title>
            <style>{{Style}}</style>
            </head>
            <body><main><h1>{{HtmlEncoder.Default.Encode(title)}}</h1>
            {{body}}
            </main></body>
            </html>
            """,
            "text/html; charset=utf-8", statusCode: (int)status);
    }
}
