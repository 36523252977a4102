using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>A subscription's row.</summary>
internal sealed record SubscriptionRow
{
    public const string Columns =
        """
        s.id, s.organization_id, o.name as organization_name, s.app_id, a.name as app_name, s.plan, s.seat_limit, s.reserved, s.occupied,
        s.starts_on, s.ends_on, s.version
        """;

    public const string From = "subscriptions s join organizations o on o.id = s.organization_id join apps a on a.id = s.app_id";

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string OrganizationName { get; init; } = "";

    public Guid AppId { get; init; }

    public string AppName { get; init; } = "";

    public string Plan { get; init; } = "";

    public int? SeatLimit { get; init; }

    public int Reserved { get; init; }

    public int Occupied { get; init; }

    public DateOnly StartsOn { get; init; }

    public DateOnly? EndsOn { get; init; }

    public long Version { get; init; }

    public SubscriptionView View() => new(
        Id, OrganizationId, OrganizationName, AppId, AppName, Plan, SeatLimit, StartsOn, EndsOn,
        new SeatCounts(SeatLimit, Reserved, Occupied, SeatLimit is { } limit ? Math.Max(0, limit - Reserved - Occupied) : null));
}

/// <summary>A subscription as clients see it (SUB-02).</summary>
internal sealed record SubscriptionView(
    Guid Id, Guid OrganizationId, string OrganizationName, Guid AppId, string AppName, string Plan, int? SeatLimit, DateOnly StartsOn,
    DateOnly? EndsOn, SeatCounts Seats);

/// <summary>Seats in use and left (INV-11).</summary>
/// <param name="Limit">How many there are; null when unlimited.</param>
/// <param name="Reserved">Kept for pending invitations.</param>
/// <param name="Occupied">Held by people who accepted.</param>
/// <param name="Free">Left; null when unlimited, 0 while a lowered limit is exceeded.</param>
internal sealed record SeatCounts(int? Limit, int Reserved, int Occupied, int? Free);

/// <summary>Writes <c>subscriptions</c>; its counters move with the stream that decides.</summary>
internal sealed class Subscriptions : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case SubscriptionEvent.Created e:
                sql.Execute(
                    """
                    insert into subscriptions (id, organization_id, app_id, plan, seat_limit, starts_on, ends_on, version)
                    values ($1, $2, $3, $4, $5, $6, $7, $8)
                    """,
                    e.SubscriptionId, e.OrganizationId, e.AppId, e.Plan, e.SeatLimit, e.StartsOn, e.EndsOn, happened.Version);
                break;
            case SubscriptionEvent.SeatLimitChanged e:
                sql.Execute("update subscriptions set seat_limit = $3, version = $2 where id = $1", happened.Stream.Key, happened.Version, e.SeatLimit);
                break;
            case SubscriptionEvent.SeatReserved:
                Count(happened, sql, reserved: 1, occupied: 0);
                break;
            case SubscriptionEvent.SeatOccupied:
                Count(happened, sql, reserved: -1, occupied: 1);
                break;
            case SubscriptionEvent.SeatReleased e:
                Count(happened, sql, reserved: e.WasOccupied ? 0 : -1, occupied: e.WasOccupied ? -1 : 0);
                break;
        }
    }

    private static void Count(RecordedEvent happened, SqlQueue sql, int reserved, int occupied) =>
        sql.Execute("update subscriptions set reserved = reserved + $3, occupied = occupied + $4, version = $2 where id = $1",
            happened.Stream.Key, happened.Version, reserved, occupied);
}
