using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>Something a user signs in to use, with the roles that it knows (SUB-02). It belongs to no organization.</summary>
internal sealed record App : IAggregate<App, AppEvent>
{
    public static string Category => "app";

    public static App Initial { get; } = new();

    public static StreamId StreamOf(Guid id) => StreamId.Of(Category, id);

    public Guid Id { get; private init; }

    public string Name { get; private init; } = "";

    public IReadOnlyList<AppRole> Roles { get; private init; } = [];

    public bool Exists => Id != Guid.Empty;

    public App Apply(AppEvent happened) => happened switch
    {
        AppEvent.Created e => this with { Id = e.AppId, Name = e.Name, Roles = e.Roles },
        AppEvent.Changed e => this with { Name = e.Name, Roles = e.Roles },
        _ => throw new InvalidOperationException($"an app knows no {happened.GetType().Name}"),
    };
}

/// <summary>A role of one app.</summary>
/// <param name="Key">Stable, lower case: what invitations and grants name.</param>
/// <param name="Name">What people read.</param>
internal sealed record AppRole(string Key, string Name);
