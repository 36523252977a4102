using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>There is no such import.</summary>
internal sealed record UserImportNotFound() : Refusal(RefusalKind.NotFound, "import-not-found", "There is no such import.");

/// <summary>All rows of the import were done before.</summary>
internal sealed record UserImportFinished() : Refusal(
    RefusalKind.Conflict, "import-finished", "The import is finished; its report says which users it made.");

/// <summary>The import was cancelled.</summary>
internal sealed record UserImportCancelled() : Refusal(RefusalKind.Conflict, "import-cancelled", "The import was cancelled; upload the file again.");

/// <summary>The person of a row was forgotten before its turn came.</summary>
internal sealed record ImportRowErased() : Refusal(
    RefusalKind.Gone, "erased", "The person's data was erased before the row's turn came.");
