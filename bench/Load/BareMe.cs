using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Yarp.ReverseProxy.Configuration;

namespace InviteHub.Bench;

/// <summary>What <c>GET /me</c> is held against: Kestrel with one SELECT, behind a YARP that does nothing else.</summary>
internal sealed class BareMe(NpgsqlDataSource pool) : IAsyncDisposable
{
    private readonly List<WebApplication> _apps = [];

    /// <summary>Starts both.</summary>
    /// <returns>Where to ask.</returns>
    public async Task<Uri> Start()
    {
        await using (var table = pool.CreateCommand("create table me (id uuid primary key, name text); insert into me values (gen_random_uuid(), 'Kim') returning id"))
        {
            var id = (Guid)(await table.ExecuteScalarAsync())!;
            var me = await Started(_ => { }, app => app.MapGet("/me", async () =>
            {
                await using var ask = pool.CreateCommand("select name from me where id = $1");
                ask.Parameters.AddWithValue(id);
                return new { name = (string)(await ask.ExecuteScalarAsync())! };
            }));
            return await Started(
                services => services.AddReverseProxy().LoadFromMemory(
                    [new RouteConfig { RouteId = "all", ClusterId = "me", Match = new RouteMatch { Path = "{**path}" } }],
                    [new ClusterConfig { ClusterId = "me", Destinations = new Dictionary<string, DestinationConfig> { ["me"] = new() { Address = me.ToString() } } }]),
                app => app.MapReverseProxy());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    private async Task<Uri> Started(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services(builder.Services);
        var app = builder.Build();
        map(app);
        _apps.Add(app);
        await app.StartAsync();
        return new Uri(app.Urls.Single());
    }
}
