namespace InviteHub.EventStore;

/// <summary>Somebody else committed first; deciding again on what is true now may succeed.</summary>
public sealed class ConcurrencyConflictException(string what, Exception? inner = null)
    : Exception($"{what} was changed by another transaction", inner)
{
    /// <summary>The stream, saga or checkpoint that moved.</summary>
    public string What => what;
}

/// <summary>The stream was archived; nothing can be appended to it.</summary>
public sealed class StreamArchivedException(string stream, Exception? inner = null)
    : Exception($"stream {stream} is archived", inner);

/// <summary>A consumer has handled this message before; nothing of this unit of work was kept.</summary>
public sealed class DuplicateMessageException(Exception? inner = null) : Exception("the message was handled before", inner);

/// <summary>A unique rule of a read model was broken in the commit; nothing of this unit of work was kept.</summary>
public sealed class UniqueRuleException(string constraint, Exception? inner = null)
    : Exception($"unique rule {constraint} was broken", inner)
{
    /// <summary>The index or constraint that says what has to be unique.</summary>
    public string Constraint => constraint;
}

/// <summary>A stored event has a name that no catalogue and no upcaster knows.</summary>
public sealed class UnknownEventTypeException(string type)
    : Exception($"no event type is registered under the stored name '{type}'")
{
    /// <summary>The stored name.</summary>
    public string Type => type;
}
