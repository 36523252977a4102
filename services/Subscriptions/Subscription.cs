using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>What happens when an invitation finds no free seat (SUB-06).</summary>
    public AtLimit AtLimit { get; init; }

    /// <summary>How far the limit grows by itself; null unless it does.</summary>
    public int? Ceiling { get; init; }

    public bool IsSuspended { get; init; }

    /// <summary>Whether its end was noted; the last day itself counts without that.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The seats that are taken, each under the invitation that took it.</summary>
    public ImmutableDictionary<Guid, Seat> Seats { get; init; } = ImmutableDictionary<Guid, Seat>.Empty;

    /// <summary>The invitations that wait for a seat, the first first.</summary>
    public ImmutableList<Waiting> Waiting { get; init; } = [];

    public int Occupied { get; init; }

    public int Reserved => Seats.Count - Occupied;

    public int Used => Seats.Count;

    public bool Exists => Id != Guid.Empty;

    /// <summary>Whether new seats can be taken on a day; both ends count.</summary>
    public bool IsActiveOn(DateOnly day) => Exists && !IsSuspended && !HasEnded && StartsOn <= day && (EndsOn is null || day <= EndsOn);

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
        SubscriptionEvent.SeatLimitGrown e => this with { SeatLimit = e.SeatLimit },
        SubscriptionEvent.SeatPolicyChanged e => this with { AtLimit = e.AtLimit, Ceiling = e.Ceiling },
        SubscriptionEvent.PlanChanged e => this with { Plan = e.Plan },
        SubscriptionEvent.PeriodChanged e => this with { StartsOn = e.StartsOn, EndsOn = e.EndsOn, HasEnded = false },
        SubscriptionEvent.Suspended => this with { IsSuspended = true },
        SubscriptionEvent.Resumed => this with { IsSuspended = false },
        SubscriptionEvent.Ended => this with { HasEnded = true },
        SubscriptionEvent.InvitationWaitlisted e => this with { Waiting = Waiting.Add(new Waiting(e.InvitationId, e.InviteeId)) },
        SubscriptionEvent.WaitingEnded e => this with { Waiting = Waiting.RemoveAll(w => w.InvitationId == e.InvitationId) },
        SubscriptionEvent.SeatReserved e => this with { Seats = Seats.Add(e.InvitationId, new Seat(e.InviteeId, IsOccupied: false)) },
        SubscriptionEvent.SeatTransferred e => this with { Seats = Seats.SetItem(e.InvitationId, new Seat(e.ToUserId, IsOccupied: true)) },
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

    /// <summary>Whether an invitation waits for a seat.</summary>
    public bool Awaits(Guid invitationId) => Waiting.Exists(w => w.InvitationId == invitationId);
}

/// <summary>What a subscription does when an invitation finds no free seat (SUB-06).</summary>
internal enum AtLimit
{
    /// <summary>The invitation is refused.</summary>
    Refuse,

    /// <summary>The invitation waits for the next free seat, in order.</summary>
    Waitlist,

    /// <summary>The limit rises by one, up to a ceiling, and the owner is told.</summary>
    Grow,
}

/// <summary>An invitation that waits for a seat.</summary>
internal sealed record Waiting(Guid InvitationId, Guid InviteeId);

/// <summary>A seat that is taken.</summary>
/// <param name="PersonId">The invitee that it is kept for, or its holder.</param>
/// <param name="IsOccupied">Whether the invitation was accepted.</param>
internal sealed record Seat(Guid PersonId, bool IsOccupied);

/// <summary>
/// Seats in a snapshot: there may be hundreds of thousands, and written out by name they would be megabytes to write and to read again. An
/// array of texts, each some seats one after the other, as base64 of the invitation's id, the person's, and whether they sit.
/// </summary>
internal sealed class SeatsInBytes : JsonConverter<ImmutableDictionary<Guid, Seat>>
{
    /// <summary>How a subscription's snapshots are written.</summary>
    public static readonly JsonSerializerOptions Snapshots = new(EventJson.Options) { Converters = { new SeatsInBytes() } };

    private const int Id = 16;
    private const int Each = (2 * Id) + 1;

    /// <summary>How many seats a text holds at most: it is in memory as a whole, where some large pieces cost more than many small ones.</summary>
    private const int AtOnce = 500;

    public override ImmutableDictionary<Guid, Seat> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var seats = ImmutableDictionary.CreateBuilder<Guid, Seat>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("seats are an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            for (ReadOnlySpan<byte> left = reader.GetBytesFromBase64(); !left.IsEmpty; left = left[Each..])
                seats.Add(new Guid(left[..Id]), new Seat(new Guid(left[Id..(2 * Id)]), left[2 * Id] == 1));
        }

        return seats.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableDictionary<Guid, Seat> value, JsonSerializerOptions options)
    {
        Span<byte> bytes = stackalloc byte[AtOnce * Each];
        writer.WriteStartArray();
        foreach (var some in value.Chunk(AtOnce))
        {
            for (var n = 0; n < some.Length; n++)
            {
                var (invitation, seat) = some[n];
                var own = bytes.Slice(n * Each, Each);
                invitation.TryWriteBytes(own);
                seat.PersonId.TryWriteBytes(own[Id..]);
                own[2 * Id] = seat.IsOccupied ? (byte)1 : (byte)0;
            }

            writer.WriteBase64StringValue(bytes[..(some.Length * Each)]);
        }

        writer.WriteEndArray();
    }
}
