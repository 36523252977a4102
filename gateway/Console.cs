using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace InviteHub.Gateway;

/// <summary>
/// The console (<c>console/</c>, built into the folder of the same name beside the program): one page for every address that is nobody else's, and
/// its files. The page is another one each time, since the styles that its scripts make are allowed by a nonce; the files never change under
/// their names. An operator's own privacy policy (<c>PrivacyPolicyUrl</c>) takes the place of the one that the console has.
/// </summary>
internal static partial class ConsolePages
{
    private const string Nonce = "{{nonce}}";

    // What has a first segment of its own: the API, what is for operators, and the files.
    private static readonly PathString[] NotPages = ["/api", "/docs", "/openapi", "/health", "/alive", "/ready", "/internal", "/assets"];

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".js"] = "text/javascript; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    public static void MapConsole(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "console");
        var page = File.ReadAllText(Path.Combine(folder, "index.html"));
        app.MapGet("/assets/{name}", (string name, HttpContext context) => Asset(Path.Combine(folder, "assets"), name, context))
            .Requires(Permission.Anyone).WithName("Asset");
        if (app.Configuration["PrivacyPolicyUrl"] is { Length: > 0 } policy)
        {
            if (!Uri.TryCreate(policy, UriKind.Absolute, out var elsewhere) || elsewhere.Scheme is not ("https" or "http"))
                throw new InvalidOperationException($"PrivacyPolicyUrl is not an address that begins with https:// or http://: '{policy}'");
            app.MapGet("/privacy", () => TypedResults.Redirect(elsewhere.AbsoluteUri)).Requires(Permission.Anyone).WithName("PrivacyPolicy");
        }

        app.MapFallback((HttpContext context) => Page(page, context)).Requires(Permission.Anyone).WithName("Console");
    }

    /// <summary>The page for whoever goes to an address in a browser; for programs there is nothing.</summary>
    private static Results<ContentHttpResult, NotFound> Page(string page, HttpContext context)
    {
        var request = context.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            || Array.Exists(NotPages, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            return TypedResults.NotFound();
        }

        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = string.Create(CultureInfo.InvariantCulture,
            $"default-src 'none'; script-src 'self'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src 'self' data: blob:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return TypedResults.Content(page.Replace(Nonce, nonce, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    /// <summary>A file, as it was compressed when it was built for whoever can read that.</summary>
    private static Results<PhysicalFileHttpResult, NotFound> Asset(string folder, string name, HttpContext context)
    {
        var path = Path.Combine(folder, name);
        if (!FileName().IsMatch(name) || !Types.TryGetValue(Path.GetExtension(name), out var type) || !File.Exists(path))
            return TypedResults.NotFound();
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        if (File.Exists(path + ".br"))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            if (context.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value == "br" && e.Quality is null or > 0))
            {
                headers.ContentEncoding = "br";
                path += ".br";
            }
        }

        return TypedResults.PhysicalFile(path, type);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
