using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InviteHub.Notifications.Bounces;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Sending;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

/// <summary>The local inbox that the host starts, where it is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MaildevFactAttribute : FactAttribute
{
    public MaildevFactAttribute()
    {
        if (Script() is null)
            Skip = "maildev is not installed: npm ci --prefix InviteHub.AppHost/maildev";
    }

    public static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "InviteHub.AppHost/maildev/node_modules/maildev/bin/maildev");
            if (File.Exists(script))
                return script;
        }

        return null;
    }
}

[Trait("Feature", "NOT-01")]
[Collection(NotificationsService.Collection)]
public sealed class a_real_inbox(NotificationsService service)
{
    [MaildevFact]
    public async Task shows_the_invitation_as_people_see_it()
    {
        var (smtp, web) = (FreePort(), FreePort());
        using var maildev = Process.Start(new ProcessStartInfo("node",
            [MaildevFactAttribute.Script()!, "--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--smtp", $"{smtp}", "--web", $"{web}", "--silent"]))!;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{web}") };
        try
        {
            await Eventually.Is(async () => await Answers(http), "maildev answers");
            var settings = service.Services.GetRequiredService<MailSettings>() with { Host = "127.0.0.1", Port = smtp, Timeout = TimeSpan.FromSeconds(30) };
            using var transport = new SmtpTransport(settings, TimeProvider.System);
            var links = service.Services.GetRequiredService<LinkTokens>();
            var message = Some.Message();
            var to = new Recipient("ada@example.com", "Åsa <b>", "sv");
            var composer = new MailComposer(
                settings, links, service.Services.GetRequiredService<MailReference>(), service.Services.GetRequiredService<BounceSettings>());
            // The second goes over the connection that the first has opened.
            for (var n = 0; n < 2; n++)
            {
                using var mail = composer.Compose(Some.NewId(), composer.Write(message, to, Brand.None)!, to)!;
                (await transport.Send(mail, urgent: false, CancellationToken.None)).ShouldBeOfType<Handover.Accepted>();
            }

            // It shows them a moment after it has taken them.
            await Eventually.Is(async () => (await Shown(http)).Count == 2, "both are shown");
            var mails = await Shown(http);
            var shown = mails[0]!;
            ((string)shown["subject"]!).ShouldBe("Du är inbjuden till Acme");
            ((string)shown["to"]![0]!["address"]!).ShouldBe("ada@example.com");
            ((string)shown["text"]!).ShouldContain("Hej Åsa <b>,");
            ((string)shown["text"]!).ShouldContain("https://hub.example/registrations/" + links.ForInvitation(message.InvitationId, 1));
            ((string)shown["html"]!).ShouldContain("Åsa &lt;b&gt;");
        }
        finally
        {
            maildev.Kill();
            await maildev.WaitForExitAsync();
        }
    }

    private static async Task<JsonArray> Shown(HttpClient http) => (await http.GetFromJsonAsync<JsonArray>("/email"))!;

    private static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/healthz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
