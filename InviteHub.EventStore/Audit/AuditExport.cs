using System.Data;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore.Audit;

/// <summary>What to export: the streams that are named, tell of all that is named, and have events in the period; each part may be left out.</summary>
/// <param name="Streams">Ids of streams.</param>
/// <param name="About">Ids of people and organizations: their own streams, and those with an event that names them.</param>
/// <param name="From">The first instant of the period.</param>
/// <param name="To">The first instant behind it.</param>
public sealed record ExportSelection(
    IReadOnlyList<string>? Streams = null, IReadOnlyList<Guid>? About = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>What an export says of itself; <c>docs/export-format.md</c> specifies it.</summary>
/// <param name="Format">Always <see cref="AuditExport.Format"/>.</param>
/// <param name="ExportedAt">When, in UTC.</param>
/// <param name="Selection">What was asked for.</param>
/// <param name="PublicKey">In PEM; it proves something only when it equals one that was had in another way.</param>
/// <param name="Files">The other files, with their hashes.</param>
/// <param name="Streams">The streams, in the order of their events.</param>
public sealed record ExportManifest(
    string Format, DateTimeOffset ExportedAt, ExportSelection? Selection, string PublicKey, IReadOnlyList<ExportedFile> Files,
    IReadOnlyList<ExportedStream> Streams);

/// <summary>A file of an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">Its SHA-256 in hex.</param>
public sealed record ExportedFile(string Name, string Sha256);

/// <summary>A stream of an export, or the piece of one that a period holds: without a gap.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Stream">The stream's id.</param>
/// <param name="First">The version of its first event here.</param>
/// <param name="Before">The hash of the event before that, in hex; empty where there is none.</param>
/// <param name="Events">How many events are here.</param>
/// <param name="Head">The hash of the last one, in hex.</param>
/// <param name="LastSigned">The last of them that was signed as a head at the end of a day, if there is one.</param>
public sealed record ExportedStream(string Tenant, string Stream, long First, string Before, long Events, string Head, SignedHead? LastSigned);

/// <summary>A stream's head as it was signed with all others of a day.</summary>
/// <param name="Day">The day (UTC).</param>
/// <param name="Version">The stream's last version then.</param>
/// <param name="Hash">Its hash, in hex.</param>
public sealed record SignedHead(DateOnly Day, long Version, string Hash);

/// <summary>A line of <see cref="AuditExport.Events"/>: what is hashed behind the hash before it, and the hash.</summary>
/// <param name="Text">Ten lines: tenant, stream, version, id, type, microseconds, correlation, causation, headers, data.</param>
/// <param name="Hash">In hex.</param>
internal sealed record ExportedEvent(string Text, string Hash);

/// <summary>
/// Writes streams as auditors take them away (LOG-04): every event exactly as its hash covers it, so that the chain can be computed without
/// InviteHub. Personal data is the ciphertext that is stored: erasing a person leaves an export whole, and an export tells nothing of a person.
/// </summary>
public sealed class AuditExport(NpgsqlDataSource database, SignedHeads heads, TimeProvider clock)
{
    /// <summary>The name of the format, with its version.</summary>
    public const string Format = "invitehub export v1";

    internal const string Manifest = "manifest.json";
    internal const string Signature = "manifest.sig";
    internal const string Events = "events.ndjson";
    internal const string Table = "events.csv";

    // The piece of each stream from its first event in the period to its last one. A stream of a person or an organization is named for them,
    // is in their tenant, or has an event with their id, which no event encrypts.
    private const string Chosen =
        """
        with chosen as materialized (
            select s.tenant_id, s.id, v.first, v.last
            from mt_streams s
            cross join lateral (
                select min(e.version) as first, max(e.version) as last from mt_events e
                where e.tenant_id = s.tenant_id and e.stream_id = s.id and e.timestamp >= $3 and e.timestamp < $4) v
            where v.first is not null and ($1::varchar[] is null or s.id = any($1))
              and not exists (
                select from unnest($2::varchar[]) who
                where s.tenant_id <> who and s.id not like '%-' || who and not exists (
                    select from mt_events e
                    where e.tenant_id = s.tenant_id and e.stream_id = s.id and strpos(e.data::text, who) > 0)))
        """;

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>Writes an export as a ZIP file.</summary>
    /// <param name="selection">What to export.</param>
    /// <param name="to">Where to.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many streams are in it.</returns>
    public async Task<int> Write(ExportSelection selection, Stream to, CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        // All parts see the same events.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        ExportedFile[] files =
        [
            await Entry(zip, Events, header: "", Lines(selection, connection, ct), ct),
            await Entry(zip, Table, "tenant,stream,version,id,type,at,by,correlation,causation,data,hash\r\n", Rows(selection, connection, ct), ct),
        ];
        var streams = await Streams(selection, connection, ct);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new ExportManifest(Format, clock.GetUtcNow(), selection, await heads.PublicKey(ct), files, streams), Indented);
        await Add(zip, Manifest, manifest, ct);
        await Add(zip, Signature, await heads.Sign(manifest, ct), ct);
        return streams.Count;
    }

    private static async Task Add(ZipArchive zip, string name, byte[] content, CancellationToken ct)
    {
        await using var file = await zip.CreateEntry(name).OpenAsync(ct);
        await file.WriteAsync(content, ct);
    }

    private static async Task<ExportedFile> Entry(ZipArchive zip, string name, string header, IAsyncEnumerable<string> lines, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = await zip.CreateEntry(name).OpenAsync(ct);
        await Put(header);
        await foreach (var line in lines)
            await Put(line);
        return new(name, Convert.ToHexStringLower(hash.GetHashAndReset()));

        async Task Put(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(bytes);
            await file.WriteAsync(bytes, ct);
        }
    }

    private static async IAsyncEnumerable<string> Lines(ExportSelection selection, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Ask(selection, connection,
            "ih_event_text(e.tenant_id, e.stream_id, e.version, e.id, e.type, e.timestamp, e.correlation_id, e.causation_id, e.headers, e.data), coalesce(encode(e.hash, 'hex'), '')");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return JsonSerializer.Serialize(new ExportedEvent(reader.GetString(0), reader.GetString(1)), Json) + '\n';
    }

    private static async IAsyncEnumerable<string> Rows(ExportSelection selection, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Ask(selection, connection,
            """
            e.tenant_id, e.stream_id, e.version::text, e.id::text, e.type, to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            e.headers ->> 'user_id', e.correlation_id, e.causation_id, e.data::text, encode(e.hash, 'hex')
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(n => Cell(reader.IsDBNull(n) ? "" : reader.GetString(n)))) + "\r\n";
    }

    // RFC 4180; what a spreadsheet would take for a formula is a text to it (SEC-04).
    private static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task<IReadOnlyList<ExportedStream>> Streams(ExportSelection selection, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = Ask(selection, connection,
            """
            e.tenant_id, e.stream_id, c.first, coalesce(encode(b.hash, 'hex'), ''), c.last - c.first + 1, coalesce(encode(e.hash, 'hex'), ''),
            h.day, h.version, encode(h.hash, 'hex')
            """,
            """
            and e.version = c.last
            left join mt_events b on b.tenant_id = c.tenant_id and b.stream_id = c.id and b.version = c.first - 1
            left join lateral (
                select day, version, hash from audit.stream_heads h
                where h.tenant_id = c.tenant_id and h.stream_id = c.id and h.version between c.first and c.last
                order by h.version desc limit 1) h on true
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var streams = new List<ExportedStream>();
        while (await reader.ReadAsync(ct))
        {
            streams.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4), reader.GetString(5),
                await reader.IsDBNullAsync(6, ct) ? null : new(reader.GetFieldValue<DateOnly>(6), reader.GetInt64(7), reader.GetString(8))));
        }

        return streams;
    }

    private static NpgsqlCommand Ask(ExportSelection selection, NpgsqlConnection connection, string columns, string joins = "") => new(
        $"""
        {Chosen}
        select {columns}
        from chosen c
        join mt_events e on e.tenant_id = c.tenant_id and e.stream_id = c.id and e.version between c.first and c.last {joins}
        order by c.tenant_id collate "C", c.id collate "C", e.version
        """, connection)
    {
        // An auditor's question may be about everything there is.
        CommandTimeout = 0,
        Parameters =
        {
            new() { Value = selection.Streams is { Count: > 0 } streams ? streams.ToArray() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
            new() { Value = (selection.About ?? []).Select(id => id.ToString()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
            new() { Value = selection.From?.ToUniversalTime() ?? DateTimeOffset.MinValue, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = selection.To?.ToUniversalTime() ?? DateTimeOffset.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };
}
