using System.Text.Json;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>A subscription's row.</summary>
internal sealed record SubscriptionRow
{
    public const string Columns =
        """
        s.id, s.organization_id, o.name as organization_name, s.app_id, a.name as app_name, s.plan, s.seat_limit, s.reserved, s.occupied,
        s.starts_on, s.ends_on, s.version, s.at_limit, s.ceiling, s.waiting, s.is_suspended, s.has_ended
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

    public string AtLimit { get; init; } = "";

    public int? Ceiling { get; init; }

    public int Waiting { get; init; }

    public bool IsSuspended { get; init; }

    public bool HasEnded { get; init; }

    public SubscriptionView View(DateOnly today) => new(
        Id, OrganizationId, OrganizationName, AppId, AppName, Plan, SeatLimit, StartsOn, EndsOn,
        new SeatCounts(SeatLimit, Reserved, Occupied, SeatLimit is { } limit ? Math.Max(0, limit - Reserved - Occupied) : null),
        HasEnded || EndsOn < today ? "ended" : IsSuspended ? "suspended" : StartsOn > today ? "upcoming" : "active", AtLimit, Ceiling, Waiting);
}

/// <summary>A subscription as clients see it (SUB-02).</summary>
/// <param name="Id">The subscription.</param>
/// <param name="OrganizationId">Who subscribes.</param>
/// <param name="OrganizationName">Its name.</param>
/// <param name="AppId">To what.</param>
/// <param name="AppName">Its name.</param>
/// <param name="Plan">What the organization pays for.</param>
/// <param name="SeatLimit">How many seats there are; null when unlimited.</param>
/// <param name="StartsOn">First day.</param>
/// <param name="EndsOn">Last day; null when open.</param>
/// <param name="Seats">In use and left.</param>
/// <param name="Status"><c>upcoming</c>, <c>active</c>, <c>suspended</c> or <c>ended</c>; only an active one gives seats (SUB-05).</param>
/// <param name="AtLimit">What happens when no seat is free: <c>refuse</c>, <c>waitlist</c> or <c>grow</c> (SUB-06).</param>
/// <param name="Ceiling">How far the limit grows by itself.</param>
/// <param name="Waiting">How many invitations wait for a seat.</param>
internal sealed record SubscriptionView(
    Guid Id, Guid OrganizationId, string OrganizationName, Guid AppId, string AppName, string Plan, int? SeatLimit, DateOnly StartsOn,
    DateOnly? EndsOn, SeatCounts Seats, string Status, string AtLimit, int? Ceiling, int Waiting);

/// <summary>Seats in use and left (INV-11).</summary>
/// <param name="Limit">How many there are; null when unlimited.</param>
/// <param name="Reserved">Kept for pending invitations.</param>
/// <param name="Occupied">Held by people who accepted.</param>
/// <param name="Free">Left; null when unlimited, 0 while a lowered limit is exceeded.</param>
internal sealed record SeatCounts(int? Limit, int Reserved, int Occupied, int? Free);

/// <summary>Writes <c>subscriptions</c>; its counters move with the stream that decides.</summary>
internal sealed class Subscriptions : IInlineProjection, IProjection
{
    public string Name => "subscriptions.subscriptions.v1";

    public IReadOnlyList<string> Tables => ["subscriptions"];

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        if (alike[0].Data is SubscriptionEvent.SeatReserved)
        {
            foreach (var taken in alike.GroupBy(happened => happened.Stream))
                Count(taken.Last(), sql, reserved: taken.Count(), occupied: 0);
            return;
        }

        foreach (var happened in alike)
            Change(happened, sql);
    }

    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    private static void Change(RecordedEvent happened, SqlQueue sql)
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
                Set(happened, sql, "seat_limit = $3", e.SeatLimit);
                break;
            case SubscriptionEvent.SeatLimitGrown e:
                Set(happened, sql, "seat_limit = $3", e.SeatLimit);
                break;
            case SubscriptionEvent.SeatPolicyChanged e:
                Set(happened, sql, "at_limit = $3, ceiling = $4", JsonNamingPolicy.CamelCase.ConvertName(e.AtLimit.ToString()), e.Ceiling);
                break;
            case SubscriptionEvent.PlanChanged e:
                Set(happened, sql, "plan = $3", e.Plan);
                break;
            case SubscriptionEvent.PeriodChanged e:
                Set(happened, sql, "starts_on = $3, ends_on = $4, has_ended = false", e.StartsOn, e.EndsOn);
                break;
            case SubscriptionEvent.Suspended:
                Set(happened, sql, "is_suspended = true");
                break;
            case SubscriptionEvent.Resumed:
                Set(happened, sql, "is_suspended = false");
                break;
            case SubscriptionEvent.Ended:
                Set(happened, sql, "has_ended = true");
                break;
            case SubscriptionEvent.InvitationWaitlisted:
                Set(happened, sql, "waiting = waiting + 1");
                break;
            case SubscriptionEvent.WaitingEnded:
                Set(happened, sql, "waiting = waiting - 1");
                break;
            case SubscriptionEvent.SeatTransferred:
                Set(happened, sql, "plan = plan");
                break;
            case SubscriptionEvent.SeatOccupied:
                Count(happened, sql, reserved: -1, occupied: 1);
                break;
            case SubscriptionEvent.SeatReleased e:
                Count(happened, sql, reserved: e.WasOccupied ? 0 : -1, occupied: e.WasOccupied ? -1 : 0);
                break;
        }
    }

    private static void Set(RecordedEvent happened, SqlQueue sql, string columns, params ReadOnlySpan<object?> values) =>
        sql.Execute($"update subscriptions set {columns}, version = $2 where id = $1", [happened.Stream.Key, happened.Version, .. values]);

    private static void Count(RecordedEvent happened, SqlQueue sql, int reserved, int occupied) =>
        sql.Execute("update subscriptions set reserved = reserved + $3, occupied = occupied + $4, version = $2 where id = $1",
            happened.Stream.Key, happened.Version, reserved, occupied);
}
