using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

/// <summary>The service as a process of its own, killed with the test.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly Process _process;
    private readonly Uri _health;

    private ServiceProcess(Process process, Uri health) => (_process, _health) = (process, health);

    /// <summary>Every line that it logged.</summary>
    public ConcurrentQueue<string> Logged { get; } = new();

    /// <summary>Starts one on a broker and databases of the test; it is up some time later.</summary>
    public static ServiceProcess Start(TestDatabase database, TestDatabase keyRing, string broker, params (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [typeof(Delivery).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (name, value) in (IEnumerable<(string, string)>)
                 [
                     ("ASPNETCORE_URLS", address),
                     ("ConnectionStrings__notificationsdb", database.ConnectionString),
                     ("ConnectionStrings__keyringdb", keyRing.ConnectionString),
                     ("ConnectionStrings__messaging", broker),
                     ("MasterKey", TestService.MasterKey),
                     ("PublicUrl", "https://hub.example"),
                     ("Smtp__Url", "smtp://127.0.0.1:9"),
                     ("Logging__LogLevel__Default", "Warning"),
                     .. settings,
                 ])
        {
            start.Environment[name] = value;
        }

        var process = new ServiceProcess(Process.Start(start)!, new Uri($"{address}/health"));
        process._process.OutputDataReceived += (_, line) => process.Logged.Enqueue(line.Data ?? "");
        process._process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Waits until it is ready.</summary>
    public Task IsUp() => Eventually.Is(IsReady, "the process is up", TimeSpan.FromSeconds(60));

    /// <summary>Whether it is ready now.</summary>
    public async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync(_health);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Kills it without a word.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
