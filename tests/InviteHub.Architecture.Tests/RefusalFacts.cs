using InviteHub.EventStore;

namespace InviteHub.Architecture.Tests;

/// <summary>A refusal says by what it was decided, for programs too (INV-25), or a reason stands here why there is nothing more to say than its code.</summary>
internal static class RefusalFacts
{
    private const string Unknown = "of what is not there, or not for this caller, nothing is told";
    private const string Passes = "it passes by itself, in seconds";
    private const string OfTheLink = "it is told to whoever holds the link, and the code says what to do";
    private const string Code = "the code is the fact, and there is one thing to do";

    /// <summary>Refusals without facts, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Without { get; } = new Dictionary<string, string>
    {
        ["OrganizationUnknown"] = Unknown, ["InvitationNotFound"] = Unknown, ["InviteeUnknown"] = Unknown, ["BatchNotFound"] = Unknown,
        ["TeamLinkNotFound"] = Unknown, ["OrganizationNotFound"] = Unknown, ["ClassroomNotFound"] = Unknown, ["AppNotFound"] = Unknown,
        ["ServiceNotFound"] = Unknown, ["SubscriptionNotFound"] = Unknown, ["SeatNotFound"] = Unknown, ["NotAppointed"] = Unknown, ["UnknownClassroom"] = Unknown,
        ["WithdrawalUnderWay"] = Passes, ["RegistrationUnderWay"] = Passes, ["BatchNotChecked"] = Passes, ["NotSentYet"] = Passes,
        ["LinkUnknown"] = OfTheLink, ["LinkRevoked"] = OfTheLink, ["LinkDeclined"] = OfTheLink, ["LinkUsed"] = OfTheLink, ["LinkReplaced"] = OfTheLink,
        ["SignInToAccept"] = OfTheLink, ["NotYourInvitation"] = OfTheLink, ["RegisterToAccept"] = OfTheLink, ["TeamLinkRevoked"] = OfTheLink,
        ["BatchFinished"] = Code, ["BatchNotOver"] = Code, ["BatchRowErased"] = Code, ["NothingToApprove"] = Code, ["InvitationGone"] = Code,
        ["SeatNotHeld"] = Code, ["SeatHeldByAnother"] = Code, ["SeatNotOccupied"] = Code, ["SeatHeldAlready"] = Code, ["NotAMember"] = Code,
        ["RefusedByIdentity"] = "Identity gives a code and words, and no facts cross the bus with them",
    };

    /// <summary>Refusals that neither tell facts nor have a reason, and reasons that are not needed.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Type> types, IReadOnlyDictionary<string, string> without)
    {
        var refusals = types.Where(type => type.IsSubclassOf(typeof(Refusal)) && !type.IsAbstract).ToArray();
        var silent = refusals.Where(type => type.GetProperty(nameof(Refusal.Facts))!.DeclaringType == typeof(Refusal)).Select(type => type.Name).ToHashSet();
        return silent.Except(without.Keys).Select(name => $"{name} tells no facts, and no reason says why")
            .Concat(without.Keys.Except(silent).Select(name => $"{name} has a reason to tell no facts, and needs none"));
    }
}

[Trait("Feature", "INV-25")]
public sealed class what_decided_a_refusal
{
    [Fact]
    public void is_told_with_it() => RefusalFacts
        .Violations(ServiceAssemblies.Types.Where(type => type.Assembly.GetName().Name is "InviteHub.Invitations" or "InviteHub.Subscriptions"), RefusalFacts.Without)
        .ShouldHold();

    [Fact]
    public void that_is_told_by_none_or_excused_for_nothing_is_noticed() => RefusalFacts
        .Violations([typeof(Silent), typeof(Telling), typeof(Excused)], new Dictionary<string, string> { ["Excused"] = "a reason", ["Telling"] = "a reason" })
        .ShouldBe(["Silent tells no facts, and no reason says why", "Telling has a reason to tell no facts, and needs none"]);

    [Fact]
    public void is_written_the_same_in_every_culture() => new Telling().Facts.ShouldBe(new Dictionary<string, string>
    {
        ["number"] = "-1234", ["day"] = "2030-01-15", ["yes"] = "true", ["text"] = "a, b",
    }, ignoreOrder: true);

    private sealed record Silent() : Refusal(RefusalKind.Conflict, "silent", "No.");

    private sealed record Excused() : Refusal(RefusalKind.Conflict, "excused", "No.");

    private sealed record Telling() : Refusal(RefusalKind.Conflict, "telling", "No.")
    {
        public override IReadOnlyDictionary<string, string>? Facts =>
            Named(("number", -1234), ("day", new DateOnly(2030, 1, 15)), ("yes", true), ("text", "a, b"), ("none", null));
    }
}
