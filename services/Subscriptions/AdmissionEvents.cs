using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What is answered to an invitation; the stream's key is the invitation's id.</summary>
internal abstract record AdmissionEvent
{
    private AdmissionEvent()
    {
    }

    [EventType("admission.granted.v1")]
    public sealed record Granted(
        Guid OrganizationId, string OrganizationName, string? AppName, string? RoleName, Guid? SubscriptionId, int ValidForDays) : AdmissionEvent;

    [EventType("admission.refused.v1")]
    public sealed record Refused(Guid OrganizationId, RefusalKind Kind, string Code, string Detail) : AdmissionEvent;

    [EventType("admission.withdrawn.v1")]
    public sealed record Withdrawn(Guid OrganizationId, string Reason) : AdmissionEvent;

    [EventType("admission.confirmed.v1")]
    public sealed record Confirmed(Guid OrganizationId, Guid SubscriptionId, Guid UserId) : AdmissionEvent;
}
