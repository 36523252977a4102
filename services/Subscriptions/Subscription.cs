using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>
/// Binds one organization and one app for a period, with a limit of seats or none (SUB-02).
/// It protects: reserved + occupied ≤ limit whenever a seat is taken, and each seat has one holder (SUB-03).
/// Its stream grows with every seat, so it has snapshots: each property survives JSON.
/// </summary>
internal sealed record Subscription : IAggregate<Subscription, SubscriptionEvent>
{
    public static string Category => "subscription";

    public static Subscription Initial { get; } = new();

    public static StreamId StreamOf(Guid id, Guid organizationId) => StreamId.Of(Category, id, organizationId);

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid AppId { get; init; }

    public string Plan { get; init; } = "";

    /// <summary>How many seats there are; null when as many as are asked for.</summary>
    public int? SeatLimit { get; init; }

    public DateOnly StartsOn { get; init; }

    public DateOnly? EndsOn { get; init; }

    /// <summary>The seats that are taken, each under the invitation that took it.</summary>
    public ImmutableDictionary<Guid, Seat> Seats { get; init; } = ImmutableDictionary<Guid, Seat>.Empty;

    public int Occupied { get; init; }

    public int Reserved => Seats.Count - Occupied;

    public int Used => Seats.Count;

    public bool Exists => Id != Guid.Empty;

    /// <summary>Whether new seats can be taken on a day; both ends count.</summary>
    public bool IsActiveOn(DateOnly day) => Exists && StartsOn <= day && (EndsOn is null || day <= EndsOn);

    public Subscription Apply(SubscriptionEvent happened) => happened switch
    {
        SubscriptionEvent.Created e => this with
        {
            Id = e.SubscriptionId,
            OrganizationId = e.OrganizationId,
            AppId = e.AppId,
            Plan = e.Plan,
            SeatLimit = e.SeatLimit,
            StartsOn = e.StartsOn,
            EndsOn = e.EndsOn,
        },
        SubscriptionEvent.SeatLimitChanged e => this with { SeatLimit = e.SeatLimit },
        SubscriptionEvent.SeatReserved e => this with { Seats = Seats.Add(e.InvitationId, new Seat(e.InviteeId, IsOccupied: false)) },
        SubscriptionEvent.SeatOccupied e => this with
        {
            Seats = Seats.SetItem(e.InvitationId, new Seat(e.UserId, IsOccupied: true)),
            Occupied = Occupied + 1,
        },
        SubscriptionEvent.SeatReleased e => this with
        {
            Seats = Seats.Remove(e.InvitationId),
            Occupied = e.WasOccupied ? Occupied - 1 : Occupied,
        },
        _ => throw new InvalidOperationException($"a subscription knows no {happened.GetType().Name}"),
    };
}

/// <summary>A seat that is taken.</summary>
/// <param name="PersonId">The invitee that it is kept for, or its holder.</param>
/// <param name="IsOccupied">Whether the invitation was accepted.</param>
internal sealed record Seat(Guid PersonId, bool IsOccupied);
