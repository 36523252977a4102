namespace InviteHub.EventStore;

/// <summary>Names a stream: <c>&lt;category&gt;-&lt;uuid&gt;</c>, within a tenant.</summary>
/// <param name="Id">The stream's id, such as <c>invitation-0198c2…</c>.</param>
/// <param name="TenantId">The organization that the stream belongs to, or <see cref="DefaultTenant"/>.</param>
public readonly record struct StreamId(string Id, string TenantId = StreamId.DefaultTenant)
{
    /// <summary>Marten's name for "no tenant": streams that belong to no organization.</summary>
    public const string DefaultTenant = "*DEFAULT*";

    /// <summary>The stream of one aggregate that belongs to an organization.</summary>
    public static StreamId Of(string category, Guid id, Guid organizationId) => new($"{category}-{id}", organizationId.ToString());

    /// <summary>The stream of one aggregate that belongs to no organization.</summary>
    public static StreamId Of(string category, Guid id) => new($"{category}-{id}");

    /// <summary>What stands before the first dash.</summary>
    public string Category => Id[..Id.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>What stands behind the first dash.</summary>
    public Guid Key => Guid.Parse(Id.AsSpan(Id.IndexOf('-', StringComparison.Ordinal) + 1));

    /// <inheritdoc/>
    public override string ToString() => Id;
}
