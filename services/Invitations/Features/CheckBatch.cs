using System.Globalization;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Features;

/// <summary>
/// What would become of a batch's rows is known (INV-24). One that is not to be looked at first goes on at once, or as soon as a second person
/// approves it, where the organization asks for one (INV-23).
/// </summary>
internal static class CheckBatch
{
    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, InvitationBatchChecked answer, BatchPolicy policy)
    {
        // Cancelled meanwhile, or answered twice.
        if (batch is not { Status: BatchStatus.Checking, Upload: { } upload } || answer.Through <= batch.CheckedThrough)
            return Nothing.Happened;
        var people = new InvitationBatchEvent.PeopleChecked(answer.Through, [.. answer.RefusedPeople.Zip(answer.RefusedTargets)
            .GroupBy(one => one.Second, one => one.First)
            .Select(same => new PeopleRefused(upload.Targets[same.Key], [.. same], answer.PeopleCodes[same.Key], answer.PeopleDetails[same.Key])
            {
                Facts = FactsAt(same.Key, answer.PeopleFacts),
            })]);
        // What there is of seats is told with each answer, and counts when the last people are known.
        if (answer.Through is not null)
            return people;
        var known = new InvitationBatchEvent.Checked([.. upload.Targets.Select((target, n) => new TargetChecked(
            target, answer.Free[n], answer.Waits[n], answer.Codes[n] is { Length: > 0 } code ? code : null,
            answer.Details[n] is { Length: > 0 } detail ? detail : null)
        {
            Facts = FactsAt(n, answer.Facts),
        })])
        {
            Hourly = policy.Hourly,
        };
        InvitationBatchEvent[] next = upload.DryRun ? []
            : [policy.RequiresApproval ? new InvitationBatchEvent.ApprovalAsked(upload.By) : new InvitationBatchEvent.Committed(upload.By)];
        return (InvitationBatchEvent[])[.. people.Refused.Count == 0 ? [] : new[] { people }, known, .. next];
    }
    /// <summary>The facts of one refusal among those of several, by its place (INV-25); null when it has none.</summary>
    public static IReadOnlyDictionary<string, string>? FactsAt(int place, IReadOnlyDictionary<string, string> all)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{place}.");
        var own = all.Where(fact => fact.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(fact => fact.Key[prefix.Length..], fact => fact.Value, StringComparer.Ordinal);
        return own.Count == 0 ? null : own;
    }
}
