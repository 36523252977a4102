using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>Subscriptions admitted an invitation: it gets its link and becomes pending (INV-05, INV-12).</summary>
internal static class OpenInvitation
{
    public sealed record Command(
        string OrganizationName, string? AppName, string? RoleName, string? InvitedByName, string TokenHash, DateTimeOffset ExpiresAt, DateTimeOffset At,
        Guid? ChunkId = null);

    /// <summary>The facts: the token itself is not one of them, only its hash.</summary>
    public static Command For(
        Invitation invitation, InvitationAdmitted admitted, string? invitedByName, LinkTokens links, TimeProvider clock, Guid? chunkId = null)
    {
        var now = clock.GetUtcNow();
        return new(
            admitted.OrganizationName, admitted.AppName, admitted.RoleName, invitedByName,
            LinkTokens.HashOf(links.ForInvitation(admitted.InvitationId, invitation.NextGeneration)), now.AddDays(admitted.ValidForDays), now, chunkId);
    }

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation.Status switch
    {
        InvitationStatus.Requested or InvitationStatus.Waiting => new InvitationEvent.Opened(
            c.OrganizationName, c.AppName, c.RoleName, invitation.Offer!.InvitedBy, c.InvitedByName, invitation.NextGeneration, c.TokenHash, c.ExpiresAt, c.At)
        {
            ChunkId = c.ChunkId,
        },
        // Opened before, or revoked meanwhile: then the withdrawal that was published brings the seat back.
        _ => Nothing.Happened,
    };
}

/// <summary>Some invitations of a batch opened in one commit: the others are told of them together (INV-20).</summary>
internal static class OpenChunk
{
    public static Decision<BatchChunkEvent> Decide(BatchChunk chunk, IReadOnlyList<Guid> opened) => chunk.IsOpened || opened.Count == 0
        ? Nothing.Happened
        : new BatchChunkEvent.Opened(opened);
}

/// <summary>No seat is free yet: the invitation waits for one (INV-12). That it was admitted may be heard first.</summary>
internal static class AwaitSeat
{
    public sealed record Command(string OrganizationName, string AppName, string RoleName);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation.Status switch
    {
        InvitationStatus.Requested => new InvitationEvent.Waitlisted(c.OrganizationName, c.AppName, c.RoleName),
        _ => Nothing.Happened,
    };
}

/// <summary>Subscriptions refused an invitation: nothing is left behind but the fact (INV-12, INV-25). One that had been sent before stays expired.</summary>
internal static class RefuseInvitation
{
    public sealed record Command(string Kind, string Code, string Detail, IReadOnlyDictionary<string, string>? Facts = null);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { IsUndecided: false } => Nothing.Happened,
        { Link: null } => new InvitationEvent.Refused(c.Kind, c.Code, c.Detail) { Facts = c.Facts },
        _ => new InvitationEvent.RenewalRefused(c.Kind, c.Code, c.Detail) { Facts = c.Facts },
    };
}

/// <summary>What a withdrawn invitation held was given back.</summary>
internal static class SettleWithdrawal
{
    public static Decision<InvitationEvent> Decide(Invitation invitation) => invitation switch
    {
        { IsWithdrawn: true, IsSettled: false } => new InvitationEvent.WithdrawalSettled(),
        _ => Nothing.Happened,
    };
}
