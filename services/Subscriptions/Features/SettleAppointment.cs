using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Keeps what Identity answered to a request for a role (ROL-05, ROL-06). An answer to a request that was taken back, answered or
/// followed by another changes nothing.
/// </summary>
internal static class SettleAppointment
{
    /// <summary>What was answered.</summary>
    /// <param name="RequestId">The request.</param>
    /// <param name="Refusal">Why not; null when granted.</param>
    public sealed record Command(Guid RequestId, RefusedByIdentity? Refusal);

    public static Decision<AppointmentEvent> Decide(Appointment appointment, Command c) => (appointment.Status, c.Refusal) switch
    {
        _ when appointment.RequestId != c.RequestId => Nothing.Happened,
        (not AppointmentStatus.Requested, _) => Nothing.Happened,
        (_, { } no) => new AppointmentEvent.Refused(c.RequestId, no.Kind, no.Code, no.Detail),
        _ => new AppointmentEvent.Granted(c.RequestId),
    };

    public static Task Handle(string role, Guid holderId, Guid userId, Command c, EventSession session, CancellationToken ct) =>
        session.Decide<Appointment, AppointmentEvent>(
            Appointment.StreamOf(role, holderId, userId), appointment => Decide(appointment, c), ct);
}
