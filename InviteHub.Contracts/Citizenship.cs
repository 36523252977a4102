using System.Diagnostics.CodeAnalysis;

namespace InviteHub.Contracts;

/// <summary>Whether somebody is a citizen of Sweden and of the EU or EEA: each yes, no, or not given (INV-04).</summary>
public sealed record Citizenship
{
    private Citizenship(bool? swedish, bool? eu) => (Swedish, Eu) = (swedish, eu);

    /// <summary>Of Sweden.</summary>
    public bool? Swedish { get; }

    /// <summary>Of the EU or EEA.</summary>
    public bool? Eu { get; }

    /// <summary>Reads the two answers; what one of them implies for the other, when that is not given, is filled in.</summary>
    /// <param name="swedish">Of Sweden, as answered.</param>
    /// <param name="eu">Of the EU or EEA, as answered.</param>
    /// <param name="citizenship">Both, when they don't contradict each other.</param>
    /// <param name="reason">Otherwise a sentence that says why not.</param>
    public static bool TryRead(
        bool? swedish, bool? eu, [NotNullWhen(true)] out Citizenship? citizenship, [NotNullWhen(false)] out string? reason)
    {
        (citizenship, reason) = (swedish, eu) switch
        {
            (true, false) => ((Citizenship?)null, "A Swedish citizen is an EU citizen too."),
            (true, _) => (new(true, true), null),
            (_, false) => (new(false, false), null),
            _ => (new(swedish, eu), null),
        };
        return citizenship is not null;
    }
}
