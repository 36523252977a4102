using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace InviteHub.EventStore.PersonalData;

/// <summary>The keys of data subjects: made on first use, cached for a minute, destroyed when the subject is erased (GDP-03).</summary>
public sealed class SubjectKeys(NpgsqlDataSource database, IKeyWrapper master, TimeProvider clock)
{
    internal const string ForgottenChannel = "ih_forgotten";

    private static readonly TimeSpan CachedFor = TimeSpan.FromMinutes(1);

    /// <summary>A batch passes through with a subject each row, and needs each for seconds.</summary>
    private const int MostCached = 10_000;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, (byte[]? Key, DateTimeOffset Until)> _cache = new(StringComparer.Ordinal);
    private int _evictions;

    /// <summary>
    /// Destroys a subject's key: everything encrypted for it is unreadable from now on, in every past view too. Other processes drop
    /// their copy when they hear of it, at the latest when its minute in the cache is over.
    /// </summary>
    /// <returns>Whether there was a key to destroy.</returns>
    public async Task<bool> Forget(string subject, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand("select ih_forget($1, $2, $3, $4)");
        command.Parameters.AddWithValue(new[] { subject });
        command.Parameters.AddWithValue(master.KeyId);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(ForgottenChannel);
        var existed = await command.ExecuteScalarAsync(ct) is > 0;
        Evict(subject);
        return existed;
    }

    /// <summary>
    /// The same for all the ids that a person is a subject under, in the commit of a unit of work: with what else it erases
    /// (<see cref="Erasures"/>), and counted as that.
    /// </summary>
    public void Forget(SqlQueue sql, Guid person, IEnumerable<Guid> subjects)
    {
        var (all, now) = (subjects.Append(person).Distinct().ToArray(), clock.GetUtcNow());
        Erasures.Count(
            sql, person, "keys", now, "select ih_forget($1, $2, $3, $4) as items", all.Select(id => id.ToString()).ToArray(), master.KeyId, now, ForgottenChannel);
        sql.Execute("insert into keys.erased_subjects (person, subject) select $1, unnest($2) on conflict do nothing", person, all);
    }

    /// <summary>Encrypts what a service keeps of a subject outside of the events, so that forgetting the subject reaches it.</summary>
    /// <param name="subject">Whose it is.</param>
    /// <param name="clear">What to keep.</param>
    /// <param name="context">What it is: it opens as nothing else.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What to store, or null when the subject is forgotten.</returns>
    public async Task<byte[]?> Seal(string subject, ReadOnlyMemory<byte> clear, string context, CancellationToken ct = default) =>
        (await Seal([(subject, clear)], context, ct))[0];

    /// <summary>The same for many, in one round trip.</summary>
    public async Task<IReadOnlyList<byte[]?>> Seal(
        IReadOnlyList<(string Subject, ReadOnlyMemory<byte> Clear)> all, string context, CancellationToken ct = default)
    {
        var keys = await ToWrite([.. all.Select(one => one.Subject)], ct);
        return [.. all.Select(one => keys[one.Subject] is { } key ? Sealed.Close(key, one.Clear.Span, $"{context} {one.Subject}") : null)];
    }

    /// <summary>What <see cref="Seal(string, ReadOnlyMemory{byte}, string, CancellationToken)"/> was given, or null when the subject is forgotten.</summary>
    public async Task<byte[]?> Open(string subject, ReadOnlyMemory<byte> box, string context, CancellationToken ct = default) =>
        (await Open([(subject, box)], context, ct))[0];

    /// <summary>The same for many, in one round trip.</summary>
    public async Task<IReadOnlyList<byte[]?>> Open(
        IReadOnlyList<(string Subject, ReadOnlyMemory<byte> Box)> all, string context, CancellationToken ct = default)
    {
        var keys = await ToRead([.. all.Select(one => one.Subject)], ct);
        return [.. all.Select(one => keys[one.Subject] is { } key ? Sealed.Open(key, one.Box.Span, $"{context} {one.Subject}") : null)];
    }

