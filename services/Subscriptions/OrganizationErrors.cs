using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>It does not exist, or the caller has nothing to do with it: both read the same.</summary>
internal sealed record OrganizationNotFound() : Refusal(
    RefusalKind.NotFound, "organization-not-found", "There is no such organization among those that you may see.");

internal sealed record NotPermitted(string Needed) : Refusal(
    RefusalKind.Forbidden, "not-permitted", $"You may not do this in this organization; it takes {Needed}.");

internal sealed record NotACustomer(string Name) : Refusal(
    RefusalKind.Conflict, "not-a-customer", $"{Name} is not a customer; give the organization the kind 'customer' first.");

internal sealed record NotABusiness(string Name) : Refusal(
    RefusalKind.Conflict, "not-a-business", $"{Name} is not a business; give the organization the kind 'business' first.");

internal sealed record LastFounder(string Name) : Refusal(
    RefusalKind.Conflict, "last-founder", $"This is the last founder of {Name}; make somebody else a founder first, or force it.");

internal sealed record NotAnApplicant(string? SystemRole) : Refusal(RefusalKind.Conflict, "not-an-applicant", SystemRole is null
    ? "There is no such user; only users with the system role Applicant are assigned to customers."
    : $"This user's system role is '{SystemRole}'; give them the system role 'applicant' first, then assign them.");
