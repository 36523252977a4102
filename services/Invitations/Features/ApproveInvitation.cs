using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>A second person approves an invitation (INV-23): only now Subscriptions is asked, a seat is taken and the mail goes out.</summary>
internal static class ApproveInvitation
{
    public sealed record Command(Guid By, bool IsApprover, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { AwaitsApproval: true } => WhyNot(invitation, c.By, c.IsApprover) ?? (Decision<InvitationEvent>)new InvitationEvent.Approved(c.By, c.At),
        { Approval.IsApproved: true } => Nothing.Happened,
        _ => new NothingToApprove(),
    };

    /// <summary>Why somebody is not the second person.</summary>
    public static Refusal? WhyNot(Invitation invitation, Guid by, bool isApprover) => invitation.Offer!.InvitedBy == by || invitation.Renewal?.By == by
        ? new ApprovalNeedsAnother()
        : isApprover ? null : new MayNotApprove();

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/{id:guid}/approve", Handle).WithName(nameof(ApproveInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Ok<InvitationView>, Accepted, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries, InvitationPolicies policies,
        TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();

        var stream = Invitation.Stream(visible.Organization.Id, id);
        var command = new Command(user.Id, await policies.MayApprove(visible.Organization.Id, user, ct), clock.GetUtcNow());
        var outcome = await store.Transact(
            user.Metadata(http, id), session => session.Decide<Invitation, InvitationEvent>(stream, invitation => Decide(invitation, command), ct), ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();

        var invitation = await store.WaitFor<Invitation, InvitationEvent>(stream, state => state.Status is not InvitationStatus.Requested, wait.Time, ct);
        return invitation switch
        {
            { Refusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem(),
            { RenewalRefusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem(),
            { Status: InvitationStatus.Requested } => TypedResults.Accepted($"/api/v1/invitations/{id}"),
            _ => TypedResults.Ok((await queries.Invitation(id, ct))!),
        };
    }
}

/// <summary>A second person says no (INV-23): the invitation ends before anything was taken or sent, and its inviter can read why.</summary>
internal static class RejectInvitation
{
    private const int LongestReason = 500;

    public sealed record Request(string? Reason);

    public sealed record Command(Guid By, bool IsApprover, string? Reason, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { AwaitsApproval: true } => ApproveInvitation.WhyNot(invitation, c.By, c.IsApprover)
            ?? (Decision<InvitationEvent>)new InvitationEvent.Rejected(invitation.Offer!.InviteeId, c.By, c.Reason, c.At),
        { Approval.IsRejected: true } => Nothing.Happened,
        _ => new NothingToApprove(),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/{id:guid}/reject", Handle).WithName(nameof(RejectInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> Handle(
        Guid id, Request? request, CurrentUser user, HttpContext http, PostgresEventStore store, InvitationQueries queries, InvitationPolicies policies,
        TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();
        var errors = new FieldErrors();
        var reason = Fields.Optional(request?.Reason, "reason", LongestReason, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = new Command(user.Id, await policies.MayApprove(visible.Organization.Id, user, ct), reason, clock.GetUtcNow());
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Invitation, InvitationEvent>(
                Invitation.Stream(visible.Organization.Id, id), invitation => Decide(invitation, command), ct),
            ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Ok((await queries.Invitation(id, ct))!);
    }
}

/// <summary>INV-23: two pairs of eyes.</summary>
internal sealed record ApprovalNeedsAnother() : Refusal(RefusalKind.Forbidden, "approval-needs-another",
    "You asked for this yourself. Ask a founder, somebody else who may invite here, or a System admin to decide; to take it back, revoke the invitation or cancel the batch.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("needed", "somebody else"));
}

/// <summary>INV-23: not everybody who sees an invitation may approve it.</summary>
internal sealed record MayNotApprove() : Refusal(RefusalKind.Forbidden, "not-permitted",
    "To approve or reject takes a founder of the organization, the permission user_registration there, or a System admin.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("permissions", "founder, user_registration"));
}

/// <summary>Nobody waits for a word on it.</summary>
internal sealed record NothingToApprove() : Refusal(RefusalKind.Conflict, "nothing-to-approve",
    "Nothing waits for an approval here: it needs none, or somebody has decided, or it has ended. Look at its status.");
