using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>Streams as auditors take them away, checked without the database.</summary>
[Trait("Feature", "LOG-04")]
public sealed class exporting_streams(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private AuditExport Exports => database.Services!.GetRequiredService<AuditExport>();

    private SignedHeads Heads => database.Services!.GetRequiredService<SignedHeads>();

    public static TheoryData<string, long> Blows => new() { { "changed", 3 }, { "removed", 4 }, { "reordered", 3 }, { "inserted", 3 }, { "truncated", 5 } };

    [Fact]
    public async Task gives_a_file_that_holds_without_the_database_also_once_a_person_is_erased()
    {
        var (one, other) = (await database.Opened(1, 2, 3), await database.Named("person-export", "Zoë \"Quoted\" \\ Å"));
        await Heads.SignToday();
        await database.Services!.GetRequiredService<SubjectKeys>().Forget("person-export");
        using var file = new MemoryStream();

        await Exports.Write([one, other], file);

        var verdict = await ExportVerification.Verify(file, await Heads.PublicKey());
        verdict.Findings.ShouldBeEmpty();
        (verdict.Streams, verdict.Events, verdict.KeyIsKnown).ShouldBe((2, 5, true));
        Encoding.UTF8.GetString(Parts(file)["events.ndjson"]).ShouldNotContain("Zoë");
        JsonNode.Parse(Parts(file)["manifest.json"])!["streams"]![0]!["lastSigned"]!["version"]!.GetValue<long>().ShouldBe(4);
    }

    [Theory, Trait("Feature", "LOG-03")]
    [MemberData(nameof(Blows))]
    public async Task finds_the_first_event_that_was(string blow, long at)
    {
        var (id, other) = (await database.Opened(1, 2, 3, 4), await database.Opened(5));
        using var file = new MemoryStream();
        await Exports.Write([id, other], file);
        var parts = Parts(file);
        var lines = Encoding.UTF8.GetString(parts["events.ndjson"]).Split('\n').ToList();
        switch (blow)
        {
            case "changed": lines[2] = lines[2].Replace("amount\\\": 2", "amount\\\": 900", StringComparison.Ordinal); break;
            case "removed": lines.RemoveAt(2); break;
            case "reordered": (lines[2], lines[3]) = (lines[3], lines[2]); break;
            case "inserted": lines.Insert(3, lines[2]); break;
            default: lines.RemoveAt(4); break;
        }

        parts["events.ndjson"] = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        // Whoever changes the file makes its hash in the manifest right, and can't sign that.
        var manifest = JsonNode.Parse(parts["manifest.json"])!;
        manifest["files"]![0]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(parts["events.ndjson"]));
        parts["manifest.json"] = JsonSerializer.SerializeToUtf8Bytes(manifest);
        using var changed = Packed(parts);

        var findings = (await ExportVerification.Verify(changed)).Findings;

        findings.ShouldContain(finding => finding.Code == "signature");
        findings.ShouldNotContain(finding => finding.Code == "file");
        var first = findings.First(finding => finding.Code is "chain" or "head");
        (first.Stream, blow is "reordered" or "inserted" ? at : first.Version).ShouldBe((id.Id, at));
        findings.ShouldNotContain(finding => finding.Stream == other.Id);
    }

    [Fact]
    public async Task finds_an_export_that_somebody_else_made_by_the_public_key_alone()
    {
        var id = await database.Opened(1);
        using var file = new MemoryStream();
        await Exports.Write([id], file);
        using var theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = Parts(file);
        var manifest = JsonNode.Parse(parts["manifest.json"])!;
        manifest["publicKey"] = theirs.ExportSubjectPublicKeyInfoPem();
        parts["manifest.json"] = JsonSerializer.SerializeToUtf8Bytes(manifest);
        parts["manifest.sig"] = theirs.SignData(parts["manifest.json"], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        using var forged = Packed(parts);

        (await ExportVerification.Verify(forged)).Findings.ShouldBeEmpty();
        (await ExportVerification.Verify(forged, await Heads.PublicKey())).Findings.ShouldHaveSingleItem().Code.ShouldBe("signature");
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("manifest.sig")]
    [InlineData("events.ndjson")]
    public async Task finds_what_is_missing_or_no_export_at_all(string missing)
    {
        using var file = new MemoryStream();
        await Exports.Write([await database.Opened(1)], file);
        var parts = Parts(file);
        parts.Remove(missing);
        using var less = Packed(parts);
        using var none = new MemoryStream("no ZIP file"u8.ToArray());

        (await ExportVerification.Verify(less)).Findings.ShouldContain(finding => finding.Code == "unreadable" && finding.Detail.Contains(missing));
        (await ExportVerification.Verify(none)).Findings.ShouldHaveSingleItem().Code.ShouldBe("unreadable");
    }

    private static Dictionary<string, byte[]> Parts(MemoryStream file)
    {
        file.Position = 0;
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        return zip.Entries.ToDictionary(
            entry => entry.Name,
            entry =>
            {
                using var part = entry.Open();
                using var content = new MemoryStream();
                part.CopyTo(content);
                return content.ToArray();
            },
            StringComparer.Ordinal);
    }

    private static MemoryStream Packed(Dictionary<string, byte[]> parts)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(content);
            }
        }

        return file;
    }
}
