using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>The organization does not exist for the caller.</summary>
internal sealed record OrganizationUnknown() : Refusal(
    RefusalKind.NotFound, "organization-not-found", "There is no such organization among those that you may see.");

/// <summary>No such invitation, or none that the caller may know of.</summary>
internal sealed record InvitationNotFound()
    : Refusal(RefusalKind.NotFound, "invitation-not-found", "There is no such invitation among those that you may see.");

/// <summary>INV-02: the person has an open invitation of this kind already.</summary>
internal sealed record InvitationOpen(Guid? InvitationId = null, string? Status = null, DateTimeOffset? SentOn = null) : Refusal(RefusalKind.Conflict, "invitation-open",
    "There is an open invitation to this address for the same organization. Send it again, or revoke it to invite anew.")
{
    public override IReadOnlyDictionary<string, string>? Facts => InvitationId is null ? null : Named(("invitationId", InvitationId), ("status", Status), ("sentOn", SentOn));
}

/// <summary>INV-02: a customer invitation makes an account, and this address has one.</summary>
internal sealed record EmailTaken() : Refusal(RefusalKind.Conflict, "email-taken",
    "Somebody with this e-mail address has an account already. Invite them to an app instead.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("waysThatDo", "access"));
}

/// <summary>INV-11: the user who was picked does not exist.</summary>
internal sealed record InviteeUnknown() : Refusal(RefusalKind.NotFound, "user-not-found", "There is no such user to invite.");

/// <summary>What Subscriptions or Identity refused, with their own code and words.</summary>
internal sealed record RefusedElsewhere(RefusalKind Kind, string Code, string Detail, IReadOnlyDictionary<string, string>? Because)
    : Refusal(Kind, Code, Detail)
{
    public override IReadOnlyDictionary<string, string>? Facts => Because;

    /// <summary>From the words that cross the bus.</summary>
    public static RefusedElsewhere From(string kind, string code, string detail, IReadOnlyDictionary<string, string>? facts = null) =>
        new(Enum.TryParse<RefusalKind>(kind, ignoreCase: true, out var known) ? known : RefusalKind.Conflict, code, detail, facts);
}

/// <summary>An invitation that ended can't be taken back.</summary>
internal sealed record InvitationEnded(InvitationStatus Status) : Refusal(RefusalKind.Conflict, "invitation-ended",
    $"This invitation is {Status.ToString().ToLowerInvariant()}; only an open one can be revoked.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("status", Status.ToString().ToLowerInvariant()));
}

/// <summary>INV-08: what ended otherwise than by time is not sent again.</summary>
internal sealed record NothingToResend(InvitationStatus Status) : Refusal(RefusalKind.Conflict, "invitation-ended",
    $"This invitation is {Status.ToString().ToLowerInvariant()}; only one that waits for an answer or has expired is sent again. Invite the person anew instead.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("status", Status.ToString().ToLowerInvariant()));
}

/// <summary>INV-08: it goes out by itself once it is admitted.</summary>
internal sealed record NotSentYet() : Refusal(RefusalKind.Conflict, "invitation-not-sent",
    "This invitation is not sent yet: it goes out by itself once it is admitted, which takes a free seat where it needs one.");

/// <summary>INV-08: what the expired invitation held is on its way back; a renewal that overtook it would lose its seat.</summary>
internal sealed record WithdrawalUnderWay() : Refusal(RefusalKind.Conflict, "withdrawal-under-way",
    "This invitation has expired a moment ago, and its seat is being given back. Send it again in some seconds.");

/// <summary>INV-07: what ended stays as it was.</summary>
internal sealed record NotEditable(InvitationStatus Status) : Refusal(RefusalKind.Conflict, "invitation-ended",
    $"This invitation is {Status.ToString().ToLowerInvariant()}; only one that waits for an answer or has expired can be changed.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("status", Status.ToString().ToLowerInvariant()));
}

/// <summary>The invitee is registering right now.</summary>
internal sealed record RegistrationUnderWay() : Refusal(RefusalKind.Conflict, "registration-under-way",
    "The link is being used at this moment. Wait for the outcome, which takes seconds.");

/// <summary>The link is not one of ours.</summary>
internal sealed record LinkUnknown() : Refusal(RefusalKind.NotFound, "link-unknown",
    "This link is not one of ours. Open it from the mail again, or ask the person who invited you for a new one.");

/// <summary>INV-05: the link's time was up.</summary>
internal sealed record LinkExpired(DateTimeOffset At) : Refusal(RefusalKind.Gone, "link-expired",
    $"This link stopped working on {At:yyyy-MM-dd} (UTC). Ask the person who invited you to send a new one.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("expiredOn", At));
}

/// <summary>INV-09: the invitation was taken back.</summary>
internal sealed record LinkRevoked() : Refusal(RefusalKind.Gone, "link-revoked",
    "The invitation was taken back by the organization. If you think that is a mistake, ask the person who invited you.");

/// <summary>INV-26: the invitee said no.</summary>
internal sealed record LinkDeclined() : Refusal(RefusalKind.Gone, "link-declined",
    "This invitation was declined. If that was a mistake, ask the person who invited you for a new one.");

/// <summary>INV-05: the link is single-use.</summary>
internal sealed record LinkUsed() : Refusal(RefusalKind.Gone, "link-used", "This link was used already. Sign in with the account that it made.");

/// <summary>INV-08: a newer link was sent.</summary>
internal sealed record LinkReplaced() : Refusal(RefusalKind.Gone, "link-replaced", "A newer link was sent. Open the latest mail.");

/// <summary>INV-13: an existing user accepts signed in.</summary>
internal sealed record SignInToAccept() : Refusal(RefusalKind.Conflict, "sign-in-to-accept",
    "This address has an account already. Sign in, then accept the invitation.");

/// <summary>INV-13: the invitation is somebody else's.</summary>
internal sealed record NotYourInvitation() : Refusal(RefusalKind.Forbidden, "not-your-invitation",
    "This invitation is for another account. Sign in with the address that it was sent to.");

/// <summary>INV-10: a person without an account registers.</summary>
internal sealed record RegisterToAccept() : Refusal(RefusalKind.Conflict, "register-to-accept",
    "This invitation makes a new account. Open its link and register.");
