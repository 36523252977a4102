using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>Only what was submitted can be validated or returned.</summary>
internal sealed record IdentityNotSubmitted() : Refusal(
    RefusalKind.Conflict, "identity-not-submitted", "The identity does not wait for validation; its details have to be submitted first.");

/// <summary>Nobody validates themselves.</summary>
internal sealed record OwnIdentity() : Refusal(
    RefusalKind.Conflict, "own-identity", "This is your own identity; another authorised member validates or returns it.");
