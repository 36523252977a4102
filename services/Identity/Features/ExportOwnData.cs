using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Gives people all that this service knows of them, as a file that machines read (USR-09, GDPR article 20): the profile with roles, the open
/// sessions, and everything that happened to the account, as it is kept. What the secrets are hashed to is no data about a person, and stays.
/// </summary>
internal static class ExportOwnData
{
    private static readonly ListQuery AllOfThem = new(Page: 1, PageSize: 200, Sort: null, Descending: false, Search: null);
    private static readonly string[] Secrets = ["hash", "tokenHash"];

    /// <summary>One thing that happened.</summary>
    public sealed record Entry(DateTimeOffset At, Guid? By, string Event, IReadOnlyDictionary<string, JsonElement> Data);

    /// <summary>The file.</summary>
    public sealed record Export(DateTimeOffset ExportedAt, UserProfile Profile, IReadOnlyList<SessionRow> Sessions, IReadOnlyList<Entry> Log);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/me/export", Handle).WithName(nameof(ExportOwnData)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Results<Ok<Export>, ProblemHttpResult>> Handle(
        CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, Sessions sessions, TimeProvider clock, CancellationToken ct)
    {
        if (await GetUser.Read(caller.Id, http, store, users, ct) is not { } profile)
            return new UserNotFound().ToProblem();
        var events = await store.OpenSession().FetchStream(User.Stream(caller.Id), ct: ct);
        http.Response.Headers.ContentDisposition = "attachment; filename=\"invitehub-my-data.json\"";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Export(
            clock.GetUtcNow(), profile, (await sessions.List(AllOfThem, caller, ct)).Items, [.. events.Select(Of)]));
    }

    private static Entry Of(RecordedEvent happened) => new(
        happened.Timestamp,
        Guid.TryParse(happened.Metadata.Header(EventMetadata.UserId), out var by) ? by : null,
        happened.Type,
        JsonSerializer.SerializeToElement(happened.Data, happened.Data.GetType(), EventJson.Options).EnumerateObject()
            .Where(field => !Secrets.Contains(field.Name, StringComparer.Ordinal))
            .ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));
}
