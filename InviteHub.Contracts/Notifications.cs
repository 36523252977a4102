namespace InviteHub.Contracts.Notifications;

/// <summary>What became of a message that an invitation caused (INV-27: delivery is apart from the lifecycle).</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Generation">Which link it carried.</param>
/// <param name="Channel"><c>email</c> or <c>sms</c>.</param>
/// <param name="Status"><c>queued</c>, <c>sent</c>, <c>failed</c> or <c>bounced</c>.</param>
/// <param name="Error">Why not; without personal data.</param>
/// <param name="At">When.</param>
public sealed record InvitationDeliveryChanged(
    Guid InvitationId, Guid OrganizationId, int Generation, string Channel, string Status, string? Error, DateTimeOffset At)
{
    /// <summary>True when sending again to the same address is of no use (INV-15).</summary>
    public bool? IsHard { get; init; }
}

/// <summary>
/// A person is to be told something that is not an invitation (NOT-02). It names the person alone: where and in which language is looked up
/// when it is sent. Secrets in it are made then too, from the notice's id (NOT-04).
/// </summary>
/// <param name="NoticeId">The cause: the same notice is sent at most once (NOT-03).</param>
/// <param name="Kind">Which message, of <see cref="NoticeKind"/>.</param>
/// <param name="RecipientId">The user.</param>
/// <param name="OrganizationId">The organization in whose name it is sent, if in any.</param>
/// <param name="Facts">What it says besides, by name; never personal data or secrets.</param>
/// <param name="At">When it became due.</param>
/// <param name="ExpiresAt">After which it is of no use and not sent any more.</param>
public sealed record NoticeDue(
    Guid NoticeId, string Kind, Guid RecipientId, Guid? OrganizationId, IReadOnlyDictionary<string, string> Facts, DateTimeOffset At, DateTimeOffset? ExpiresAt);

/// <summary>A person's last message, <see cref="NoticeKind.Anonymized"/>, went out or never will: their address may be forgotten (GDP-05).</summary>
/// <param name="NoticeId">The notice.</param>
/// <param name="RecipientId">The user.</param>
/// <param name="Status"><c>sent</c> or <c>failed</c>.</param>
/// <param name="At">When.</param>
public sealed record LastNoticeSettled(Guid NoticeId, Guid RecipientId, string Status, DateTimeOffset At);
