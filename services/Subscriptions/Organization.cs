using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>A tenant: a customer, a supplier, a business or several at once, with what users may do for it and its apps (SUB-01, ROL-06).</summary>
internal sealed record Organization : IAggregate<Organization, OrganizationEvent>
{
    public static string Category => "organization";

    public static Organization Initial { get; } = new();

    /// <summary>An organization is its own tenant.</summary>
    public static StreamId StreamOf(Guid id) => StreamId.Of(Category, id, id);

    public Guid Id { get; private init; }

    public string Name { get; private init; } = "";

    public IReadOnlyList<string> Kinds { get; private init; } = [];

    public ImmutableDictionary<Guid, IReadOnlyList<string>> Access { get; private init; } = ImmutableDictionary<Guid, IReadOnlyList<string>>.Empty;

    public ImmutableHashSet<Guid> Apps { get; private init; } = [];

    public OrganizationSettings Settings { get; private init; } = new();

    /// <summary>How often the settings were changed: a version of their own, so that a new member makes nobody's form of settings stale.</summary>
    public int SettingsVersion { get; private init; }

    public int Founders => Access.Values.Count(access => access.Contains(OrganizationAccess.Founder));

    public bool Exists => Id != Guid.Empty;

    /// <summary>All that a user has here; nothing for a stranger.</summary>
    public IReadOnlyList<string> AccessOf(Guid userId) => Access.GetValueOrDefault(userId, []);

    public Organization Apply(OrganizationEvent happened) => happened switch
    {
        OrganizationEvent.Created e => this with { Id = e.OrganizationId, Name = e.Name, Kinds = e.Kinds },
        OrganizationEvent.Changed e => this with { Name = e.Name, Kinds = e.Kinds },
        OrganizationEvent.ApplicantAssigned e => WithAccess(e.UserId, e.Access),
        OrganizationEvent.ApplicantUnassigned e => WithAccess(e.UserId, e.Access),
        OrganizationEvent.PermissionsGranted e => WithAccess(e.UserId, e.Access),
        OrganizationEvent.AppEntitled e => this with { Apps = Apps.Add(e.AppId) },
        OrganizationEvent.SettingsChanged e => this with { Settings = e.Settings, SettingsVersion = SettingsVersion + 1 },
        _ => throw new InvalidOperationException($"an organization knows no {happened.GetType().Name}"),
    };

    /// <summary>Why somebody may not run it: that takes a System admin or a founder. To a stranger it does not exist.</summary>
    public Refusal? WhyNotFounder(Guid userId, bool isSystemAdmin) => this switch
    {
        { Exists: false } => new OrganizationNotFound(),
        _ when isSystemAdmin || AccessOf(userId).Contains(OrganizationAccess.Founder) => null,
        _ when AccessOf(userId).Count == 0 => new OrganizationNotFound(),
        _ => new NotPermitted("a System admin or the founder"),
    };

    /// <summary>Whether somebody may invite to its apps and its workspace.</summary>
    public bool MayInvite(Guid userId)
    {
        var access = AccessOf(userId);
        return access.Contains(OrganizationAccess.Founder) || Settings.WhoMayInvite switch
        {
            WhoMayInvite.Members => access.Any(a => a != OrganizationAccess.Applicant),
            WhoMayInvite.Authorized => access.Contains(OrganizationAccess.UserRegistration),
            _ => false,
        };
    }

    private Organization WithAccess(Guid userId, IReadOnlyList<string> access) =>
        this with { Access = access.Count == 0 ? Access.Remove(userId) : Access.SetItem(userId, access) };
}

/// <summary>What an organization can be.</summary>
internal static class OrganizationKind
{
    public const string Customer = "customer";
    public const string Supplier = "supplier";
    public const string Business = "business";

    public static IReadOnlyList<string> All { get; } = [Customer, Supplier, Business];
}

/// <summary>What a user can have in an organization.</summary>
internal static class OrganizationAccess
{
    /// <summary>Invites for this customer (ROL-06); comes by assignment, never by a grant.</summary>
    public const string Applicant = "applicant";

    /// <summary>May do everything here and grant the others their permissions (ROL-01).</summary>
    public const string Founder = "founder";

    /// <summary>Belongs to it, and so sees it.</summary>
    public const string Member = "member";

    /// <summary>May invite to its apps and its workspace.</summary>
    public const string UserRegistration = "user_registration";

    /// <summary>May invite many at once (INV-19).</summary>
    public const string BulkInvite = "can_bulk_invite";

    public static IReadOnlyList<string> Grantable { get; } = [Founder, Member, UserRegistration, BulkInvite];
}
