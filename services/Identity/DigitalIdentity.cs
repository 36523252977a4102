using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How far a digital identity has come.</summary>
internal enum IdentityStatus
{
    /// <summary>Nothing was given yet.</summary>
    Missing,

    /// <summary>Details are given, step by step.</summary>
    Draft,

    /// <summary>It waits for somebody to validate or return it.</summary>
    Submitted,

    /// <summary>It came back with a reason.</summary>
    Returned,

    Validated,
}

/// <summary>The personal details of a digital identity, as far as they were given.</summary>
internal sealed record IdentityDetails(
    string? FirstName, string? LastName, string? PersonalNumber, string? LmaNumber, string? Gender, bool? SwedishCitizen, bool? EuCitizen)
{
    public static IdentityDetails None { get; } = new(null, null, null, null, null, null, null);
}

/// <summary>Who a person is, as somebody authorised has validated it; its stream has the user's id.</summary>
internal sealed record DigitalIdentity : IAggregate<DigitalIdentity, DigitalIdentityEvent>
{
    public static string Category => "identity";

    public static DigitalIdentity Initial { get; } = new();

    public IdentityStatus Status { get; private init; }

    public IdentityDetails Details { get; private init; } = IdentityDetails.None;

    /// <summary>Why it was returned, until it is submitted again.</summary>
    public string? Reason { get; private init; }

    public static StreamId Stream(Guid userId) => StreamId.Of(Category, userId);

    public DigitalIdentity Apply(DigitalIdentityEvent happened) => happened switch
    {
        // Details that somebody validated are others afterwards: they have to be validated anew.
        DigitalIdentityEvent.DetailsGiven e => this with
        {
            Status = IdentityStatus.Draft,
            Details = new(e.FirstName, e.LastName, e.PersonalNumber, e.LmaNumber, e.Gender, e.SwedishCitizen, e.EuCitizen),
        },
        DigitalIdentityEvent.Submitted => this with { Status = IdentityStatus.Submitted, Reason = null },
        DigitalIdentityEvent.Validated => this with { Status = IdentityStatus.Validated },
        DigitalIdentityEvent.Returned e => this with { Status = IdentityStatus.Returned, Reason = e.Reason },
        _ => throw new InvalidOperationException($"a digital identity does not know {happened.GetType()}"),
    };
}
