using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What is answered to some invitations of a batch, decided in one commit; the stream's key is the chunk's id.</summary>
internal abstract record AdmissionChunkEvent
{
    private AdmissionChunkEvent()
    {
    }

    /// <summary>All of them are decided; what was decided on each is in its own stream too.</summary>
    [EventType("admissionchunk.answered.v1")]
    public sealed record Answered(
        Guid BatchId, Guid OrganizationId, string OrganizationName, string? AppName, string? RoleName, int ValidForDays,
        IReadOnlyList<Guid> Admitted, IReadOnlyList<Guid> Waitlisted, IReadOnlyList<ChunkRefusal> Refused) : AdmissionChunkEvent;
}

/// <summary>Why one of them may not go out.</summary>
internal sealed record ChunkRefusal(Guid InvitationId, RefusalKind Kind, string Code, string Detail)
{
    /// <inheritdoc cref="AdmissionEvent.Refused.Facts"/>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>The answer to some invitations of a batch: other services are told once for all of them (INV-20).</summary>
internal sealed record AdmissionChunk : IAggregate<AdmissionChunk, AdmissionChunkEvent>
{
    public static string Category => "admissionchunk";

    public static AdmissionChunk Initial { get; } = new();

    public bool IsAnswered { get; private init; }

    public static StreamId StreamOf(Guid id, Guid organizationId) => StreamId.Of(Category, id, organizationId);

    public AdmissionChunk Apply(AdmissionChunkEvent happened) => happened switch
    {
        AdmissionChunkEvent.Answered => this with { IsAnswered = true },
        _ => throw new InvalidOperationException($"an answer knows no {happened.GetType().Name}"),
    };
}
