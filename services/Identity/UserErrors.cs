using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>There is no such user.</summary>
internal sealed record UserNotFound() : Refusal(RefusalKind.NotFound, "user-not-found", "There is no such user.");

/// <summary>What may be done to others is not done to oneself through the list of users (USR-02).</summary>
internal sealed record OwnAccount(string Instead) : Refusal(
    RefusalKind.Conflict, "own-account", $"This is your own account; {Instead}.");

/// <summary>There is no picture of the user.</summary>
internal sealed record NoAvatar() : Refusal(RefusalKind.NotFound, "avatar-not-found", "There is no picture; show the initials instead.");

/// <summary>The account of a new person is there already, by another invitation.</summary>
internal sealed record AccountExists() : Refusal(
    RefusalKind.Conflict, "account-exists", "This person has an account by now; sign in, and accept the invitation with it.");

/// <summary>Another account has the address.</summary>
internal sealed record EmailTaken() : Refusal(
    RefusalKind.Conflict, "email-taken", "An account with this e-mail address exists already; invite that user instead.");

/// <summary>INV-14: an invitation gives the means to sign in, which the person has.</summary>
internal sealed record AccountInUse() : Refusal(
    RefusalKind.Conflict, "account-in-use",
    "This person signs in with a password of their own already. If it is forgotten, a new one can be asked for where one signs in.");

/// <summary>INV-15: there is no address that mail can be sent to.</summary>
internal sealed record EmailUnusable(string Why) : Refusal(
    RefusalKind.Invalid, "email-unusable", $"No mail can be sent to the e-mail address of the profile: {Why} Correct it there.");

/// <summary>INV-15: mail to the address came back for good.</summary>
internal sealed record EmailUndeliverable(string Why) : Refusal(
    RefusalKind.Conflict, "email-undeliverable",
    $"Mail to the e-mail address of the profile came back: {Why.TrimEnd('.')}. Correct the address there, and invite again.");

/// <summary>INV-15: there is no phone number.</summary>
internal sealed record PhoneMissing() : Refusal(
    RefusalKind.Invalid, "phone-missing", "The profile has no phone number. Enter one there, with its country code, or invite by e-mail.");

/// <summary>INV-15: no message can be sent to the phone number.</summary>
internal sealed record PhoneUnusable(string Why) : Refusal(
    RefusalKind.Invalid, "phone-unusable", $"No message can be sent to the phone number of the profile: {Why} Correct it there, or invite by e-mail.");

/// <summary>INV-14: an organization of the person has its people invited by e-mail only.</summary>
internal sealed record SmsNotAllowed() : Refusal(
    RefusalKind.Conflict, "sms-not-allowed",
    "An organization of this person has its people invited by e-mail only. Invite by e-mail, or ask its founder to allow SMS in the settings.");

/// <summary>INV-14: an organization of the person sends links only.</summary>
internal sealed record OneTimePasswordNotAllowed() : Refusal(
    RefusalKind.Conflict, "one-time-password-not-allowed",
    "An organization of this person sends no one-time passwords. Invite with a link, or ask its founder to allow them in the settings.");

/// <summary>Another account has the username.</summary>
internal sealed record UsernameTaken() : Refusal(
    RefusalKind.Conflict, "username-taken", "This username is taken; choose another one, or none.");

/// <summary>A registration that can't become an account: without a readable address or a password.</summary>
internal sealed record RegistrationUnusable(string Lacks) : Refusal(
    RefusalKind.Invalid, "registration-unusable", $"The registration has no usable {Lacks}; open the link and register again.");

/// <summary>The user has the role on the subscription already, by another invitation.</summary>
internal sealed record RoleAlreadyHeld(string Role, Guid SubscriptionId) : Refusal(
    RefusalKind.Conflict, "role-already-held", $"The user holds the role {Role} on this subscription already; invite to another role, or to none.");

/// <summary>Roles that exclude the wanted one (ROL-02, ROL-03).</summary>
internal sealed record RoleConflict(Role Wanted, IReadOnlyList<Role> InTheWay) : Refusal(
    RefusalKind.Conflict, "role-conflict",
    $"{Wanted.ToText()} does not go together with roles that the user holds; remove first: {string.Join(", ", InTheWay.Select(r => r.ToText()))}.")
{
    public override IReadOnlyDictionary<string, string>? Facts => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["wanted"] = Wanted.ToText(), ["inTheWay"] = string.Join(',', InTheWay.Select(r => r.ToText())),
    };
}

/// <summary>A role that neither organizations nor services give.</summary>
internal sealed record RoleNotAssignable(string Role) : Refusal(
    RefusalKind.Invalid, "role-not-assignable",
    $"{Role} is no role that an organization or a service gives; it gives {string.Join(", ", Enum.GetValues<Role>().Where(Roles.IsAssigned).Select(Roles.ToText))}.");

/// <summary>The role was taken back before the request for it came.</summary>
internal sealed record RoleAssignmentOver() : Refusal(
    RefusalKind.Conflict, "role-assignment-ended", "The role was taken back before it could be given; assign it anew.");

/// <summary>Without this one there would be no System admin left (ROL-07).</summary>
internal sealed record LastSystemAdmin() : Refusal(
    RefusalKind.Conflict, "last-system-admin", "This is the last System admin; make another user System admin first.");

/// <summary>The current password that was given is not it.</summary>
internal sealed record CurrentPasswordWrong() : Refusal(
    RefusalKind.Invalid, "current-password-wrong", "The current password is not right; without it, ask for a password reset.");

/// <summary>No link to set a new password has this token.</summary>
internal sealed record ResetLinkUnknown() : Refusal(
    RefusalKind.NotFound, "link-unknown", "There is no such link. Look whether it was copied as a whole, or ask for a new one.");

/// <summary>The link to set a new password is too old.</summary>
internal sealed record ResetLinkExpired() : Refusal(RefusalKind.Gone, "link-expired", "This link has expired; ask for a new one.");

/// <summary>A password was set since the link was sent.</summary>
internal sealed record ResetLinkUsed() : Refusal(
    RefusalKind.Gone, "link-used", "This link was used, or the password was changed in another way since; sign in, or ask for a new link.");

/// <summary>A newer link was sent.</summary>
internal sealed record ResetLinkReplaced() : Refusal(RefusalKind.Gone, "link-replaced", "A newer link was sent; open the latest mail.");
