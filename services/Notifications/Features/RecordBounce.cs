using System.Text;
using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.Notifications.Bounces;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace InviteHub.Notifications.Features;

/// <summary>A mail came back: its delivery says so, once (NOT-03). What names no mail of ours changes nothing, and is not told apart.</summary>
internal static class RecordBounce
{
    public sealed record Command(string Reason, bool IsHard, DateTimeOffset At);

    public static Decision<DeliveryEvent> Decide(Delivery delivery, Command c) => delivery switch
    {
        // Nothing went out that could come back.
        { Attempts: 0 } => Nothing.Happened,
        // Word comes back faster than the outcome is noted, and of an attempt that was thought lost: then the mail did go out.
        { Status: DeliveryStatus.Sent or DeliveryStatus.Sending or DeliveryStatus.Queued } => new DeliveryEvent.Bounced(c.Reason, c.IsHard, c.At),
        _ => Nothing.Happened,
    };

    /// <summary>Notes it, unless it is known already.</summary>
    /// <returns>Whether it names a mail of ours.</returns>
    public static async Task<bool> Handle(DeliveryReport report, MailReference references, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        if (report.References.Select(references.DeliveryIn).FirstOrDefault(id => id is not null) is not { } id || await TenantOf(id, store, ct) is not { } tenant)
            return false;
        var command = new Command(report.Reason, report.IsHard, clock.GetUtcNow());
        await store.Transact(
            new EventMetadata(),
            session => session.Decide<Delivery, DeliveryEvent>(new StreamId($"{Delivery.Category}-{id}", tenant), delivery => Decide(delivery, command), ct),
            ct);
        return true;
    }

    private static async Task<string?> TenantOf(Guid id, PostgresEventStore store, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select tenant_id from deliveries where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return await command.ExecuteScalarAsync(ct) as string;
    }
}

/// <summary>
/// Takes word of a mail that came back from whoever runs the mail server: the report as the server made it (<c>message/rfc822</c>), or the
/// Message-ID with a status code as JSON. Signed after Standard Webhooks.
/// </summary>
internal static class TakeBounce
{
    /// <summary>The short form.</summary>
    public sealed record Request(string? MessageId, string? Status);

    public static void Map(RouteGroupBuilder api) => api.MapPost("/notifications/bounces", Handle)
        .WithName(nameof(TakeBounce)).WithTags("Messages").Accepts<Request>("application/json", "message/rfc822")
        .WithMetadata(new RequestSizeLimitAttribute(DeliveryReport.Longest)).Requires(Permission.SignedRequest);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        HttpRequest request, BounceSettings settings, MailReference references, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        if (settings.Secret is not { } secret)
            return new BouncesNotTaken().ToProblem();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        if (!StandardWebhook.Verify(secret.Span, request.Headers, body.ToArray(), clock.GetUtcNow()))
            return new SignatureWrong().ToProblem();

        var report = request.HasJsonContentType() ? Read(body.ToArray()) : DeliveryReport.Read(Encoding.Latin1.GetString(body.ToArray()));
        if (request.HasJsonContentType() && report is null)
            return new BounceMalformed().ToProblem();
        if (report is not null)
            await RecordBounce.Handle(report, references, store, clock, ct);
        return TypedResults.NoContent();
    }

    private static DeliveryReport? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Request>(json, JsonSerializerOptions.Web) is { MessageId: { } id, Status: { } status } && DeliveryReport.IsStatus(status)
                ? new([id], status)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>No secret is set up to know such requests by.</summary>
internal sealed record BouncesNotTaken() : Refusal(
    RefusalKind.NotFound, "bounces-not-taken", "Reports of mail that came back are not taken here: set Bounces:Secret first.");

/// <summary>The request is not signed as it should be.</summary>
internal sealed record SignatureWrong() : Refusal(
    RefusalKind.Unauthorized, "signature-wrong",
    "The signature does not hold: sign webhook-id, webhook-timestamp and body with the shared secret (Standard Webhooks), within five minutes.");

/// <summary>The short form lacks something.</summary>
internal sealed record BounceMalformed() : Refusal(
    RefusalKind.Invalid, "bounce-malformed", "Give the mail's messageId and a status such as 5.1.1 (RFC 3463), or send the report as message/rfc822.");
