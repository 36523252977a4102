using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Gateway.Tests;

/// <summary>A real gateway on a real port, before four tiny services.</summary>
public class House : IAsyncLifetime, IAsyncDisposable
{
    private readonly (string Key, string Value)[] _settings;
    private WebApplicationFactory<Program>? _gateway;

    public House()
        : this([])
    {
    }

    protected internal House((string Key, string Value)[] settings) => _settings = settings;

    public IReadOnlyDictionary<string, Backend> Services { get; } =
        new[] { "identity", "subscriptions", "invitations", "notifications" }.ToDictionary(s => s, s => new Backend(s));

    public Backend Identity => Services["identity"];

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    /// <summary>The gateway's own endpoints.</summary>
    public IEnumerable<Endpoint> Endpoints => _gateway!.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public Uri Address => Client.BaseAddress!;

    public static async Task<House> Open(params (string Key, string Value)[] settings)
    {
        var house = new House(settings);
        await house.InitializeAsync();
        return house;
    }

    public async Task InitializeAsync()
    {
        foreach (var service in Services.Values)
            await service.Start();
        _gateway = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            foreach (var service in Services.Values)
                host.UseSetting($"services:{service.Name}:http:0", service.Address);
            foreach (var (key, value) in _settings)
                host.UseSetting(key, value);
        });
        _gateway.UseKestrel();
        _gateway.StartServer();
        Client.BaseAddress = new Uri(_gateway.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <summary>Puts the services back to how they began, for the next test in the same house.</summary>
    public async Task Tidy()
    {
        foreach (var service in Services.Values)
            await service.Tidy();
    }

    public Task Stop() => _gateway!.DisposeAsync().AsTask();

    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return Client.SendAsync(request);
    }

    /// <summary>Sends a request's target byte by byte as it is; a client library would tidy it up first.</summary>
    public async Task<int> StatusOfRaw(string target)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Address.Host, Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync();
        return int.Parse(line!.Split(' ')[1]);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (var service in Services.Values)
            await service.DisposeAsync();
    }
}

internal static class Answers
{
    /// <summary>Reads a problem and holds it to what all problems have.</summary>
    public static async Task<JsonElement> Problem(this HttpResponseMessage answer, int status, string code)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