    /// <summary>Wraps anew every key that a former master key wrapped, a batch at a time while others read and write.</summary>
    /// <returns>How many there were; the former master key is of no use from then on.</returns>
    public async Task<int> Rewrap(CancellationToken ct = default)
    {
        for (var done = 0; ;)
        {
            var wrapped = new List<(string Subject, byte[] Key)>();
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using (var select = new NpgsqlCommand(
                """
                select subject, wrapped_key from keys.subject_keys
                where master_key_id <> $1 and wrapped_key is not null order by subject limit 500 for update
                """, connection, transaction))
            {
                select.Parameters.AddWithValue(master.KeyId);
                await using var reader = await select.ExecuteReaderAsync(ct);
                while (await reader.ReadAsync(ct))
                {
                    var subject = reader.GetString(0);
                    wrapped.Add((subject, master.Wrap(master.Unwrap(reader.GetFieldValue<byte[]>(1), subject), subject)));
                }
            }

            if (wrapped.Count == 0)
                return done;
            await using var update = new NpgsqlCommand(
                """
                update keys.subject_keys s set wrapped_key = n.k, master_key_id = $3
                from unnest($1, $2) as n(s, k) where s.subject = n.s
                """, connection, transaction);
            update.Parameters.AddWithValue(wrapped.ConvertAll(key => key.Subject).ToArray());
            update.Parameters.AddWithValue(wrapped.ConvertAll(key => key.Key).ToArray());
            update.Parameters.AddWithValue(master.KeyId);
            await update.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            done += wrapped.Count;
        }
    }

    /// <summary>Drops the cached key of a subject, or of all.</summary>
    internal void Evict(string? subject)
    {
        lock (_gate)
        {
            _evictions++;
            if (subject is null)
                _cache.Clear();
            else
                _cache.TryRemove(subject, out _);
        }
    }

    /// <summary>The keys to read with; a subject without one, or an erased one, has none.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, byte[]?>> ToRead(IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        var found = FromCache(subjects, out var missing);
        if (missing.Count > 0)
        {
            await using var command = database.CreateCommand(
                "select subject, wrapped_key from keys.subject_keys where subject = any($1) and wrapped_key is not null");
            command.Parameters.AddWithValue(missing.ToArray());
            await Load(command, found, ct);
            foreach (var subject in missing)
                found.TryAdd(subject, null);
        }

        return found;
    }

    /// <summary>The keys to write with, made where there is none yet. An erased subject gets none: what is written for it is erased at once.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, byte[]?>> ToWrite(IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        var found = FromCache(subjects, out var missing);
        if (missing.Count > 0)
        {
            // One statement whichever of two writers comes first: the loser reads the winner's key.
            await using var command = database.CreateCommand(
                """
                insert into keys.subject_keys (subject, master_key_id, wrapped_key, created_at)
                select s, $3, k, $4 from unnest($1, $2) as new(s, k) order by s
                on conflict (subject) do update set subject = excluded.subject
                returning subject, wrapped_key
                """);
            command.Parameters.AddWithValue(missing.ToArray());
            command.Parameters.AddWithValue(missing.Select(s => master.Wrap(RandomNumberGenerator.GetBytes(32), s)).ToArray());
            command.Parameters.AddWithValue(master.KeyId);
            command.Parameters.AddWithValue(clock.GetUtcNow());
            await Load(command, found, ct);
        }

        return found;
    }

    private Dictionary<string, byte[]?> FromCache(IReadOnlyCollection<string> subjects, out List<string> missing)
    {
        var found = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        missing = [];
        var now = clock.GetUtcNow();
        foreach (var subject in subjects.Distinct(StringComparer.Ordinal))
        {
            if (_cache.TryGetValue(subject, out var entry) && entry.Until > now)
                found[subject] = entry.Key;
            else
                missing.Add(subject);
        }

        return found;
    }

    private async Task Load(NpgsqlCommand command, Dictionary<string, byte[]?> found, CancellationToken ct)
    {
        var evictions = Volatile.Read(ref _evictions);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var until = clock.GetUtcNow() + CachedFor;
        while (await reader.ReadAsync(ct))
        {
            var subject = reader.GetString(0);
            var key = await reader.IsDBNullAsync(1, ct) ? null : master.Unwrap(reader.GetFieldValue<byte[]>(1), subject);
            found[subject] = key;
            lock (_gate)
            {
                // A key that was read before a subject was forgotten is not kept beyond it.
                if (evictions != _evictions)
                    continue;
                if (_cache.Count > MostCached)
                    _cache.Clear();
                _cache[subject] = (key, until);
            }
        }
    }
}
