using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>No users were chosen together under this id.</summary>
internal sealed record InvitationRunNotFound() : Refusal(
    RefusalKind.NotFound, "invitation-run-not-found", "There is no such request to invite users.");

/// <summary>Its users are still being tried.</summary>
internal sealed record InvitationRunNotChecked() : Refusal(
    RefusalKind.Conflict, "invitation-run-not-checked", "What would become of these users is still being found out; commit it once it is ready.");

/// <summary>All of its users were dealt with before.</summary>
internal sealed record InvitationRunFinished() : Refusal(
    RefusalKind.Conflict, "invitation-run-finished", "All of these users are invited or refused already; an invitation of one of them can be revoked.");

/// <summary>It was stopped before.</summary>
internal sealed record InvitationRunCancelled() : Refusal(
    RefusalKind.Conflict, "invitation-run-cancelled", "This was cancelled; choose the users anew.");
