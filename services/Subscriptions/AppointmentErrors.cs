using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>Identity's "no", in its own words.</summary>
internal sealed record RefusedByIdentity(RefusalKind Kind, string Code, string Detail) : Refusal(Kind, Code, Detail);

internal sealed record NotAppointed() : Refusal(
    RefusalKind.NotFound, "not-appointed", "This person has no such role here; give it to them first.");

internal sealed record UnknownClassroom() : Refusal(
    RefusalKind.Invalid, "unknown-classroom", "The supplier has no such open classroom; add it first, or choose among those that it has.");
