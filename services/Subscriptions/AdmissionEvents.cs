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
        Guid OrganizationId, string OrganizationName, string? AppName, string? RoleName, Guid? SubscriptionId, int ValidForDays) : AdmissionEvent
    {
        /// <summary>The batch whose answer tells of it; null when it is told by itself.</summary>
        public Guid? BatchId { get; init; }

        /// <summary>The role's key, which stays when the role is named anew; nothing is stored where there is none.</summary>
        public string? Role { get; init; }
    }

    [EventType("admission.refused.v1")]
    public sealed record Refused(Guid OrganizationId, RefusalKind Kind, string Code, string Detail) : AdmissionEvent
    {
        /// <summary>The facts that decided (INV-25); where there are none, nothing is stored.</summary>
        public IReadOnlyDictionary<string, string>? Facts { get; init; }

        /// <summary>The batch whose answer tells of it; null when it is told by itself.</summary>
        public Guid? BatchId { get; init; }
    }

    /// <summary>It waits for a seat; all that is said of it when it gets one.</summary>
    [EventType("admission.waitlisted.v1")]
    public sealed record Waitlisted(
        Guid OrganizationId, string OrganizationName, string AppName, string RoleName, Guid SubscriptionId, int ValidForDays) : AdmissionEvent
    {
        /// <summary>The batch whose answer tells of it; null when it is told by itself.</summary>
        public Guid? BatchId { get; init; }

        /// <inheritdoc cref="Granted.Role"/>
        public string? Role { get; init; }
    }

    /// <summary>The invitation had ended and is asked for again (INV-08): it is decided anew.</summary>
    [EventType("admission.asked_again.v1")]
    public sealed record AskedAgain(Guid OrganizationId, int Round) : AdmissionEvent;

    [EventType("admission.withdrawn.v1")]
    public sealed record Withdrawn(Guid OrganizationId, string Reason) : AdmissionEvent;

    [EventType("admission.confirmed.v1")]
    public sealed record Confirmed(Guid OrganizationId, Guid SubscriptionId, Guid UserId) : AdmissionEvent;

    /// <summary>An administrator took the occupied seat back from who sat there.</summary>
    [EventType("admission.taken_back.v1")]
    public sealed record TakenBack(Guid OrganizationId, Guid SubscriptionId, Guid UserId) : AdmissionEvent;
}
