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

        await Exports.Write(Named(one, other), file);

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
        await Exports.Write(Named(id, other), file);
        var parts = Parts(file);
        var lines = Encoding.UTF8.GetString(parts["events.ndjson"]).Split('\n').ToList();
        // Streams stand in the order of their ids, and two of one millisecond have any.
        var third = lines.FindIndex(line => line.Contains(id.Id, StringComparison.Ordinal)) + 2;
        switch (blow)
        {
            case "changed": lines[third] = lines[third].Replace("amount\\\": 2", "amount\\\": 900", StringComparison.Ordinal); break;
            case "removed": lines.RemoveAt(third); break;
            case "reordered": (lines[third], lines[third + 1]) = (lines[third + 1], lines[third]); break;
            case "inserted": lines.Insert(third + 1, lines[third]); break;
            default: lines.RemoveAt(third + 2); break;
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
        await Exports.Write(Named(id), file);
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
    [InlineData("events.csv")]
    public async Task finds_what_is_missing_or_no_export_at_all(string missing)
    {
        using var file = new MemoryStream();
        await Exports.Write(Named(await database.Opened(1)), file);
        var parts = Parts(file);
        parts.Remove(missing);
        using var less = Packed(parts);
        using var none = new MemoryStream("no ZIP file"u8.ToArray());

        (await ExportVerification.Verify(less)).Findings.ShouldContain(finding => finding.Code == "unreadable" && finding.Detail.Contains(missing));
        (await ExportVerification.Verify(none)).Findings.ShouldHaveSingleItem().Code.ShouldBe("unreadable");
    }

    [Fact]
    public async Task holds_the_piece_of_a_stream_that_a_period_takes_out_of_it()
    {
        var (id, other) = (await database.Opened(1, 2), await database.Opened(1));
        await database.Ask<int>("update mt_events set timestamp = '2021-01-01Z'::timestamptz + version * interval '1 day' where stream_id = $1", id.Id);
        using var file = new MemoryStream();

        await Exports.Write(new(From: DateTimeOffset.Parse("2021-01-03T00:00:00Z"), To: DateTimeOffset.Parse("2021-01-04T00:00:00Z")), file);

        var streams = JsonNode.Parse(Parts(file)["manifest.json"])!["streams"]!.AsArray();
        var stream = streams.ShouldHaveSingleItem()!;
        (stream["stream"]!.GetValue<string>(), stream["first"]!.GetValue<long>(), stream["events"]!.GetValue<long>()).ShouldBe((id.Id, 2, 1));
        stream["before"]!.GetValue<string>().Length.ShouldBe(64);
        // The instant is in the hash: the one of a stream whose clock was moved can't hold, and says so of the first event here.
        (await ExportVerification.Verify(file)).Findings.ShouldHaveSingleItem().Version.ShouldBe(2);
        Encoding.UTF8.GetString(Parts(file)["events.ndjson"]).ShouldNotContain(other.Id);
    }

    [Fact]
    public async Task holds_for_a_piece_from_the_hash_before_it_on()
    {
        var id = await database.Opened(1);
        var since = TimeProvider.System.GetUtcNow();
        await database.Credit(id, 5);
        using var file = new MemoryStream();

        await Exports.Write(new([id.Id], From: since), file);

        var verdict = await ExportVerification.Verify(file, await Heads.PublicKey());
        verdict.Findings.ShouldBeEmpty();
        (verdict.Streams, verdict.Events).ShouldBe((1, 1));
        JsonNode.Parse(Parts(file)["manifest.json"])!["streams"]![0]!["first"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public async Task finds_the_streams_that_are_of_somebody_or_name_them()
    {
        var (person, organization, account) = (NewId(), NewId(), NewId());
        var own = await database.Named(person.ToString(), "Ada");
        var theirs = StreamId.Of(Account.Category, account, organization);
        var session = database.Session();
        session.StartStream<Account, AccountEvent>(theirs).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        await session.SaveChanges();
        await database.Opened(1);

        (await Exported(person)).ShouldBe([own.Id]);
        (await Exported(organization)).ShouldBe([theirs.Id]);
        (await Exported(person, organization)).ShouldBeEmpty();
        (await Exported(account)).ShouldBe([theirs.Id]);

        async Task<string[]> Exported(params Guid[] about)
        {
            using var export = new MemoryStream();
            await Exports.Write(new(About: about), export);
            return [.. JsonNode.Parse(Parts(export)["manifest.json"])!["streams"]!.AsArray().Select(stream => stream!["stream"]!.GetValue<string>())];
        }
    }

    [Fact, Trait("Feature", "SEC-04")]
    public async Task has_a_table_for_spreadsheets_that_begins_no_formula_and_quotes_what_it_must()
    {
        var id = await database.Opened(7);
        await database.Ask<int>("update mt_events set correlation_id = '=cmd|'' /c calc''!A0' where stream_id = $1 and version = 2", id.Id);
        using var file = new MemoryStream();

        await Exports.Write(Named(id), file);

        var lines = Encoding.UTF8.GetString(Parts(file)["events.csv"]).Split("\r\n");
        lines[0].ShouldBe("tenant,stream,version,id,type,at,by,correlation,causation,data,hash");
        lines.Length.ShouldBe(4);
        lines[2].ShouldStartWith($"*DEFAULT*,{id.Id},2,");
        lines[2].ShouldContain(",'=cmd|' /c calc'!A0,");
        lines[2].ShouldContain("\"\"amount\"\": 7");
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static ExportSelection Named(params StreamId[] streams) => new([.. streams.Select(id => id.Id)]);

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
