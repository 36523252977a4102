using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Renames an app, names its roles anew and adds others (SUB-02); what is not given stays. No role goes away: people may hold it.</summary>
internal static class ChangeApp
{
    public sealed record Command(string? Name, IReadOnlyList<AppRole>? Roles);

    public static Decision<AppEvent> Decide(App app, Command c)
    {
        if (!app.Exists)
            return new AppNotFound();
        var (name, roles) = (c.Name ?? app.Name, c.Roles ?? app.Roles);
        string[] gone = [.. app.Roles.Select(role => role.Key).Except(roles.Select(role => role.Key), StringComparer.Ordinal)];
        return gone.Length > 0 ? new AppRolesStay(gone)
            : name == app.Name && roles.SequenceEqual(app.Roles) ? Nothing.Happened
            : new AppEvent.Changed(app.Id, name, roles);
    }

    public static void Map(RouteGroupBuilder apps) =>
        apps.MapPatch("/{id:guid}", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(ChangeApp));

    private static async Task<Results<Ok<AppRow>, ProblemHttpResult>> Handle(
        Guid id, CreateApp.Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(
            request.Name is null ? null : CreateApp.Name(request.Name, errors), request.Roles is null ? null : CreateApp.Roles(request.Roles, errors));
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var stream = App.StreamOf(id);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session => ifMatch.WhyNot((await session.FetchForWriting<App, AppEvent>(stream, ct)).CurrentVersion)
                ?? (await session.Decide<App, AppEvent>(stream, app => Decide(app, command), ct)).Refusal,
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var row = (await GetApp.Read(store, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
