using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>There is no such batch, or none that the caller may know of.</summary>
internal sealed record BatchNotFound() : Refusal(RefusalKind.NotFound, "batch-not-found", "There is no such batch among those that you may see.");

/// <summary>INV-19: many at once takes a permission of its own.</summary>
internal sealed record BulkNotPermitted() : Refusal(
    RefusalKind.Forbidden, "bulk-not-permitted", "Inviting many at once takes the permission can_bulk_invite. A founder of the organization has it and can grant it.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("permission", "can_bulk_invite"));
}

/// <summary>A batch invites to few things, so that each can be asked for.</summary>
internal sealed record TooManyTargets(int Most) : Refusal(
    RefusalKind.Invalid, "too-many-targets", $"One batch invites to at most {Most} different combinations of app, subscription and role; split it.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("limit", Most));
}

/// <summary>INV-24: only what was shown can be committed.</summary>
internal sealed record BatchNotChecked() : Refusal(
    RefusalKind.Conflict, "batch-not-checked", "The batch is being checked. Commit it when its status is ready, after a look at what would happen.");

/// <summary>The batch is over, or is being taken back.</summary>
internal sealed record BatchEnded(BatchStatus Status) : Refusal(
    RefusalKind.Conflict, "batch-ended", $"The batch is {Status.ToString().ToLowerInvariant()}; upload the file again to invite.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("status", Status.ToString().ToLowerInvariant()));
}

/// <summary>A batch that is done can't be stopped.</summary>
internal sealed record BatchFinished() : Refusal(
    RefusalKind.Conflict, "batch-finished", "The batch is finished. What was not accepted can be taken back: undo it.");

/// <summary>A batch that is not over can't be undone.</summary>
internal sealed record BatchNotOver() : Refusal(
    RefusalKind.Conflict, "batch-not-over", "The batch is not over: wait until it is finished, or cancel it, and then undo it.");

/// <summary>The person of a row was forgotten before its turn came.</summary>
internal sealed record BatchRowErased() : Refusal(RefusalKind.Gone, "erased", "The person's data was erased before the row's turn came.");

/// <summary>INV-24: the row was shown for a person without an account, or with one, and that has changed.</summary>
internal sealed record PersonChangedSince() : Refusal(
    RefusalKind.Conflict, "not-as-shown", "When the batch was checked, this row was to become something else: whether the address has an account has changed. Check the row again to see what would happen now.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("changed", "account"));
}

/// <summary>INV-23: the batch was on its way when the organization began to ask for a second person.</summary>
internal sealed record NotApproved() : Refusal(
    RefusalKind.Conflict, "approval-required",
    "Since the batch was committed, the organization asks that a second person approves invitations. Download the rows that failed and upload them again: that batch waits for an approval.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("since", "committed"), ("needed", "approval"));
}
