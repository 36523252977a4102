using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore.PersonalData;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore.Audit;

/// <summary>
/// Signs the last hash of every stream once a day (LOG-03): ECDSA over P-256 with SHA-256 (FIPS 186-5), the private key wrapped by the
/// master key, beside the subjects' keys. Whoever holds the public key finds a stream that was rewritten or cut off with all its hashes
/// made right again.
/// </summary>
public sealed class SignedHeads(NpgsqlDataSource database, IKeyWrapper master, TimeProvider clock)
{
    // In the table of wrapped keys, so that rotating the master key covers it; no person has such an id.
    private const string KeyName = "audit signing key";

    /// <summary>Signs what streams have grown since the last time; once a day (UTC) however many instances try.</summary>
    /// <returns>Whether this call signed: false when the day is signed already.</returns>
    public async Task<bool> SignToday(CancellationToken ct = default)
    {
        using var key = await Key(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand("select pg_advisory_xact_lock(730, hashtext('audit.signed_heads'))", connection))
            await alone.ExecuteNonQueryAsync(ct);

        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        byte[] previous = [];
        await using (var last = new NpgsqlCommand("select day, digest from audit.signed_heads order by day desc limit 1", connection))
        await using (var reader = await last.ExecuteReaderAsync(ct))
        {
            if (await reader.ReadAsync(ct))
            {
                if (reader.GetFieldValue<DateOnly>(0) >= today)
                    return false;
                previous = reader.GetFieldValue<byte[]>(1);
            }
        }

        // Nothing is written until all is read: a transaction without an id holds up no subscription.
        var heads = new List<(string Tenant, string Stream, long Version, byte[] Hash)>();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(previous);
        await using (var grown = new NpgsqlCommand("select tenant_id, stream_id, version, hash, line from audit.new_heads()", connection))
        await using (var reader = await grown.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                heads.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
                digest.AppendData(Encoding.UTF8.GetBytes(reader.GetString(4)));
            }
        }

        var sum = digest.GetHashAndReset();
        await using var sign = new NpgsqlBatch(connection);
        sign.BatchCommands.Add(new("insert into audit.stream_heads (day, tenant_id, stream_id, version, hash) select $1, * from unnest($2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = today },
                new() { Value = heads.ConvertAll(h => h.Tenant).ToArray() },
                new() { Value = heads.ConvertAll(h => h.Stream).ToArray() },
                new() { Value = heads.ConvertAll(h => h.Version).ToArray() },
                new() { Value = heads.ConvertAll(h => h.Hash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        });
        sign.BatchCommands.Add(new("insert into audit.signed_heads (day, signed_at, heads, digest, signature) values ($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = today },
                new() { Value = now },
                new() { Value = (long)heads.Count },
                new() { Value = sum },
                new() { Value = key.SignData(Statement(today, heads.Count, sum), HashAlgorithmName.SHA256) },
            },
        });
        await sign.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The public key in PEM (RFC 7468), to be kept where the database's owner cannot reach it.</summary>
    public async Task<string> PublicKey(CancellationToken ct = default)
    {
        using var key = await Key(ct);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>
    /// Signs what is no statement about heads, an export's manifest or a certificate, in the form that OpenSSL reads (DER); whoever has the
    /// <see cref="PublicKey"/> checks it with nothing else.
    /// </summary>
    public async Task<byte[]> Sign(byte[] statement, CancellationToken ct = default)
    {
        using var key = await Key(ct);
        return key.SignData(statement, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Compares what was signed with what is there. It needs the public key alone, and memory for one row.</summary>
    /// <param name="publicKey">From <see cref="PublicKey"/>, in PEM.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<HeadFinding> Verify(string publicKey, [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(publicKey);
        var signed = new List<(DateOnly Day, long Heads, byte[] Digest, byte[] Signature)>();
        await using (var command = database.CreateCommand("select day, heads, digest, signature from audit.signed_heads order by day"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                signed.Add((reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3)));
        }

        byte[] previous = [];
        foreach (var (day, heads, digest, signature) in signed)
        {
            if (!key.VerifyData(Statement(day, heads, digest), signature, HashAlgorithmName.SHA256))
                yield return new(day, Stream: null, Version: null);
            else if (!(await Digest(day, previous, ct)).AsSpan().SequenceEqual(digest))
                yield return new(day, Stream: null, Version: null);
            previous = digest;
        }

        await using var changed = database.CreateCommand(
            """
            select h.day, h.tenant_id, h.stream_id, h.version
            from audit.stream_heads h
            left join mt_events e on e.tenant_id = h.tenant_id and e.stream_id = h.stream_id and e.version = h.version
            where e.hash is distinct from h.hash
            order by h.day, h.tenant_id, h.stream_id
            """);
        await using var rows = await changed.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            yield return new(rows.GetFieldValue<DateOnly>(0), new StreamId(rows.GetString(2), rows.GetString(1)), rows.GetInt64(3));
    }

    private static byte[] Statement(DateOnly day, long heads, byte[] digest) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"invitehub stream heads v1\n{day:yyyy-MM-dd}\n{heads}\n{Convert.ToHexStringLower(digest)}"));

    private async Task<byte[]> Digest(DateOnly day, byte[] previous, CancellationToken ct)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(previous);
        await using var command = database.CreateCommand(
            """
            select audit.head_line(tenant_id, stream_id, version, hash) from audit.stream_heads
            where day = $1 order by tenant_id collate "C", stream_id collate "C"
            """);
        command.Parameters.AddWithValue(day);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            digest.AppendData(Encoding.UTF8.GetBytes(reader.GetString(0)));
        return digest.GetHashAndReset();
    }

    private async Task<ECDsa> Key(CancellationToken ct)
    {
        if (await Wrapped(ct) is not { } wrapped)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await using var insert = database.CreateCommand(
                """
                insert into keys.subject_keys (subject, master_key_id, wrapped_key, created_at) values ($1, $2, $3, $4)
                on conflict (subject) do nothing
                """);
            insert.Parameters.AddWithValue(KeyName);
            insert.Parameters.AddWithValue(master.KeyId);
            insert.Parameters.AddWithValue(master.Wrap(made.ExportPkcs8PrivateKey(), KeyName));
            insert.Parameters.AddWithValue(clock.GetUtcNow());
            await insert.ExecuteNonQueryAsync(ct);
            // Another instance's, when it was first.
            wrapped = await Wrapped(ct) ?? throw new InvalidOperationException($"the {KeyName} was erased");
        }

        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(master.Unwrap(wrapped, KeyName), out _);
        return key;
    }

    private async Task<byte[]?> Wrapped(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select wrapped_key from keys.subject_keys where subject = $1");
        command.Parameters.AddWithValue(KeyName);
        return await command.ExecuteScalarAsync(ct) as byte[];
    }
}

/// <summary>Something that is not as it was signed.</summary>
/// <param name="Day">The day whose signature says so.</param>
/// <param name="Stream">The stream whose signed event was changed or removed; null when it is the record of the day itself.</param>
/// <param name="Version">The version that was signed as the stream's last.</param>
public sealed record HeadFinding(DateOnly Day, StreamId? Stream, long? Version);
