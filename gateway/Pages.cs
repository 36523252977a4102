using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace InviteHub.Gateway;

/// <summary>The few pages that need no console: what this is, and what an invitation's link offers. No script, nothing from elsewhere.</summary>
internal static class Pages
{
    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}dt{font-weight:600}dd{margin:0 0 .5rem}";

    // The one style is allowed by what it is, so that no other can be.
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", (HttpContext context) => Page(context, HttpStatusCode.OK, "en", "InviteHub",
                """
                <p>Invitations to organizations and their apps.</p>
                <ul><li><a href="/docs">The API</a></li><li><a href="/health">Health</a></li></ul>
                """))
            .Requires(Permission.Anyone).WithName("Start");
        app.MapGet("/registrations/{token}", Registration).Requires(Permission.Anyone).WithName(nameof(Registration));
    }

    /// <summary>Shows what a link offers, as GET /api/v1/registrations/{token} tells it; looking never uses the link up (INV-05).</summary>
    private static async Task<ContentHttpResult> Registration(
        string token, HttpContext context, Addresses addresses, IHttpClientFactory clients, CancellationToken ct)
    {
        var language = LanguageOf(context.Request);
        using var client = clients.CreateClient(Backends.Client);
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(addresses.Of("invitations")[0], $"/api/v1/registrations/{Uri.EscapeDataString(token)}"));
            using var answer = await client.SendAsync(request, ct);
            var (status, title, body) = RegistrationPage.Write(language, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(ct));
            return Page(context, status, language, title, body);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            var (status, title, body) = RegistrationPage.Write(language, HttpStatusCode.ServiceUnavailable, []);
            context.Response.Headers.RetryAfter = "1";
            return Page(context, status, language, title, body);
        }
    }

    private static string LanguageOf(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.AsSpan() switch
        {
            ['s' or 'S', 'v' or 'V', ..] => "sv",
            ['e' or 'E', 'n' or 'N', ..] => "en",
            _ => null,
        }).FirstOrDefault(l => l is not null) ?? "en";

    private static ContentHttpResult Page(HttpContext context, HttpStatusCode status, string language, string title, string body)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
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
