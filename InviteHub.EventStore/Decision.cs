using System.Globalization;

namespace InviteHub.EventStore;

/// <summary>What a refusal is about; mapped once to a status code.</summary>
public enum RefusalKind
{
    /// <summary>The thing does not exist, or the caller may not know of it.</summary>
    NotFound,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>The caller is not known.</summary>
    Unauthorized,

    /// <summary>The state, or a uniqueness rule, does not allow it now.</summary>
    Conflict,

    /// <summary>It was there once and is not usable any more.</summary>
    Gone,

    /// <summary>The request is well formed and breaks a rule of its own.</summary>
    Invalid,

    /// <summary>Too many attempts; later it may work.</summary>
    TooMany,

    /// <summary>The caller decided on an older version of the thing than it has now.</summary>
    Stale,
}

/// <summary>A rule's "no", as a value. Each refusal is its own record with the facts that decided (INV-25).</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Code">Stable, kebab-case: what clients go by.</param>
/// <param name="Detail">One sentence for people: the reason, and the smallest change that would allow it. No personal data.</param>
public abstract record Refusal(RefusalKind Kind, string Code, string Detail)
{
    /// <summary>The facts that decided, by name, for programs (INV-25); null when the code says all. No personal data.</summary>
    public virtual IReadOnlyDictionary<string, string>? Facts => null;

    /// <summary>Facts by name, written as they cross streams and the bus; what is null is none.</summary>
    protected static IReadOnlyDictionary<string, string> Named(params ReadOnlySpan<(string Name, object? Value)> facts)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            var text = value switch
            {
                null => null,
                bool yes => yes ? "true" : "false",
                DateOnly or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
                IFormattable other => other.ToString(format: null, CultureInfo.InvariantCulture),
                _ => value.ToString(),
            };
            if (text is not null)
                named[name] = text;
        }

        return named;
    }
}

/// <summary>A rule's answer: events that happened, possibly none, or a refusal.</summary>
/// <typeparam name="TEvent">The aggregate's closed catalogue of events.</typeparam>
public sealed class Decision<TEvent> where TEvent : class
{
    private Decision(IReadOnlyList<TEvent> events, Refusal? refusal) => (Events, Refusal) = (events, refusal);

    /// <summary>What happened; empty when nothing had to (the same command again) or when it was refused.</summary>
    public IReadOnlyList<TEvent> Events { get; }

    /// <summary>Why not, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>One event.</summary>
    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null);

    /// <summary>Several events, in order.</summary>
    public static implicit operator Decision<TEvent>(TEvent[] happened) => new(happened, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);

    /// <summary>Nothing had to happen.</summary>
    public static implicit operator Decision<TEvent>(Nothing nothing) => new([], null);
}

/// <summary>The decision that nothing has to happen, since it is so already.</summary>
public sealed class Nothing
{
    private Nothing()
    {
    }

    /// <summary>The one value.</summary>
    public static Nothing Happened { get; } = new();
}

/// <summary>What came of a decision: the state after it, or a refusal.</summary>
/// <param name="State">The state after the events, or the unchanged one when refused.</param>
/// <param name="Refusal">Why not, or null.</param>
public readonly record struct Outcome<TState>(TState State, Refusal? Refusal);
