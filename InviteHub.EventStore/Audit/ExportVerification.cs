using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace InviteHub.EventStore.Audit;

/// <summary>Something in an export that is not as it was exported.</summary>
/// <param name="Code">What kind: <c>unreadable</c>, <c>signature</c>, <c>file</c>, <c>chain</c>, <c>head</c>, <c>stream</c>.</param>
/// <param name="Detail">What is wrong, for people.</param>
/// <param name="Stream">The stream, when it is about one.</param>
/// <param name="Version">The first version that is not as it was, when it is about one.</param>
public sealed record ExportFinding(string Code, string Detail, string? Stream = null, long? Version = null);

/// <summary>What was looked at, and what was found.</summary>
/// <param name="Streams">How many streams.</param>
/// <param name="Events">How many events.</param>
/// <param name="KeyIsKnown">Whether the signature was checked with a key that does not come from the export itself.</param>
/// <param name="Findings">What is not as it was exported; empty when all is.</param>
public sealed record ExportVerdict(int Streams, long Events, bool KeyIsKnown, IReadOnlyList<ExportFinding> Findings);

/// <summary>Checks an export with nothing but the export, and for proof of where it comes from, a public key (LOG-03, LOG-04).</summary>
public static class ExportVerification
{
    /// <summary>Checks the signature, the files' hashes, and every stream's chain from its first event to its head.</summary>
    /// <param name="export">The ZIP file.</param>
    /// <param name="publicKey">In PEM, had in another way than with the export; without it, whoever made the export anew is not found.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ExportVerdict> Verify(Stream export, string? publicKey = null, CancellationToken ct = default)
    {
        var check = new Check(publicKey);
        try
        {
            await using var zip = await ZipArchive.CreateAsync(export, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
            await check.Whole(zip, ct);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or CryptographicException or ArgumentException or FormatException)
        {
            check.Found.Add(new("unreadable", $"This is no whole export: {e.Message}"));
        }

        return new(check.Streams, check.Events, publicKey is not null, check.Found);
    }

    private sealed class Check(string? publicKey)
    {
        private readonly Dictionary<(string Tenant, string Stream), Chain> _chains = [];
        private readonly HashSet<(string Tenant, string Stream)> _extra = [];

        public List<ExportFinding> Found { get; } = [];

        public int Streams => _chains.Count;

        public long Events { get; private set; }

        public async Task Whole(ZipArchive zip, CancellationToken ct)
        {
            var bytes = await Content(zip, AuditExport.Manifest, ct);
            var manifest = JsonSerializer.Deserialize<ExportManifest>(bytes, AuditExport.Json);
            if (manifest is not { Format: AuditExport.Format, Files: not null, Streams: not null, PublicKey: not null })
                throw new InvalidDataException($"the manifest is not of the format '{AuditExport.Format}'.");

            using var key = ECDsa.Create();
            key.ImportFromPem(publicKey ?? manifest.PublicKey);
            if (!key.VerifyData(bytes, await Content(zip, AuditExport.Signature, ct), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                Found.Add(new("signature", "The manifest is not as it was signed, or was signed with another key."));

            foreach (var stream in manifest.Streams)
                _chains[(stream.Tenant, stream.Stream)] = new(stream);
            await Lines(zip, ct);
            foreach (var chain in _chains.Values)
                Found.AddRange(chain.Whole());
            foreach (var file in manifest.Files)
                await Compare(zip, file, ct);
            Found.AddRange(zip.Entries.Select(entry => entry.FullName)
                .Except(manifest.Files.Select(file => file.Name).Concat([AuditExport.Manifest, AuditExport.Signature]), StringComparer.Ordinal)
                .Select(extra => new ExportFinding("file", $"{extra} is not in the manifest.")));
        }

        private async Task Compare(ZipArchive zip, ExportedFile expected, CancellationToken ct)
        {
            await using var file = await Open(zip, expected.Name, ct);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)) != expected.Sha256)
                Found.Add(new("file", $"{expected.Name} is not the file that the manifest was made for."));
        }

        private static async Task<byte[]> Content(ZipArchive zip, string name, CancellationToken ct)
        {
            await using var file = await Open(zip, name, ct);
            using var content = new MemoryStream();
            await file.CopyToAsync(content, ct);
            return content.ToArray();
        }

        private static Task<Stream> Open(ZipArchive zip, string name, CancellationToken ct) =>
            (zip.GetEntry(name) ?? throw new InvalidDataException($"{name} is missing.")).OpenAsync(ct);

        private async Task Lines(ZipArchive zip, CancellationToken ct)
        {
            await using var file = await Open(zip, AuditExport.Events, ct);
            using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            for (var n = 1L; await reader.ReadLineAsync(ct) is { } line; n++)
                Line(n, line);
        }

        private void Line(long number, string line)
        {
            Events++;
            var happened = Parsed(line);
            if (happened?.Text.Split('\n') is not [var tenant, var stream, var version, _, _, _, _, _, _, _]
                || Text(tenant) is not { } t || Text(stream) is not { } s || !long.TryParse(version, out var v))
            {
                Found.Add(new("chain", $"Line {number} of {AuditExport.Events} is no event."));
                return;
            }

            if (_chains.TryGetValue((t, s), out var chain))
            {
                if (chain.Follows(v, happened) is { } wrong)
                    Found.Add(new("chain", wrong, s, v));
            }
            else if (_extra.Add((t, s)))
            {
                Found.Add(new("stream", "The stream is not in the manifest.", s, v));
            }
        }

        private static ExportedEvent? Parsed(string line)
        {
            try
            {
                return JsonSerializer.Deserialize<ExportedEvent>(line, AuditExport.Json) is { Text: not null, Hash: not null } happened ? happened : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        private static string? Text(string json)
        {
            try
            {
                return JsonSerializer.Deserialize<string>(json);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    private sealed class Chain(ExportedStream expected)
    {
        private bool _isBroken;
        private long _version = expected.First - 1;
        private string _head = expected.Before;
        private string? _signed;

        /// <summary>Takes one more event; says what is wrong with the first that does not follow.</summary>
        public string? Follows(long version, ExportedEvent happened)
        {
            // Of what stands behind a broken event nothing is known.
            var wrong = _isBroken ? null
                : version != _version + 1 ? $"Event {_version + 1} is missing, or the events are in another order."
                : Hash(happened.Text) != happened.Hash ? "The event was changed, or it does not follow the one before it."
                : null;
            _isBroken |= wrong is not null;
            (_version, _head) = (version, happened.Hash);
            if (version == expected.LastSigned?.Version)
                _signed = happened.Hash;
            return wrong;
        }

        /// <summary>What is wrong once all events are taken.</summary>
        public IEnumerable<ExportFinding> Whole()
        {
            var last = expected.First + expected.Events - 1;
            if (_version != last || _head != expected.Head)
                yield return new("head", $"The stream does not end with event {last} as the manifest says.", expected.Stream, last);
            if (expected.LastSigned is { } signed && _signed != signed.Hash)
                yield return new("head", $"The event is not the one whose hash was signed on {signed.Day:yyyy-MM-dd}.", expected.Stream, signed.Version);
        }

        private string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(_head), .. Encoding.UTF8.GetBytes(text)]));
    }
}
