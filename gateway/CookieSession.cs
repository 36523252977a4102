using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using Yarp.ReverseProxy.Transforms;

namespace InviteHub.Gateway;

/// <summary>
/// A browser's session (USR-08): whoever signs in with <c>?cookie=true</c> gets the tokens in a cookie that no script can read and no other
/// site makes the browser send. Towards the services the gateway turns it into a bearer token, and renews that before it runs out: services
/// know of no cookies.
/// </summary>
internal sealed class CookieSession(Addresses addresses, IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock)
{
    private const string Prefix = "/api/v1";
    private static readonly object Asked = new();
    private static readonly object Held = new();

    // So that a token does not run out on its way.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly bool _isPublicHttps = configuration["PublicUrl"]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    private sealed record Tokens(DateTimeOffset Until, string Access, string Refresh)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Until.ToUnixTimeSeconds()}.{Access}.{Refresh}");

        public static Tokens? Parse(string? cookie) =>
            cookie?.Split('.') is [var until, var access, var refresh] && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? new(DateTimeOffset.FromUnixTimeSeconds(seconds), access, refresh)
                : null;
    }

    /// <summary>Stands before what is passed on.</summary>
    public async Task Enter(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        // Who brings a token speaks for themselves, and who asks for a new cookie leaves the old one behind.
        var asks = HttpMethods.IsPost(request.Method) && request.Query["cookie"] == "true";
        var tokens = asks || request.Headers.Authorization.Count > 0 ? null : Tokens.Parse(request.Cookies[Name(context)]);
        if ((asks || tokens is not null) && ComesFromElsewhere(request))
        {
            await context.Refuse(StatusCodes.Status403Forbidden, "cross-site-request", "This was sent by a page of another site; open InviteHub itself.");
            return;
        }

        if (asks)
            context.Items[Asked] = true;
        if (tokens is not null && tokens.Until - Early <= clock.GetUtcNow())
        {
            try
            {
                tokens = await Renewed(tokens.Refresh, context.RequestAborted);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Refuse(StatusCodes.Status503ServiceUnavailable, "unavailable", "Your session can't be renewed right now. Try again in a moment.");
                return;
            }

            Keep(context, tokens);
        }

        if (tokens is not null)
        {
            context.Items[Held] = tokens;
            request.Headers.Authorization = $"Bearer {tokens.Access}";
        }

        Hide(context);
        await next(context);
    }

    /// <summary>Stands behind what services answer: keeps new tokens in the cookie instead of the answer, and forgets ended ones.</summary>
    public async ValueTask Leave(ResponseTransformContext answer)
    {
        var context = answer.HttpContext;
        if (answer.ProxyResponse is not { IsSuccessStatusCode: true } response)
            return;
        if (context.Items.ContainsKey(Asked))
        {
            answer.SuppressResponseBody = true;
            var body = await response.Content.ReadAsByteArrayAsync(answer.CancellationToken);
            if (JsonNode.Parse(body) is JsonObject session && Read(session) is { } tokens)
            {
                Keep(context, tokens);
                foreach (var secret in new[] { "accessToken", "refreshToken", "tokenType" })
                    session.Remove(secret);
                body = JsonSerializer.SerializeToUtf8Bytes(session);
            }

            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, answer.CancellationToken);
        }
        else if (context.Items[Held] is Tokens held)
        {
            var request = context.Request;
            if (HttpMethods.IsDelete(request.Method) && request.Path.Value is $"{Prefix}/session" or $"{Prefix}/me/sessions")
                Keep(context, null);
            // The token still says that the password is to be changed: the next request gets another one.
            else if (HttpMethods.IsPut(request.Method) && request.Path.Value is $"{Prefix}/me/password")
                Keep(context, held with { Until = DateTimeOffset.UnixEpoch });
        }
    }

    /// <summary>
    /// Whether a request that changes something was made by a page of another site. Every browser that can hold the cookie says where such a
    /// request comes from, in one header or the other; what says nothing is no browser, and holds the cookie on purpose.
    /// </summary>
    private static bool ComesFromElsewhere(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A new access token; null when the session is over.</summary>
    private async Task<Tokens?> Renewed(string refreshToken, CancellationToken ct)
    {
        using var client = clients.CreateClient(Backends.ResilientClient);
        var replicas = addresses.Of("identity");
        for (var n = 0; ; n++)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync(new Uri(replicas[n], "/internal/session-tokens"), new { refreshToken }, ct);
                if (answer.StatusCode is HttpStatusCode.Unauthorized)
                    return null;
                answer.EnsureSuccessStatusCode();
                return Read((await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!);
            }
            catch (HttpRequestException) when (n + 1 < replicas.Count)
            {
                // It is down: the next replica.
            }
        }
    }

    private Tokens? Read(JsonObject session) =>
        (string?)session["accessToken"] is { } access && (string?)session["refreshToken"] is { } refresh && (int?)session["expiresIn"] is { } seconds
            ? new(clock.GetUtcNow().AddSeconds(seconds), access, refresh)
            : null;

    private void Keep(HttpContext context, Tokens? tokens)
    {
        // No date: it is gone with the browser's session, and the service forgets the rest after a week without use.
#pragma warning disable S2092 // Secure where people come by https; on one machine they come by http, and it would never come back.
        var options = new CookieOptions { HttpOnly = true, Secure = IsHttps(context), SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
#pragma warning restore S2092
        if (tokens is null)
            context.Response.Cookies.Delete(Name(context), options);
        else
            context.Response.Cookies.Append(Name(context), tokens.ToString(), options);
    }

    /// <summary>Takes the cookie out of what is passed on, and leaves those of others.</summary>
    private void Hide(HttpContext context)
    {
        var name = Name(context);
        if (!context.Request.Cookies.ContainsKey(name))
            return;
        var others = context.Request.Headers.Cookie.SelectMany(line => line?.Split("; ") ?? []).Where(one => !one.StartsWith($"{name}=", StringComparison.Ordinal)).ToArray();
        if (others.Length > 0)
            context.Request.Headers.Cookie = string.Join("; ", others);
        else
            context.Request.Headers.Remove("Cookie");
    }

    // The prefix makes browsers take it from this host alone, over https alone (RFC 6265bis, 4.1.3.2).
    private string Name(HttpContext context) => IsHttps(context) ? "__Host-invitehub" : "invitehub";

    private bool IsHttps(HttpContext context) => _isPublicHttps || context.Request.IsHttps;
}
