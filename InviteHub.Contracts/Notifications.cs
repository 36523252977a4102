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
    Guid InvitationId, Guid OrganizationId, int Generation, string Channel, string Status, string? Error, DateTimeOffset At);
