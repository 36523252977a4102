using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How a registration was answered.</summary>
internal abstract record ProvisioningEvent
{
    private ProvisioningEvent()
    {
    }

    [EventType("provisioning.completed.v1")]
    public sealed record Completed(
        Guid RegistrationId, Guid InvitationId, Guid OrganizationId, Guid UserId, string GrantHash, DateTimeOffset GrantUntil) : ProvisioningEvent;

    [EventType("provisioning.refused.v1")]
    public sealed record Refused(
        Guid RegistrationId, Guid InvitationId, Guid OrganizationId, string Kind, string Code, string Detail) : ProvisioningEvent
    {
        /// <summary>The facts that decided (INV-25); where there are none, nothing is stored.</summary>
        public IReadOnlyDictionary<string, string>? Facts { get; init; }
    }
}

/// <summary>The one answer to a registration: it is published from here, whichever commit made it.</summary>
internal sealed record Provisioning : IAggregate<Provisioning, ProvisioningEvent>
{
    public static string Category => "provisioning";

    public static Provisioning Initial { get; } = new();

    public bool IsAnswered { get; private init; }

    public static StreamId Stream(Guid registrationId) => StreamId.Of(Category, registrationId);

    public Provisioning Apply(ProvisioningEvent happened) => happened switch
    {
        ProvisioningEvent.Completed or ProvisioningEvent.Refused => this with { IsAnswered = true },
        _ => throw new InvalidOperationException($"a provisioning does not know {happened.GetType()}"),
    };
}
