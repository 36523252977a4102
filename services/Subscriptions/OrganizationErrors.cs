using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>It does not exist, or the caller has nothing to do with it: both read the same.</summary>
internal sealed record OrganizationNotFound() : Refusal(
    RefusalKind.NotFound, "organization-not-found", "There is no such organization among those that you may see.");

internal sealed record NotPermitted(string Needed) : Refusal(
    RefusalKind.Forbidden, "not-permitted", $"You may not do this in this organization; it takes {Needed}.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("needed", Needed));
}

internal sealed record NotACustomer(string Name) : Refusal(
    RefusalKind.Conflict, "not-a-customer", $"{Name} is not a customer; give the organization the kind 'customer' first.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("organization", Name), ("kindNeeded", "customer"));
}

internal sealed record NotASupplier(string Name) : Refusal(
    RefusalKind.Conflict, "not-a-supplier", $"{Name} is not a supplier; give the organization the kind 'supplier' first.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("organization", Name), ("kindNeeded", "supplier"));
}

internal sealed record NotABusiness(string Name) : Refusal(
    RefusalKind.Conflict, "not-a-business", $"{Name} is not a business; give the organization the kind 'business' first.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("organization", Name), ("kindNeeded", "business"));
}

internal sealed record LastFounder(string Name) : Refusal(
    RefusalKind.Conflict, "last-founder", $"This is the last founder of {Name}; make somebody else a founder first, or force it.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("organization", Name), ("founders", 1), ("foundersNeeded", 2));
}

internal sealed record NotAnApplicant(string? SystemRole) : Refusal(RefusalKind.Conflict, "not-an-applicant", SystemRole is null
    ? "There is no such user; only users with the system role Applicant are assigned to customers."
    : $"This user's system role is '{SystemRole}'; give them the system role 'applicant' first, then assign them.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("systemRole", SystemRole), ("systemRoleNeeded", "applicant"));
}

internal sealed record ClassroomNotFound() : Refusal(
    RefusalKind.NotFound, "classroom-not-found", "The supplier has no such open classroom.");

internal sealed record ClassroomNameTaken(string Name) : Refusal(
    RefusalKind.Conflict, "classroom-name-taken", $"There is a classroom '{Name}' already; choose another name, or close that one first.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("name", Name));
}
