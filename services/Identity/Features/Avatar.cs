using Dapper;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace InviteHub.Identity.Features;

/// <summary>A person's picture (USR-01, USR-09): a PNG, JPEG or WebP by its content, kept as ciphertext under the person's key.</summary>
internal static class Avatar
{
    private const int LargestBytes = 512 * 1024;
    private const int LargestSide = 1024;
    private const string Context = "avatar";

    /// <summary>A picture to show from now on, or null for none.</summary>
    public sealed record Command(Guid? AvatarId);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (!user.Exists)
            return new UserNotFound();
        return user.AvatarId == c.AvatarId ? Nothing.Happened : new UserEvent.AvatarChanged(user.Id, c.AvatarId);
    }

    public static void Map(RouteGroupBuilder api)
    {
        string[] types = ["image/jpeg", "image/webp", "application/octet-stream"];
        api.MapPut("/users/{id:guid}/avatar", PutOther).Accepts<byte[]>("image/png", types).WithName("SetUserAvatar").WithTags("Users").Requires(Permission.ManageUsers);
        api.MapGet("/users/{id:guid}/avatar", Get).WithName("GetUserAvatar").WithTags("Users").Requires(Permission.ManageUsers);
        api.MapDelete("/users/{id:guid}/avatar", DeleteOther).WithName("RemoveUserAvatar").WithTags("Users").Requires(Permission.ManageUsers);
        api.MapPut("/me/avatar", PutOwn).Accepts<byte[]>("image/png", types).WithName("SetOwnAvatar").WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapGet("/me/avatar", GetOwn).WithName("GetOwnAvatar").WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapDelete("/me/avatar", DeleteOwn).WithName("RemoveOwnAvatar").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> PutOther(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, SubjectKeys keys, TimeProvider clock, CancellationToken ct) =>
        id == caller.Id ? Own() : Put(id, caller, http, store, keys, clock, ct);

    private static Task<Results<NoContent, ProblemHttpResult>> PutOwn(
        CurrentUser caller, HttpContext http, PostgresEventStore store, SubjectKeys keys, TimeProvider clock, CancellationToken ct) =>
        Put(caller.Id, caller, http, store, keys, clock, ct);

    private static Task<Results<NoContent, ProblemHttpResult>> DeleteOther(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct) =>
        id == caller.Id ? Own() : Save(id, null, caller, http, store, [], "", ct);

    private static Task<Results<NoContent, ProblemHttpResult>> DeleteOwn(
        CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct) =>
        Save(caller.Id, null, caller, http, store, [], "", ct);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> GetOwn(
        CurrentUser caller, HttpContext http, PostgresEventStore store, SubjectKeys keys, CancellationToken ct) =>
        Get(caller.Id, http, store, keys, ct);

    private static Task<Results<NoContent, ProblemHttpResult>> Own() =>
        Task.FromResult<Results<NoContent, ProblemHttpResult>>(new OwnAccount("change your picture at /me/avatar").ToProblem());

    private static async Task<Results<NoContent, ProblemHttpResult>> Put(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, SubjectKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var bytes = new byte[LargestBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        if (length > LargestBytes)
            throw new BadHttpRequestException("a picture has at most 512 kB", StatusCodes.Status413PayloadTooLarge);
        var errors = new FieldErrors();
        var picture = Picture.Read(bytes.AsSpan(0, length));
        errors.Demand(picture is not null, "picture", "The picture is a PNG, JPEG or WebP file.");
        errors.Demand(
            picture is null or { Width: <= LargestSide, Height: <= LargestSide }, "picture", $"A picture has at most {LargestSide} by {LargestSide} pixels.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        return await keys.Seal(id.ToString(), bytes.AsMemory(0, length), Context, ct) is { } box
            ? await Save(id, Guid.CreateVersion7(clock.GetUtcNow()), caller, http, store, box, picture!.MediaType, ct)
            : new UserNotFound().ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Save(
        Guid id, Guid? avatarId, CurrentUser caller, HttpContext http, PostgresEventStore store, byte[] box, string mediaType, CancellationToken ct)
    {
        var outcome = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var decided = await session.Decide<User, UserEvent>(User.Stream(id), user => Decide(user, new(avatarId)), ct);
                if (decided.Refusal is null && avatarId is null)
                {
                    session.Sql.Execute("delete from avatars where user_id = $1", id);
                }
                else if (decided.Refusal is null)
                {
                    session.Sql.Execute(
                        """
                        insert into avatars (user_id, avatar_id, media_type, sealed) values ($1, $2, $3, $4)
                        on conflict (user_id) do update set avatar_id = excluded.avatar_id, media_type = excluded.media_type, sealed = excluded.sealed
                        """,
                        id, avatarId, mediaType, box);
                }

                return decided;
            },
            ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Get(
        Guid id, HttpContext http, PostgresEventStore store, SubjectKeys keys, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var (avatarId, mediaType, box) = await connection.QuerySingleOrDefaultAsync<(Guid, string, byte[])>(new CommandDefinition(
            "select avatar_id, media_type, sealed from avatars where user_id = @id", new { id }, cancellationToken: ct));
        if (box is null || await keys.Open(id.ToString(), box, Context, ct) is not { } picture)
            return new NoAvatar().ToProblem();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.File(picture, mediaType, entityTag: new EntityTagHeaderValue($"\"{avatarId:N}\""));
    }
}
