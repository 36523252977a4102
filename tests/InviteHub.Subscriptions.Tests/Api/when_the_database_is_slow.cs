using System.Diagnostics;
using System.Net;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Npgsql;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "OPS-03")]
public sealed class when_the_database_is_slow : IAsyncLifetime
{
    private readonly SubscriptionsService _service;
    private readonly HttpClient _admin;
    private readonly NpgsqlConnection _slow;

    public when_the_database_is_slow(SubscriptionsService service)
    {
        _service = service;
        _admin = service.Narrow.CreateClient();
        using var known = service.AsAdmin();
        _admin.DefaultRequestHeaders.Authorization = known.DefaultRequestHeaders.Authorization;
        _slow = new NpgsqlConnection(service.Service.Database.ConnectionString);
    }

    public async Task InitializeAsync()
    {
        await _slow.OpenAsync();
        await using var begin = new NpgsqlCommand("begin; lock table organizations in access exclusive mode", _slow);
        await begin.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        await _slow.DisposeAsync();
        _admin.Dispose();
    }

    [Fact]
    public async Task some_requests_wait_for_it_and_the_others_are_refused_at_once_until_it_is_well_again()
    {
        var asked = Enumerable.Range(0, 10).Select(_ => _admin.GetAsync("api/v1/organizations")).ToList();
        var refused = new List<HttpResponseMessage>();
        while (refused.Count < 6)
        {
            var first = await Task.WhenAny(asked).WaitAsync(TimeSpan.FromSeconds(20));
            asked.Remove(first);
            refused.Add(await first);
        }

        refused.ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(1));
        foreach (var answer in refused)
            await Task.FromResult(answer).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "overloaded");
        // Who asks for its health is told, and who waits for news waits on.
        (await _admin.GetAsync("health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var updates = await _admin.GetAsync("api/v1/organizations/updates", HttpCompletionOption.ResponseHeadersRead);
        updates.StatusCode.ShouldBe(HttpStatusCode.OK);

        await Release();

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        for (var n = 0; n < 5; n++)
            (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _admin.GetAsync("api/v1/organizations")))).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_request_ends_with_its_time_and_so_does_its_query()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/organizations") { Headers = { { Deadline.Header, "1500" } } };
        var others = await Waiting();
        var watch = Stopwatch.StartNew();
        var answer = _admin.SendAsync(request);
        int[] ours = [];
        await Eventually.Is(
            async () =>
            {
                ours = [.. (await Waiting()).Except(others)];
                return ours.Length > 0;
            },
            "its query waits");

        await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "timed-out");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Eventually.Is(async () => !(await Waiting()).Intersect(ours).Any(), "its query is cancelled");

        await Release();
        (await _admin.GetAsync("api/v1/organizations")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // Who reads: what consumers still write waits too.
    private async Task<int[]> Waiting() => await _service.Service.Database.Ask<int[]>(
        "select array_agg(pid) from pg_locks where relation = 'organizations'::regclass and mode = 'AccessShareLock' and not granted") ?? [];

    private async Task Release()
    {
        await using var end = new NpgsqlCommand("rollback", _slow);
        await end.ExecuteNonQueryAsync();
    }
}
