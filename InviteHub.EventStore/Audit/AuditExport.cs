using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace InviteHub.EventStore.Audit;

/// <summary>What an export says of itself; <c>docs/export-format.md</c> specifies it.</summary>
/// <param name="Format">Always <see cref="AuditExport.Format"/>.</param>
/// <param name="ExportedAt">When, in UTC.</param>
/// <param name="PublicKey">In PEM; it proves something only when it equals one that was had in another way.</param>
/// <param name="Files">The other files, with their hashes.</param>
/// <param name="Streams">The streams, in the order of their events.</param>
public sealed record ExportManifest(
    string Format, DateTimeOffset ExportedAt, string PublicKey, IReadOnlyList<ExportedFile> Files, IReadOnlyList<ExportedStream> Streams);

/// <summary>A file of an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">Its SHA-256 in hex.</param>
public sealed record ExportedFile(string Name, string Sha256);

/// <summary>A stream of an export, whole from its first event on.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Stream">The stream's id.</param>
/// <param name="Events">How many events it had.</param>
/// <param name="Head">The hash of the last one, in hex.</param>
/// <param name="LastSigned">The last of its heads that was signed at the end of a day, if there is one.</param>
public sealed record ExportedStream(string Tenant, string Stream, long Events, string Head, SignedHead? LastSigned);

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

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>Writes an export as a ZIP file.</summary>
    /// <param name="streams">What to export, each once.</param>
    /// <param name="to">Where to.</param>
    /// <param name="ct">Gives up.</param>
    public async Task Write(IReadOnlyList<StreamId> streams, Stream to, CancellationToken ct = default)
    {
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        var exported = new List<ExportedStream>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = await zip.CreateEntry(Events).OpenAsync(ct))
        {
            foreach (var id in streams)
                exported.Add(await Write(id, file, hash, ct));
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new ExportManifest(
                Format, clock.GetUtcNow(), await heads.PublicKey(ct), [new(Events, Convert.ToHexStringLower(hash.GetHashAndReset()))], exported),
            Indented);
        await Add(zip, Manifest, manifest, ct);
        await Add(zip, Signature, await heads.Sign(manifest, ct), ct);
    }

    private static async Task Add(ZipArchive zip, string name, byte[] content, CancellationToken ct)
    {
        await using var file = await zip.CreateEntry(name).OpenAsync(ct);
        await file.WriteAsync(content, ct);
    }

    private async Task<ExportedStream> Write(StreamId id, Stream file, IncrementalHash all, CancellationToken ct)
    {
        var (events, head) = (0L, "");
        await using (var command = database.CreateCommand(
            """
            select ih_event_text(tenant_id, stream_id, version, id, type, timestamp, correlation_id, causation_id, headers, data), encode(hash, 'hex')
            from mt_events where tenant_id = $1 and stream_id = $2 order by version
            """))
        {
            command.Parameters.AddWithValue(id.TenantId);
            command.Parameters.AddWithValue(id.Id);
            await using var reader = await command.ExecuteReaderAsync(ct);
            for (; await reader.ReadAsync(ct); events++)
            {
                head = await reader.IsDBNullAsync(1, ct) ? "" : reader.GetString(1);
                byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(new ExportedEvent(reader.GetString(0), head), Json), (byte)'\n'];
                all.AppendData(line);
                await file.WriteAsync(line, ct);
            }
        }

        await using var last = database.CreateCommand(
            "select day, version, encode(hash, 'hex') from audit.stream_heads where tenant_id = $1 and stream_id = $2 and version <= $3 order by version desc limit 1");
        last.Parameters.AddWithValue(id.TenantId);
        last.Parameters.AddWithValue(id.Id);
        last.Parameters.AddWithValue(events);
        await using var signed = await last.ExecuteReaderAsync(ct);
        return new(id.TenantId, id.Id, events, head,
            await signed.ReadAsync(ct) ? new(signed.GetFieldValue<DateOnly>(0), signed.GetInt64(1), signed.GetString(2)) : null);
    }
}
