using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;

namespace InviteHub.Gateway;

/// <summary>One OpenAPI document of all services (API-01), merged when it is asked for and kept briefly, and the page that shows it.</summary>
internal sealed class ApiDescription(Addresses addresses, IHttpClientFactory clients, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KeptWhenWhole = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeptWhenNot = TimeSpan.FromSeconds(1);

    /// <summary>A service describes itself once, and that takes long on a machine that has just started and has much to do.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<string, byte[]> _last = new(StringComparer.Ordinal);
    private (byte[] Json, DateTimeOffset Until) _kept = ([], DateTimeOffset.MinValue);

    /// <summary>The document as JSON.</summary>
    public async Task<byte[]> Json(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_kept.Until > clock.GetUtcNow())
                return _kept.Json;
            var parts = await Task.WhenAll(Backends.Prefixes.Keys.Select(async service => (service, await DocumentOf(service, ct))));
            var json = JsonSerializer.SerializeToUtf8Bytes(ApiDocument.Merge(parts));
            _kept = (json, clock.GetUtcNow() + (parts.All(p => p.Item2 is not null) ? KeptWhenWhole : KeptWhenNot));
            return json;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<JsonObject?> DocumentOf(string service, CancellationToken ct)
    {
        using var client = clients.CreateClient(Backends.Client);
        if (!_last.ContainsKey(service))
            client.Timeout = LongestWait;
        foreach (var replica in addresses.Of(service))
        {
            try
            {
                var document = await client.GetByteArrayAsync(new Uri(replica, "/openapi/v1.json"), ct);
                var read = JsonNode.Parse(document) as JsonObject;
                _last[service] = document;
                return read;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                // It is down: the next replica, or what was known of it, or a document without it.
            }
        }

        return _last.TryGetValue(service, out var last) ? JsonNode.Parse(last) as JsonObject : null;
    }
}

internal static class ApiDescriptionEndpoints
{
    private const string PageOfDocs = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapGet("/openapi/v1.json", async (ApiDescription description, CancellationToken ct) =>
                TypedResults.Bytes(await description.Json(ct), "application/json"))
            .Requires(Permission.Operational).WithName(nameof(ApiDescription));

        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase))
                context.Response.Headers.ContentSecurityPolicy = PageOfDocs;
            return next(context);
        });
        app.MapSwaggerUI("docs", ui =>
        {
            ui.DocumentTitle = "InviteHub API";
            ui.SwaggerEndpoint("/openapi/v1.json", "InviteHub API");
        }).Requires(Permission.Anyone);
    }
}
