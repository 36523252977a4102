using System.Diagnostics.CodeAnalysis;
using InviteHub.Contracts;
using InviteHub.EventStore;

namespace InviteHub.Architecture.Tests.Red;

/// <summary>What the violation of a fixture must say.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RejectedAttribute(string reason) : Attribute
{
    public string Reason => reason;
}

/// <summary>Each is impure in one way, and the rule must say which.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "the rule must find them")]
[SuppressMessage("Minor Code Smell", "S2325:Methods that don't access instance data should be static", Justification = "the rule must find it")]
internal static class RedDeciders
{
    private static int _count;

    internal interface IMailServer
    {
        bool Knows(string address);
    }

    internal abstract class Rule
    {
        public abstract bool Allows(PureState state);
    }

    internal sealed class RuleThatReadsAFile : Rule
    {
        public override bool Allows(PureState state) => File.Exists("allowed");
    }

    [Rejected("returns Task`1")]
    internal static class ReturnsATask
    {
        public static Task<Decision<PureEvent>> Decide(PureState state) => Task.FromResult<Decision<PureEvent>>(Nothing.Happened);
    }

    [Rejected("returns ValueTask")]
    internal static class ReturnsAValueTask
    {
        public static ValueTask<int> Decide(PureState state) => ValueTask.FromResult(state.Count);
    }

    [Rejected("returns Void")]
    internal static class ReturnsNothing
    {
        public static void Decide(PureState state) => _ = state.Count;
    }

    [Rejected("is not static")]
    internal sealed class HasAnInstance
    {
        public bool Decide(PureState state) => state.Count > 0;
    }

    [Rejected("by reference")]
    internal static class ChangesItsArgument
    {
        public static bool Decide(ref int count) => count++ > 0;
    }

    [Rejected("CancellationToken")]
    internal static class TakesACancellationToken
    {
        public static bool Decide(PureState state, CancellationToken ct) => ct.CanBeCanceled;
    }

    [Rejected("takes a TimeProvider")]
    internal static class TakesAClock
    {
        public static DateTimeOffset Decide(PureState state, TimeProvider clock) => clock.GetUtcNow();
    }

    [Rejected("takes a Func`2")]
    internal static class TakesACallback
    {
        public static bool Decide(PureState state, Func<string, bool> isTaken) => isTaken("a");
    }

    [Rejected("takes a Action")]
    internal static class TakesCallbacks
    {
        public static int Decide(PureState state, IReadOnlyList<Action> all) => all.Count;
    }

    [Rejected("takes a IMailServer")]
    internal static class TakesAService
    {
        public static bool Decide(PureState state, IMailServer mail) => mail.Knows("a");
    }

    [Rejected("takes a HttpClient")]
    internal static class TakesAClient
    {
        public static bool Decide(PureState state, HttpClient http) => http.Timeout == default;
    }

    [Rejected("takes a EventSession")]
    internal static class TakesASession
    {
        public static bool Decide(PureState state, EventSession session) => session is null;
    }

    [Rejected("takes a Random")]
    internal static class TakesChance
    {
        public static int Decide(PureState state, Random chance) => chance.Next();
    }

    [Rejected("uses DateTimeOffset.get_UtcNow")]
    internal static class ReadsTheClock
    {
        public static bool Decide(PureState state) => DateTimeOffset.UtcNow > default(DateTimeOffset);
    }

    [Rejected("uses DateTime.get_Now through Helper.IsLate")]
    internal static class ReadsTheClockElsewhere
    {
        public static bool Decide(PureState state) => Helper.IsLate();
    }

    [Rejected("uses DateTime.get_UtcNow")]
    internal static class ReadsTheClockInALambda
    {
        public static bool Decide(IReadOnlyList<DateTime> ends) => ends.Any(end => end < DateTime.UtcNow);
    }

    [Rejected("uses DateTime.get_Today")]
    internal static class ReadsTheClockInAnIterator
    {
        public static IEnumerable<bool> Decide(IReadOnlyList<DateTime> ends)
        {
            foreach (var end in ends)
                yield return end < DateTime.Today;
        }
    }

    [Rejected("uses DateTimeOffset.get_Now through Started..cctor")]
    internal static class ReadsTheClockWhenTheTypeStarts
    {
        public static bool Decide(PureState state) => Started.At > default(DateTimeOffset);
    }

    [Rejected("uses Guid.NewGuid")]
    internal static class MakesAnId
    {
        public static Guid Decide(PureState state) => Guid.NewGuid();
    }

