using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>What happens while a person is forgotten; what remains of it is who asked, what was erased where and when, and the certificate.</summary>
internal abstract record AnonymizationEvent
{
    private AnonymizationEvent()
    {
    }

    /// <summary>A System admin asked for it; the account is closed and its sessions have ended in the same commit. The person is told once more.</summary>
    [EventType("anonymization.requested.v1")]
    public sealed record Requested(
        Guid UserId, [property: PersonalData(nameof(Requested.UserId))] string Emails, int EndedSessions, Guid By, DateTimeOffset At) : AnonymizationEvent;

    /// <summary>The last message went out, or never will.</summary>
    [EventType("anonymization.notice_settled.v1")]
    public sealed record NoticeSettled(string Status, DateTimeOffset At) : AnonymizationEvent;

    /// <summary>Services are to erase what they keep.</summary>
    [EventType("anonymization.erasure_due.v1")]
    public sealed record ErasureDue(
        Guid UserId, IReadOnlyList<string> Services, [property: PersonalData(nameof(ErasureDue.UserId))] string? Emails,
        IReadOnlyList<Guid> SubjectIds, Guid By, DateTimeOffset RequestedAt) : AnonymizationEvent;

    /// <summary>A service keeps nothing any more.</summary>
    [EventType("anonymization.service_erased.v1")]
    public sealed record ServiceErased(
        string Service, IReadOnlyList<Guid> SubjectIds, IReadOnlyList<string> What, IReadOnlyList<long> Items, DateTimeOffset At) : AnonymizationEvent;

    /// <summary>Every service has erased: the certificate, and its signature (ECDSA over P-256 with SHA-256, DER in Base64).</summary>
    [EventType("anonymization.completed.v1")]
    public sealed record Completed(string Statement, string Signature, DateTimeOffset At) : AnonymizationEvent;
}
