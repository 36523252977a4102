namespace InviteHub.Contracts;

/// <summary>The messages that a <see cref="Notifications.NoticeDue"/> can ask for, and the facts that each takes.</summary>
public static class NoticeKind
{
    /// <summary>An administrator made an account for the person. No facts.</summary>
    public const string AccountCreated = "accountCreated";

    /// <summary>A link to set a new password, good until the notice expires. No facts.</summary>
    public const string PasswordReset = "passwordReset";

    /// <summary>The password was changed or reset by somebody else: a warning. No facts.</summary>
    public const string PasswordChanged = "passwordChanged";

    /// <summary>A code of six digits that proves the second factor, good until the notice expires. No facts.</summary>
    public const string TwoFactorCode = "twoFactorCode";

    /// <summary>A link that proves that the address is the person's. No facts.</summary>
    public const string EmailVerification = "emailVerification";

    /// <summary>The system role changed (ROL-04). Facts: <c>from</c>, <c>to</c>.</summary>
    public const string RoleChanged = "roleChanged";

    /// <summary>To a System admin: somebody asks for the removal of their data (GDP-01). No facts.</summary>
    public const string RemovalRequested = "removalRequested";

    /// <summary>The last message, before the address is forgotten (GDP-05). No facts.</summary>
    public const string Anonymized = "anonymized";

    /// <summary>To the owner: a subscription is full or has grown (SUB-06). Facts: <c>subscriptionId</c>, <c>plan</c>, <c>app</c>, <c>used</c>, <c>limit</c>.</summary>
    public const string SeatLimitReached = "seatLimitReached";

    /// <summary>To a holder: a subscription was suspended or has ended (SUB-05). Facts: <c>subscriptionId</c>, <c>plan</c>, <c>app</c>, <c>what</c> (<c>suspended</c>, <c>ended</c> or <c>resumed</c>).</summary>
    public const string SubscriptionStopped = "subscriptionStopped";

    /// <summary>To who started it: a batch has ended. Facts: <c>batchId</c>, <c>total</c>, <c>done</c>, <c>failed</c>.</summary>
    public const string BulkFinished = "bulkFinished";

    /// <summary>To the inviter: an invitation was declined, has expired, or its invitee asks for a new link (INV-05, INV-22, INV-26). Facts: <c>what</c> (<c>declined</c>, <c>expired</c> or <c>newLinkAsked</c>), <c>invitationId</c> unless several expired, <c>count</c> of those that expired.</summary>
    public const string InvitationEnded = "invitationEnded";

    /// <summary>The digital identity was validated or returned (IDN-02). Facts: <c>what</c> (<c>validated</c> or <c>returned</c>).</summary>
    public const string IdentityReviewed = "identityReviewed";
}
