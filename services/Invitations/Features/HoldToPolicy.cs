using System.Globalization;
using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Holds every request to what its organization asks, whichever door it comes through (INV-23): domains, and a second person's approval, for
/// which it waits before a seat is taken or a mail goes out. The limit of an hour is held in the commit, by <see cref="HourlyInvitations"/>.
/// </summary>
internal static class HoldToPolicy
{
    public static Decision<InvitationEvent> Decide(InvitationPolicy policy, InvitationEvent.Requested asked) => policy switch
    {
        _ when WhyNot(policy, asked.Email) is { } no => no,
        { RequiresApproval: true } => new InvitationEvent[] { new InvitationEvent.ApprovalRequired(asked.InvitationId, asked.OrganizationId, asked.At), asked },
        _ => asked,
    };

    /// <summary>Why an address may not be invited, or null.</summary>
    public static Refusal? WhyNot(InvitationPolicy policy, string email) => policy switch
    {
        // What an organization asks is nobody's business who has none there.
        { IsCallersOwn: false, AsksSomething: true } => new OrganizationUnknown(),
        { AllowedDomains: { Count: > 0 } domains } when !domains.Contains(DomainOf(email)) => new DomainNotAllowed(domains),
        _ => null,
    };

    private static string DomainOf(string email) => EmailAddress.TryParse(email, out var address, out _) ? address.Domain : "";
}

/// <summary>INV-23: the organization invites to certain domains only.</summary>
internal sealed record DomainNotAllowed(IReadOnlyList<string> Domains) : Refusal(RefusalKind.Conflict, "domain-not-allowed",
    $"The organization invites only to {string.Join(", ", Domains)}. Use an address there, or ask a founder to allow this domain in the settings.")
{
    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["allowedDomains"] = string.Join(", ", Domains),
    };
}

/// <summary>INV-23: as many as an hour lets go out were asked for.</summary>
internal sealed record HourlyLimitReached(int Limit, DateTimeOffset FreeAt) : Refusal(RefusalKind.TooMany, "hourly-limit-reached",
    string.Create(CultureInfo.InvariantCulture, $"The organization lets {Limit} invitations go out in an hour, and they have. ")
    + string.Create(CultureInfo.InvariantCulture, $"Try again at {FreeAt:HH:mm} (UTC), or ask a founder to raise the limit in the settings."))
{
    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["limit"] = Limit.ToString(CultureInfo.InvariantCulture),
        ["freeAt"] = FreeAt.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>With how many seconds there are to wait.</summary>
    public ProblemHttpResult ToProblem(HttpContext http, DateTimeOffset now)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling((FreeAt - now).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return this.ToProblem();
    }
}
