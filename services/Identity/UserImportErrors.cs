using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>There is no such import.</summary>
internal sealed record UserImportNotFound() : Refusal(RefusalKind.NotFound, "import-not-found", "There is no such import.");

/// <summary>All rows of the import were done before.</summary>
internal sealed record UserImportFinished() : Refusal(
    RefusalKind.Conflict, "import-finished", "The import is finished; its report says which users it made.");

/// <summary>The file as a whole can't be read: nothing of it was done. The line is where that shows.</summary>
internal sealed record ImportFileUnreadable(int Line, string Reason) : Refusal(
    RefusalKind.Invalid, "file-unreadable", $"Line {Line}: {Reason}")
{
    public override IReadOnlyDictionary<string, string>? Facts =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["line"] = $"{Line}" };
}

/// <summary>The person of a row was forgotten before its turn came.</summary>
internal sealed record ImportRowErased() : Refusal(
    RefusalKind.Gone, "erased", "The person's data was erased before the row's turn came.");
