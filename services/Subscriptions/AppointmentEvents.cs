using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Subscriptions;

/// <summary>What happens to a person's role at an organization or service; asked for again after it ended, the stream goes on.</summary>
internal abstract record AppointmentEvent
{
    private AppointmentEvent()
    {
    }

    /// <summary>As it was stored before what an organization keeps of a person was encrypted; it is written no more.</summary>
    [EventType("appointment.requested.v1")]
    public sealed record RequestedInClear(Guid RequestId, Guid HolderId, Guid UserId, string Role, AppointmentDetails Details, Guid By) : AppointmentEvent;

    [EventType("appointment.requested.v2")]
    public sealed record Requested(
        Guid RequestId, Guid HolderId, Guid UserId, string Role, [property: PersonalData(nameof(Requested.UserId))] AppointmentDetails? Details,
        Guid By) : AppointmentEvent;

    [EventType("appointment.granted.v1")]
    public sealed record Granted(Guid RequestId) : AppointmentEvent;

    [EventType("appointment.refused.v1")]
    public sealed record Refused(Guid RequestId, RefusalKind Kind, string Code, string Detail) : AppointmentEvent;

    /// <inheritdoc cref="RequestedInClear"/>
    [EventType("appointment.details_changed.v1")]
    public sealed record DetailsChangedInClear(AppointmentDetails Details) : AppointmentEvent;

    [EventType("appointment.details_changed.v2")]
    public sealed record DetailsChanged(
        Guid UserId, [property: PersonalData(nameof(DetailsChanged.UserId))] AppointmentDetails? Details) : AppointmentEvent;

    [EventType("appointment.ended.v1")]
    public sealed record Ended(Guid RequestId, Guid HolderId, Guid UserId, string Role, Guid By) : AppointmentEvent;
}
