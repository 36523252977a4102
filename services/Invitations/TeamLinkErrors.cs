using System.Globalization;
using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>No such team link, or none that the caller may know of.</summary>
internal sealed record TeamLinkNotFound()
    : Refusal(RefusalKind.NotFound, "team-link-not-found", "There is no such team link among those that you may see.");

/// <summary>The link was taken back.</summary>
internal sealed record TeamLinkRevoked() : Refusal(RefusalKind.Gone, "link-revoked",
    "The link was taken back by the organization. Ask whoever gave it to you for a new one.");

/// <summary>As many have joined by the link as it lets.</summary>
internal sealed record TeamLinkFull(int MostUses) : Refusal(RefusalKind.Conflict, "team-link-full",
    $"All {MostUses} places of this link are taken. Ask whoever gave it to you to make another one, or to invite you.")
{
    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["limit"] = MostUses.ToString(CultureInfo.InvariantCulture),
    };
}
