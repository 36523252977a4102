using System.Text.Json;
using InviteHub.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.Notifications.ReadModels;

/// <summary>Something that happened in an organization, as other systems are told of it.</summary>
internal sealed record FeedEntry(long Position, Guid Id, Guid OrganizationId, string Kind, string Facts, DateTimeOffset At);

/// <summary>What happens in organizations, in order, for those of them that have a webhook (NOT-05).</summary>
internal static class WebhookFeed
{
    /// <summary>The kinds of events that a webhook can hear.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "invitation.opened", "invitation.accepted", "invitation.declined", "invitation.expired", "invitation.revoked", "invitation.delivery",
        "seat.occupied", "seat.transferred", "seat.released",
    ];

    /// <summary>Adds what a message told of, in the commit of its receipt: once, however often it comes.</summary>
    /// <param name="session">That of the message.</param>
    /// <param name="organizationId">Whose it is.</param>
    /// <param name="kind">Which of <see cref="Kinds"/>.</param>
    /// <param name="facts">Ids and states; nothing of a person.</param>
    /// <param name="at">When it happened.</param>
    public static void Add(EventSession session, Guid organizationId, string kind, object facts, DateTimeOffset at) =>
        Add(session, organizationId, [(Guid.Parse(session.Metadata.CausationId!), kind, facts)], at);

    /// <summary>Adds all that a message told of, each under an id of its own.</summary>
    /// <inheritdoc cref="Add(EventSession, Guid, string, object, DateTimeOffset)"/>
    public static void Add(EventSession session, Guid organizationId, IReadOnlyList<(Guid Id, string Kind, object Facts)> entries, DateTimeOffset at)
    {
        session.Sql.Execute(
            "select pg_advisory_xact_lock(731, hashtext($1::text)) where exists (select from webhooks where organization_id = $1)", organizationId);
        session.Sql.Execute(
            """
            insert into webhook_feed (id, organization_id, kind, facts, at)
            select id, $2, kind, facts, $5 from unnest($1, $3, $4) with ordinality as new (id, kind, facts, nth)
            where exists (select from webhooks where organization_id = $2) order by nth
            """,
            entries.Select(entry => entry.Id).ToArray(), organizationId, entries.Select(entry => entry.Kind).ToArray(),
            new NpgsqlParameter
            {
                Value = entries.Select(entry => JsonSerializer.Serialize(entry.Facts, JsonSerializerOptions.Web)).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            },
            at);
    }
}
