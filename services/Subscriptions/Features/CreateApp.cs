using System.Text.RegularExpressions;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Adds an app with its roles (SUB-02).</summary>
internal static partial class CreateApp
{
    public sealed record Request(string? Name, IReadOnlyList<RoleRequest?>? Roles);

    public sealed record RoleRequest(string? Key, string? Name);

    public sealed record Command(Guid AppId, string Name, IReadOnlyList<AppRole> Roles);

    public static Decision<AppEvent> Decide(App app, Command c) => app.Exists
        ? Nothing.Happened
        : new AppEvent.Created(c.AppId, c.Name, c.Roles);

    public static void Map(RouteGroupBuilder apps) =>
        apps.MapPost("/", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(CreateApp));

    /// <summary>All that is wrong with a request, and the command that it asks for when nothing is.</summary>
    public static (ValidationFailed? Invalid, Command Command) Read(Request request, Guid id)
    {
        var errors = new FieldErrors();
        var (name, roles) = (Name(request.Name, errors), Roles(request.Roles, errors));
        return (errors.Refusal, new Command(id, name, roles));
    }

    public static string Name(string? given, FieldErrors errors)
    {
        var name = given?.Trim() ?? "";
        errors.Demand(name.Length is >= 2 and <= 100 && !name.Any(char.IsControl), "name", "2 to 100 characters, no line breaks");
        return name;
    }

    public static IReadOnlyList<AppRole> Roles(IReadOnlyList<RoleRequest?>? given, FieldErrors errors)
    {
        var roles = (given ?? []).Select(role => new AppRole(role?.Key ?? "", role?.Name?.Trim() ?? "")).ToArray();
        errors.Demand(roles.Length is >= 1 and <= 50, "roles", "1 to 50 roles");
        errors.Demand(roles.DistinctBy(r => r.Key, StringComparer.Ordinal).Count() == roles.Length, "roles", "each key once");
        for (var i = 0; i < Math.Min(roles.Length, 50); i++)
        {
            errors.Demand(Key().IsMatch(roles[i].Key), $"roles[{i}].key", "1 to 50 characters: lower-case letters and digits, with single dashes between");
            errors.Demand(
                roles[i].Name.Length is >= 1 and <= 100 && !roles[i].Name.Any(char.IsControl), $"roles[{i}].name", "1 to 100 characters, no line breaks");
        }

        return roles;
    }

    private static async Task<Results<Created<AppRow>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (invalid, command) = Read(request, Guid.CreateVersion7(clock.GetUtcNow()));
        if (invalid is not null)
            return invalid.ToProblem();

        var made = await idempotency.Once(
            http, user, command.AppId, request,
            async session => (await session.Decide<App, AppEvent>(App.StreamOf(command.AppId), app => Decide(app, command), ct)).Refusal,
            ct);
        if (made.Refusal is { } no)
            return no.ToProblem();

        var row = (await GetApp.Read(store, made.Id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Created($"/api/v1/apps/{made.Id}", row);
    }

    [GeneratedRegex("^(?=.{1,50}\\z)[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Key();
}
