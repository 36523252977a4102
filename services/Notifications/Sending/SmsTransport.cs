using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using InviteHub.Notifications.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Sending;

/// <summary>A text message.</summary>
/// <param name="DeliveryId">The delivery: the same for every attempt, so that a provider that knows it sends it once.</param>
/// <param name="To">The number, E.164.</param>
/// <param name="Text">What it says.</param>
internal sealed record Sms(Guid DeliveryId, string To, string Text);

/// <summary>Hands text messages over.</summary>
internal interface ISmsTransport
{
    /// <summary>Hands one over. An outcome is a value; the reason in it names no number and quotes no provider.</summary>
    Task<Handover> Send(Sms sms, CancellationToken ct);
}

/// <summary>Nobody sends text messages for us.</summary>
internal sealed class NoSms : ISmsTransport
{
    public Task<Handover> Send(Sms sms, CancellationToken ct) =>
        Task.FromResult<Handover>(new Handover.Never("Text messages can't be sent from here: no SMS provider is set up."));
}

/// <summary>A provider that takes text messages over HTTP.</summary>
internal abstract class HttpSms(TimeSpan timeout) : ISmsTransport, IDisposable
{
    private const int LongestAnswer = 10_000;

    // A message is tried again by its delivery, which records each attempt: few providers know that they have sent a message before. While a
    // provider hangs or fails, those that send do not wait for it, and mail goes on.
    private readonly HttpClient _http = new(Resilience.WithoutRetries(timeout, new SocketsHttpHandler
    {
        // A request that is led elsewhere would take number, text and password along.
        AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    })) { Timeout = timeout, MaxResponseContentBufferSize = LongestAnswer };

    public async Task<Handover> Send(Sms sms, CancellationToken ct)
    {
        try
        {
            using var request = Request(sms);
            request.Headers.Add("Idempotency-Key", sms.DeliveryId.ToString());
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return Meaning((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : await CodeOf(answer, ct));
        }
        catch (HttpRequestException)
        {
            return new Handover.NotNow("The SMS provider could not be reached, or the connection to it broke.");
        }
        catch (OperationCanceledException)
        {
            return new Handover.NotNow("The SMS provider did not answer in time.");
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What an answer means for the message. What the provider says of us and not of the message is not held against it.</summary>
    internal static Handover Meaning(int status, int? code)
    {
        var shown = code is null ? $"{status}" : $"{status}, code {code}";
        return status switch
        {
            >= 200 and < 300 => new Handover.Accepted(),
            408 or 425 or 429 or >= 500 => new Handover.NotNow($"The SMS provider did not take it now ({shown})."),
            // Address, password, contract: our settings are wrong, and somebody will put them right.
            < 400 or (>= 401 and <= 407) or 415 => new Handover.NotNow($"The SMS provider does not accept messages from here ({shown})."),
            _ => new Handover.Never($"The SMS provider refused it ({shown})."),
        };
    }

    protected abstract HttpRequestMessage Request(Sms sms);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _http.Dispose();
    }

    /// <summary>The provider's own number for what is wrong, if it has one: its words may hold the telephone number.</summary>
    private static async Task<int?> CodeOf(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, ct);
            using var problem = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            return problem.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}

/// <summary>Any provider, or a small adapter before one, that takes a signed JSON request (Standard Webhooks).</summary>
internal sealed class WebhookSms(Uri url, byte[] secret, TimeSpan timeout, TimeProvider clock) : HttpSms(timeout)
{
    protected override HttpRequestMessage Request(Sms sms)
    {
        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new { type = "sms.send", timestamp = now, data = new { id = sms.DeliveryId, to = sms.To, text = sms.Text } }, JsonSerializerOptions.Web);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(MediaTypeNames.Application.Json);
        request.SignWith(sms.DeliveryId.ToString(), now, body, secret);
        return request;
    }
}

/// <summary>Twilio, and whoever takes the same request.</summary>
internal sealed class TwilioSms(Uri url, string account, string token, string from, TimeSpan timeout) : HttpSms(timeout)
{
    private readonly Uri _messages = new($"{url.ToString().TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(account)}/Messages.json");
    private readonly AuthenticationHeaderValue _who = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{token}")));

    protected override HttpRequestMessage Request(Sms sms)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _messages)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["To"] = sms.To,
                // A service that picks one of several numbers is named otherwise than a number.
                [from.StartsWith("MG", StringComparison.Ordinal) ? "MessagingServiceSid" : "From"] = from,
                ["Body"] = sms.Text,
            }),
        };
        request.Headers.Authorization = _who;
        return request;
    }
}
