using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting;

namespace InviteHub.LocalHost.Tests;

[Trait("Feature", "OPS-04")]
public sealed class several_replicas : IAsyncLifetime
{
    private const string Sample = "../InviteHub.LocalHost.Sample/InviteHub.LocalHost.Sample.csproj";

    private readonly HttpClient _http = new();
    private readonly string _data = ThrowAwayFolder.Create("replicas");
    private readonly IDistributedApplicationBuilder _builder;
    private DistributedApplication? _app;

    public several_replicas() => _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [$"--INVITEHUB_DATA={_data}"],
        ProjectDirectory = Path.GetFullPath("../../../../tests/InviteHub.LocalHost.Tests", AppContext.BaseDirectory),
        DisableDashboard = true,
    });

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task share_one_address_and_one_that_is_not_ready_gets_nothing()
    {
        var both = await StartAsync();
        var (first, second) = (both[0], both[1]);

        (await _http.PutAsync($"{first.Address}/ready/false", content: null)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await ProcessesAsync(20)).SetEquals([second.Process]));

        (await _http.PutAsync($"{second.Address}/ready/false", content: null)).EnsureSuccessStatusCode();
        (await _http.PutAsync($"{first.Address}/ready/true", content: null)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await ProcessesAsync(20)).SetEquals([first.Process]));
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task lose_no_request_that_may_be_repeated_when_one_is_killed()
    {
        var both = await StartAsync();
        var reads = Enumerable.Range(0, 20).Select(_ => _http.GetFromJsonAsync<int>($"{Address}/process/after/600")).ToArray();
        var keyed = Enumerable.Range(0, 20).Select(n => SendAsync($"{n}")).ToArray();
        var bare = Enumerable.Range(0, 20).Select(_ => SendAsync(key: null)).ToArray();
        await Task.Delay(300);

        var dead = both[0].Process;
        using (var killed = Process.GetProcessById(dead))
        {
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        var later = Enumerable.Range(0, 20).Select(_ => SendAsync(key: null)).ToArray();

        // The other one, or the one that was started in its place.
        (await Task.WhenAll(reads)).ShouldAllBe(process => process != dead);
        (await Task.WhenAll(keyed)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        // Whether what the killed one had in hand has happened, nobody knows: it is not done a second time behind the caller's back.
        var unclear = (await Task.WhenAll(bare)).Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        unclear.ShouldNotBeEmpty();
        unclear.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.BadGateway);
        (await unclear[0].Content.ReadAsStringAsync()).ShouldContain("Look whether it happened before you try again.");
        (await Task.WhenAll(later)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await ProcessesAsync(20)).Count == 2);
    }

    [Fact]
    public async Task pass_requests_and_answers_on_as_they_are()
    {
        await StartAsync();
        var large = new byte[3_000_000];
        new Random(20261121).NextBytes(large);

        using var echoed = await _http.PostAsync($"{Address}/echo", new ByteArrayContent(large));
        using var chunked = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"{Address}/echo")
        {
            Content = new ByteArrayContent(large), Headers = { TransferEncodingChunked = true },
        });
        using var unknown = await _http.GetAsync($"{Address}//no/%2e%2e/such");

        (await echoed.Content.ReadAsByteArrayAsync()).ShouldBe(large);
        (await chunked.Content.ReadAsByteArrayAsync()).ShouldBe(large);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task finish_what_they_have_begun_when_the_application_stops()
    {
        await StartAsync();
        var begun = Enumerable.Range(0, 10).Select(_ => SendAsync(key: null)).ToArray();
        await Task.Delay(200);

        await _app!.StopAsync();

        (await Task.WhenAll(begun)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task cannot_share_a_port_that_nothing_may_stand_before()
    {
        _builder.AddProject("service", Sample).WithHttpEndpoint(isProxied: false).WithReplicas(2);
        _app = _builder.Build();

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => _app.StartAsync());

        error.Message.ShouldBe("service: 2 replicas can't share the endpoint 'http'; it has to be http, without isProxied: false.");
    }

    [Fact]
    public async Task are_found_at_a_port_of_theirs_that_is_taken_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        _builder.AddProject("service", Sample).WithHttpEndpoint(port).WithReplicas(2);
        _app = _builder.Build();

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => _app.StartAsync());

        error.Message.ShouldBe($"service: port {port} is already in use by another program; stop that one or choose another port.");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _http.Dispose();
        ThrowAwayFolder.Delete(_data);
    }

    private string Address { get; set; } = "";

    private async Task<(string Address, int Process)[]> StartAsync()
    {
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);
        _app = _builder.Build();
        await _app.StartAsync();
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("service").WaitAsync(Eventually.Patience);
        Address = service.GetEndpoint("http").Url;
        var found = new Dictionary<string, int>();
        while (found.Count < 2)
        {
            // Two at once go to the two of them.
            foreach (var own in await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => _http.GetStringAsync($"{Address}/environment/ASPNETCORE_URLS"))))
                found[own] = await _http.GetFromJsonAsync<int>($"{own}/process");
        }
        return [.. found.Select(one => (one.Key, one.Value))];
    }

    private async Task<HashSet<int>> ProcessesAsync(int requests) =>
        [.. await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => _http.GetFromJsonAsync<int>($"{Address}/process/after/20")))];

    private async Task<HttpResponseMessage> SendAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/process/after/600") { Content = new StringContent("something to say") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request);
    }
}
