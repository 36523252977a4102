using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InviteHub.EventStore;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace InviteHub.ServiceDefaults;

/// <summary>The key came with another request before (INV-21).</summary>
public sealed record IdempotencyKeyReused() : Refusal(
    RefusalKind.Conflict, "idempotency-key-reused",
    "This Idempotency-Key came with another request before; send this one under a new key.");

/// <summary>What a request made, now or when it came under the same key before, or why it made nothing.</summary>
/// <param name="Id">The thing that was made.</param>
/// <param name="Refusal">Why not, or null.</param>
public readonly record struct Made(Guid Id, Refusal? Refusal);

/// <summary>
/// Makes a thing once per <c>Idempotency-Key</c> (INV-21, API-01): the record of the key commits with the events, so that of two requests
/// with one key, at once or years apart, exactly one makes something and both answer with it.
/// A refusal made nothing and keeps no key: the same request is decided anew.
/// </summary>
public sealed class Idempotency(PostgresEventStore store, KeyRing keys)
{
    /// <summary>The header that names the key.</summary>
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 200;

    /// <summary>Runs a unit of work that makes one thing, unless the caller's key has made one already.</summary>
    /// <param name="http">The request; without the header, the work is simply run.</param>
    /// <param name="user">The caller: everybody has keys of their own.</param>
    /// <param name="id">The id that the new thing will have.</param>
    /// <param name="request">The request's body as it was understood: it says whether a key comes with the same request again.</param>
    /// <param name="work">Gathers, decides, appends in the session, and answers the refusal or null. May run again after a lost race.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="BadHttpRequestException">The key is too long.</exception>
    /// <exception cref="UniqueRuleException">A unique rule of a read model was broken, and not by the same request before.</exception>
    public Task<Made> Once(
        HttpContext http, CurrentUser user, Guid id, object request, Func<EventSession, Task<Refusal?>> work, CancellationToken ct) =>
        Once(http, user.Id.ToString(), user.Metadata(http, id), id, request, work, ct);

    /// <summary>The same for callers who are not signed in.</summary>
    /// <param name="http">The request; without the header, the work is simply run.</param>
    /// <param name="caller">Whose keys these are: what lets them in.</param>
    /// <param name="metadata">What is kept of the request beside the events.</param>
    /// <param name="id">The id that the new thing will have.</param>
    /// <param name="request">The request's body as it was understood.</param>
    /// <param name="work">Gathers, decides, appends in the session, and answers the refusal or null. May run again after a lost race.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="BadHttpRequestException">The key is too long.</exception>
    /// <exception cref="UniqueRuleException">A unique rule of a read model was broken, and not by the same request before.</exception>
    public async Task<Made> Once(
        HttpContext http, string caller, EventMetadata metadata, Guid id, object request, Func<EventSession, Task<Refusal?>> work, CancellationToken ct)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0)
            return new(id, await store.Transact(metadata, work, ct));
        if (key.Length > LongestKey)
            throw new BadHttpRequestException($"an {Header} has at most {LongestKey} characters");

        var hash = HashOf(http.Request, request);
        try
        {
            var refusal = await store.Transact(
                metadata,
                async session =>
                {
                    var no = await work(session);
                    if (no is null)
                        session.Answers(caller, key, hash, id.ToString());
                    return no;
                },
                ct);
            // A rule may say no only because the same request was granted before.
            return refusal is null ? new(id, null) : await Before(caller, key, hash, ct) ?? new(id, refusal);
        }
        catch (UniqueRuleException)
        {
            if (await Before(caller, key, hash, ct) is { } made)
                return made;
            throw;
        }
    }

    /// <summary>What the key made before. Looked up only after something stood in the way: a new request needs no round trip more.</summary>
    private async Task<Made?> Before(string caller, string key, byte[] hash, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select request_hash, resource from idempotency where caller = $1 and key = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = caller });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        var made = Guid.Parse(reader.GetString(1));
        return new(made, CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), hash) ? null : new IdempotencyKeyReused());
    }

    /// <summary>Keyed: a plain hash of a body that holds a personal number would let its few digits be tried out.</summary>
    private byte[] HashOf(HttpRequest http, object request)
    {
        var asked = $"{http.Method} {http.Path}{http.QueryString}\n{JsonSerializer.Serialize(request, request.GetType(), JsonSerializerOptions.Web)}";
        return HMACSHA256.HashData(keys.Secret("idempotency"), Encoding.UTF8.GetBytes(asked));
    }
}