    [Rejected("uses Guid.CreateVersion7")]
    internal static class MakesAnIdForAnInstant
    {
        public static Guid Decide(PureState state, DateTimeOffset at) => Guid.CreateVersion7(at);
    }

    [Rejected("uses Random.get_Shared")]
    internal static class TakesAChance
    {
        public static bool Decide(PureState state) => Random.Shared.Next() > state.Count;
    }

    [Rejected("uses RandomNumberGenerator.GetInt32")]
    internal static class TakesASecretChance
    {
        public static int Decide(PureState state) => System.Security.Cryptography.RandomNumberGenerator.GetInt32(5);
    }

    [Rejected("uses Environment.GetEnvironmentVariable")]
    internal static class AsksTheEnvironment
    {
        public static string? Decide(PureState state) => Environment.GetEnvironmentVariable("HOME");
    }

    [Rejected("uses File.Exists")]
    internal static class ReadsAFile
    {
        public static bool Decide(PureState state) => File.Exists("allowed");
    }

    [Rejected("uses File.Exists through RuleThatReadsAFile.Allows")]
    internal static class ReadsAFileBehindAnAbstraction
    {
        public static bool Decide(PureState state, Rule rule) => rule.Allows(state);
    }

    [Rejected("uses NpgsqlConnection..ctor")]
    internal static class OpensADatabase
    {
        public static bool Decide(PureState state) => new Npgsql.NpgsqlConnection("").Database.Length > 0;
    }

    [Rejected("uses RedDeciders._count")]
    internal static class KeepsAStateOfItsOwn
    {
        public static int Decide(PureState state) => ++_count;
    }

    [Rejected("is not an instance method of a record")]
    internal static class AppliesStatically
    {
        public static PureState Apply(PureState state, PureEvent happened) => state;
    }

    [Rejected("is not an instance method of a record")]
    internal sealed class AppliesToAClass
    {
        public AppliesToAClass Apply(PureEvent happened) => happened is null ? new AppliesToAClass() : this;
    }

    [Rejected("uses DateTimeOffset.get_UtcNow")]
    internal sealed record AppliesWithAClock(DateTimeOffset At)
    {
        public AppliesWithAClock Apply(PureEvent happened) => this with { At = DateTimeOffset.UtcNow };
    }

    private static class Helper
    {
        public static bool IsLate() => IsPast(DateTime.Now);

        private static bool IsPast(DateTime at) => at.Year > 1;
    }

    private static class Started
    {
        public static readonly DateTimeOffset At = DateTimeOffset.Now;
    }
}

/// <summary>What the rule must let through: values, collections, LINQ, iterators, patterns, own helpers, hashes compared in constant time.</summary>
internal static class PureDecider
{
    private static readonly string[] Kept = ["a", "b"];

    internal sealed record Command(Guid Id, DateTimeOffset At, byte[] Hash, IReadOnlyDictionary<string, int> Counts, string? Email);

    internal sealed record TooMany(int Limit) : Refusal(RefusalKind.Conflict, "too-many", $"There are {Limit} already.");

    public static Decision<PureEvent> Decide(PureState state, Command command)
    {
        if (state.Count >= command.Counts.Values.DefaultIfEmpty(3).Max())
            return new TooMany(state.Count);
        if (!System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(command.Hash, [1, 2, 3]))
            return Nothing.Happened;
        if (!EmailAddress.TryParse(command.Email, out var email, out _) || Kept.Contains(email.Key))
            return Decision(state);
        return Steps(command).ToArray();
    }

    private static Decision<PureEvent> Decision(PureState state) => state switch
    {
        { Count: 0 } => new PureEvent.Added(1),
        { Count: > 0 } => Nothing.Happened,
        _ => throw new System.Diagnostics.UnreachableException($"{state.Count} of them"),
    };

    private static IEnumerable<PureEvent> Steps(Command command)
    {
        foreach (var count in command.Counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value + command.At.Year))
            yield return new PureEvent.Added(count);
    }
}

internal abstract record PureEvent
{
    private PureEvent()
    {
    }

    internal sealed record Added(int Count) : PureEvent;
}

internal sealed record PureState(int Count)
{
    public PureState Apply(PureEvent happened) => happened switch
    {
        PureEvent.Added added => this with { Count = Count + added.Count },
        _ => throw new System.Diagnostics.UnreachableException($"{happened.GetType().Name} is no event of this"),
    };
}
