using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
public sealed class a_local_sms_inbox : IAsyncLifetime
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 36).Select(n => (byte)n)];
    private readonly int _port = FreePort();
    private readonly HttpClient _http = new();
    private Process _inbox = null!;

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("node", [Script()]);
        start.Environment["SMS_PORT"] = $"{_port}";
        start.Environment["SMS_SECRET"] = Convert.ToBase64String(Secret);
        _inbox = Process.Start(start)!;
        _http.BaseAddress = new Uri($"http://127.0.0.1:{_port}");
        await Eventually.Is(Answers, "the inbox answers");
    }

    public async Task DisposeAsync()
    {
        _inbox.Kill();
        await _inbox.WaitForExitAsync();
        _inbox.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task shows_what_was_sent_and_takes_a_message_that_comes_twice_as_one()
    {
        using var sms = new WebhookSms(_http.BaseAddress!, Secret, TimeSpan.FromSeconds(20), TimeProvider.System);
        var message = new Sms(Some.NewId(), "+46700000001", "Åsa <b>: https://hub.example/registrations/token");

        (await sms.Send(message, CancellationToken.None)).ShouldBeOfType<Handover.Accepted>();
        (await sms.Send(message, CancellationToken.None)).ShouldBeOfType<Handover.Accepted>();

        var shown = (await _http.GetFromJsonAsync<JsonArray>("/messages"))!.Single()!;
        ((string)shown["to"]!, (string)shown["text"]!, (int)shown["times"]!).ShouldBe(("+46700000001", message.Text, 2));
        var page = await _http.GetStringAsync("/");
        page.ShouldContain("Åsa &#60;b&#62;: <a href=\"https://hub.example/registrations/token\">");
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task takes_nothing_unsigned_and_shows_nothing_to_another_site()
    {
        using var forged = new WebhookSms(_http.BaseAddress!, new byte[32], TimeSpan.FromSeconds(20), TimeProvider.System);
        (await forged.Send(new(Some.NewId(), "+46700000002", "x"), CancellationToken.None)).ShouldBe(
            new Handover.NotNow("The SMS provider does not accept messages from here (401)."));
        (await _http.GetFromJsonAsync<JsonArray>("/messages"))!.ShouldBeEmpty();

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/messages");
        rebound.Headers.Host = "evil.example";
        (await _http.SendAsync(rebound)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<bool> Answers()
    {
        try
        {
            return (await _http.GetAsync("/healthz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InviteHub.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "InviteHub.AppHost/sms/inbox.mjs");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
