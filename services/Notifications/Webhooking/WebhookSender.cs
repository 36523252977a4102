using Dapper;
using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;

namespace InviteHub.Notifications.Webhooking;

/// <summary>
/// Tells webhooks what happened: each one event after the other, in the order of the feed, several webhooks at once. How far it got is noted
/// after each: a process that dies in between sends that one again under the same webhook-id. However much waits, it is read a few at a time.
/// </summary>
internal sealed class WebhookSender(PostgresEventStore store, WebhookClient client, WebhookSettings settings, TimeProvider clock, ILogger<WebhookSender> log)
    : BackgroundService
{
    private const int AtOnce = 8;
    private const int Few = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>After each attempt but the last; eight attempts spread over about sixteen hours.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
    ];

    /// <summary>How long a webhook that was taken up is left alone by others: longer than one request takes.</summary>
    private TimeSpan Lease => settings.Timeout + TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var underWay = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            underWay.RemoveAll(task => task.IsCompleted);
            var taken = await Take(AtOnce - underWay.Count, stoppingToken);
            underWay.AddRange(taken.Select(webhook => Task.Run(() => Tell(webhook, stoppingToken), CancellationToken.None)));
            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(underWay);
    }

    private async Task<IReadOnlyList<Guid>> Take(int free, CancellationToken ct)
    {
        try
        {
            await using var connection = await store.Database.OpenConnectionAsync(ct);
            return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
                """
                with due as (
                    select p.webhook_id from webhook_progress p join webhooks w on w.id = p.webhook_id
                    where p.due_at <= @now and not w.is_paused and exists (
                        select from webhook_feed f where f.organization_id = w.organization_id and f.position > p.position and f.kind = any(w.events))
                    order by p.due_at limit @free for update of p skip locked)
                update webhook_progress p set due_at = @until from due where p.webhook_id = due.webhook_id returning p.webhook_id
                """,
                new { now = clock.GetUtcNow(), until = clock.GetUtcNow() + Lease, free }, cancellationToken: ct))];
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(e, "Looking for webhooks to tell failed; again in {Wait}", LookEvery);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        return [];
    }

    private async Task Tell(Guid id, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested && await Next(id) is { Webhook: var webhook, Entries: [_, ..] entries })
            {
                foreach (var entry in entries)
                {
                    var why = await client.Send(webhook, entry, CancellationToken.None);
                    if (!await Note(webhook, entry, why) || why is not null)
                        return;
                    if (ct.IsCancellationRequested)
                        break;
                    webhook = webhook with { Position = entry.Position, Attempts = 0 };
                }
            }

            await Release(id);
        }
        catch (Exception e)
        {
            // Whatever it was, the lease ends and somebody goes on from what was noted.
            log.LogWarning(e, "Webhook {Webhook} was left for later", id);
        }
    }

    private async Task<(WebhookRow Webhook, IReadOnlyList<FeedEntry> Entries)?> Next(Guid id)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        var webhook = await connection.QuerySingleOrDefaultAsync<WebhookRow>(
            $"select {WebhookRow.Columns} from webhooks w join webhook_progress p on p.webhook_id = w.id where w.id = @id and not w.is_paused", new { id });
        if (webhook is null)
            return null;
        return (webhook, [.. await connection.QueryAsync<FeedEntry>(
            """
            select position, id, organization_id as OrganizationId, kind, facts::text as Facts, at from webhook_feed
            where organization_id = @OrganizationId and position > @Position and kind = any(@Events) order by position limit @Few
            """,
            new { webhook.OrganizationId, webhook.Position, webhook.Events, Few })]);
    }

    /// <summary>Notes what came of one; false when somebody set the webhook elsewhere meanwhile, and it goes on from there.</summary>
    private async Task<bool> Note(WebhookRow webhook, FeedEntry entry, string? why)
    {
        var (now, attempts) = (clock.GetUtcNow(), webhook.Attempts + 1);
        var givenUp = attempts > Waits.Length;
        await using var connection = await store.Database.OpenConnectionAsync();
        if (why is not null && !givenUp)
        {
            log.LogInformation("Webhook {Webhook}, event {Event}, attempt {Attempt}: {Why}", webhook.Id, entry.Id, attempts, why);
            return await connection.ExecuteAsync(
                "update webhook_progress set attempts = @attempts, due_at = @due, error = @why where webhook_id = @Id and position = @Position",
                new { webhook.Id, webhook.Position, attempts, why, due = now + Waits[attempts - 1] }) > 0;
        }

        if (why is null)
        {
            return await connection.ExecuteAsync(
                "update webhook_progress set position = @to, attempts = 0, due_at = @until, error = null where webhook_id = @Id and position = @Position",
                new { webhook.Id, webhook.Position, to = entry.Position, until = now + Lease }) > 0;
        }

        return await connection.ExecuteAsync(
            """
            with moved as (
                update webhook_progress set position = @to, attempts = 0, due_at = @now, error = @why where webhook_id = @Id and position = @Position
                returning webhook_id)
            insert into webhook_dead_letters (webhook_id, position, reason, at) select webhook_id, @to, @why, @now from moved
            on conflict (webhook_id, position) do update set reason = excluded.reason, at = excluded.at
            """,
            new { webhook.Id, webhook.Position, to = entry.Position, now, why }) > 0;
    }

    private async Task Release(Guid id)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update webhook_progress set due_at = @now where webhook_id = @id and attempts = 0", new { id, now = clock.GetUtcNow() });
    }
}
