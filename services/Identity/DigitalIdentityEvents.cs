using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>What happens to a digital identity, the second level above the account (IDN-01).</summary>
internal abstract record DigitalIdentityEvent
{
    private DigitalIdentityEvent()
    {
    }

    [EventType("identity.details_given.v1")]
    public sealed record DetailsGiven(
        Guid UserId,
        [property: PersonalData(nameof(DetailsGiven.UserId))] string? FirstName,
        [property: PersonalData(nameof(DetailsGiven.UserId))] string? LastName,
        [property: PersonalData(nameof(DetailsGiven.UserId))] string? PersonalNumber,
        [property: PersonalData(nameof(DetailsGiven.UserId))] string? LmaNumber,
        [property: PersonalData(nameof(DetailsGiven.UserId))] string? Gender,
        [property: PersonalData(nameof(DetailsGiven.UserId))] bool? SwedishCitizen,
        [property: PersonalData(nameof(DetailsGiven.UserId))] bool? EuCitizen,
        Guid By) : DigitalIdentityEvent;

    [EventType("identity.submitted.v1")]
    public sealed record Submitted(Guid UserId, Guid By) : DigitalIdentityEvent;

    [EventType("identity.validated.v1")]
    public sealed record Validated(Guid UserId, Guid By) : DigitalIdentityEvent;

    [EventType("identity.returned.v1")]
    public sealed record Returned(
        Guid UserId, [property: PersonalData(nameof(Returned.UserId))] string Reason, Guid By) : DigitalIdentityEvent;
}
