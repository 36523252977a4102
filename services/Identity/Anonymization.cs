using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>Where an anonymization is.</summary>
internal enum AnonymizationStatus
{
    None,

    /// <summary>The last message is on its way; nobody signs in any more.</summary>
    Notifying,

    /// <summary>The services erase.</summary>
    Erasing,

    /// <summary>Nothing is left.</summary>
    Completed,
}

/// <summary>A person being forgotten (GDP-03): Invitations, which knows under which ids they were invited, then the others, and Identity at last.</summary>
internal sealed record Anonymization : IAggregate<Anonymization, AnonymizationEvent>
{
    public const string Invitations = "invitations";
    public const string Identity = "identity";

    /// <summary>Who erases with whom, in this order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Stages { get; } = [[Invitations], ["subscriptions", "notifications"], [Identity]];

    public static string Category => "anonymization";

    public static Anonymization Initial { get; } = new();

    public AnonymizationStatus Status { get; private init; }

    /// <summary>Null before it was asked for.</summary>
    public AnonymizationEvent.Requested? Request { get; private init; }

    public AnonymizationEvent.NoticeSettled? Notice { get; private init; }

    /// <summary>Those that have erased, by service.</summary>
    public ImmutableSortedDictionary<string, AnonymizationEvent.ServiceErased> Erased { get; private init; } =
        ImmutableSortedDictionary<string, AnonymizationEvent.ServiceErased>.Empty.WithComparers(StringComparer.Ordinal);

    public AnonymizationEvent.Completed? Certificate { get; private init; }

    /// <summary>Every id under which the person is known besides the account's.</summary>
    public IReadOnlyList<Guid> SubjectIds => [.. Erased.Values.SelectMany(e => e.SubjectIds).Distinct().Order()];

    public static StreamId Stream(Guid userId) => StreamId.Of(Category, userId);

    public Anonymization Apply(AnonymizationEvent happened) => happened switch
    {
        AnonymizationEvent.Requested e => this with { Status = AnonymizationStatus.Notifying, Request = e },
        AnonymizationEvent.NoticeSettled e => this with { Notice = e },
        AnonymizationEvent.ErasureDue => this with { Status = AnonymizationStatus.Erasing },
        AnonymizationEvent.ServiceErased e => this with { Erased = Erased.SetItem(e.Service, e) },
        AnonymizationEvent.Completed e => this with { Status = AnonymizationStatus.Completed, Certificate = e },
        _ => throw new InvalidOperationException($"an anonymization does not know {happened.GetType()}"),
    };
}

/// <summary>Nobody asked to anonymize this user.</summary>
internal sealed record AnonymizationNotFound() : Refusal(
    RefusalKind.NotFound, "anonymization-not-found", "Nobody has asked to anonymize this user.");

/// <summary>There is no certificate with this id, or not yet.</summary>
internal sealed record CertificateNotFound() : Refusal(
    RefusalKind.NotFound, "certificate-not-found", "There is no such certificate. It has the id of the account; an anonymization that is not completed has none yet.");

/// <summary>What was typed is not the user's address (GDP-02).</summary>
internal sealed record EmailNotTheirs() : Refusal(
    RefusalKind.Invalid, "email-mismatch", "This is not the e-mail address of the user. Type it as their profile shows it: what is erased can't be brought back.");
