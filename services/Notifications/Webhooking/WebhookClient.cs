using System.Net;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Webhooking;

/// <summary>
/// Tells another system of one event: a signed request (Standard Webhooks) whose webhook-id is the event's. It goes to no private address,
/// whatever a name leads to by then, follows nobody elsewhere, and reads no answer but its status.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan BothSecretsFor = TimeSpan.FromDays(1);

    private readonly WebhookSettings _settings;
    private readonly LinkTokens _links;
    private readonly PostgresEventStore _store;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public WebhookClient(WebhookSettings settings, LinkTokens links, PostgresEventStore store, TimeProvider clock)
    {
        (_settings, _links, _store, _clock) = (settings, links, store, clock);
        // No retry and no breaker here: each attempt, its wait, and the end of a webhook that keeps failing are recorded facts (WebhookSender).
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null, MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), ConnectCallback = Connect,
        }) { Timeout = settings.Timeout };
    }

    /// <summary>Sends one event.</summary>
    /// <returns>Null when it was taken; otherwise why not, in our words.</returns>
    public async Task<string?> Send(WebhookRow webhook, FeedEntry entry, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = entry.Kind, timestamp = entry.At, position = entry.Position, organizationId = entry.OrganizationId, data = await Data(webhook, entry, ct),
        });
        List<byte[]> secrets = [_links.ForWebhook(webhook.Id, webhook.Generation)];
        if (now - webhook.RotatedAt < BothSecretsFor)
            secrets.Add(_links.ForWebhook(webhook.Id, webhook.Generation - 1));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new(MediaTypeNames.Application.Json);
            request.Headers.UserAgent.ParseAdd("InviteHub");
            request.SignWith(entry.Id.ToString(), now, body, secrets);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : $"It answered {(int)answer.StatusCode}.";
        }
        catch (HttpRequestException e) when (e.GetBaseException() is NotPublicException)
        {
            return "Its name leads to an address that is not on the public Internet.";
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError == HttpRequestError.SecureConnectionError ? "Its certificate is not one that is trusted." : "It could not be reached.";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "It did not answer in time.";
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The facts, with who was invited where the organization asked for that, as long as the person is not erased.</summary>
    private async Task<JsonNode> Data(WebhookRow webhook, FeedEntry entry, CancellationToken ct)
    {
        var facts = JsonNode.Parse(entry.Facts)!;
        if (!webhook.IncludesDetails || facts["invitationId"] is not { } invitation)
            return facts;
        var session = _store.OpenSession();
        var mailing = await session.AggregateStream<Mailing, MailingEvent>(Mailing.Stream(entry.OrganizationId, invitation.GetValue<Guid>()), ct: ct);
        foreach (var id in mailing?.Deliveries.Reverse() ?? [])
        {
            var delivery = await session.AggregateStream<Delivery, DeliveryEvent>(Delivery.Stream(entry.OrganizationId, id), ct: ct);
            var (email, phone, name) = delivery?.Message switch
            {
                DeliveryEvent.Queued e => (e.Email, null, e.FirstName),
                DeliveryEvent.SmsQueued e => (null, e.Phone, null),
                _ => default((string?, string?, string?)),
            };
            if (email is null && phone is null)
                continue;
            (facts["email"], facts["phone"], facts["firstName"]) = (PersonalDataAttribute.Known(email), PersonalDataAttribute.Known(phone), PersonalDataAttribute.Known(name));
            break;
        }

        return facts;
    }

    /// <summary>The name is looked up here and nowhere else: the address that was looked at is the one that is connected to.</summary>
    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(_settings.Allows).ToArray();
        if (allowed.Length == 0)
            throw new NotPublicException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class NotPublicException() : IOException("not a public address");
}
