using System.Text.Json;
using System.Text.Json.Serialization;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Gateway;

/// <summary>Tells whether the gateway and everything behind it can work (OPS-01).</summary>
internal static class HealthOfAll
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public sealed record Health(string Status, IReadOnlyDictionary<string, ServiceHealth> Services);

    /// <summary>How a service is.</summary>
    /// <param name="Status">Whether it can work.</param>
    /// <param name="Checks">What it needs, for who asks for details.</param>
    public sealed record ServiceHealth(
        string Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Checks = null);

    public static void MapHealthOfAll(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).Requires(Permission.Operational);
        // Whether it takes requests itself: with one service down it still does, for the others.
        app.MapHealthChecks("/ready").Requires(Permission.Operational);
        app.MapGet("/health", Handle).Requires(Permission.Operational).WithName(nameof(HealthOfAll));
    }

    private static async Task<JsonHttpResult<Health>> Handle(bool? details, Addresses addresses, IHttpClientFactory clients, TimeProvider clock, CancellationToken ct)
    {
        using var client = clients.CreateClient(Backends.Client);
        var answers = await Task.WhenAll(Backends.Prefixes.Keys.Select(async service => (service, health: await Ask(client, addresses.Of(service), details is true, clock, ct))));
        var all = answers.All(a => a.health.Status == "healthy");
        return TypedResults.Json(
            new Health(all ? "healthy" : "unhealthy", answers.ToDictionary(a => a.service, a => a.health, StringComparer.Ordinal)),
            statusCode: all ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>A service is as well as its best replica.</summary>
    private static async Task<ServiceHealth> Ask(HttpClient client, IEnumerable<Uri> replicas, bool details, TimeProvider clock, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        var answers = await Task.WhenAll(replicas.Select(async replica =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(replica, details ? "/health/details" : "/health"), either.Token);
                return new ServiceHealth(
                    answer.IsSuccessStatusCode ? "healthy" : "unhealthy",
                    details ? await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(either.Token) : null);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                return new ServiceHealth("unreachable");
            }
        }));
        return answers.FirstOrDefault(answer => answer.Status == "healthy") ?? answers[0];
    }
}
