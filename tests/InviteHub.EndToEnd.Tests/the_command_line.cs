using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>The executable <c>invitehub</c> as operators and auditors run it, against the whole application.</summary>
[Collection(Collection)]
[Trait("Feature", "API-04")]
public sealed class the_command_line(RunningApplication app) : IDisposable
{
    private static string Executable { get; } = Path.Combine(Root(), "artifacts/bin/InviteHub.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "invitehub");
    private readonly string _folder = Directory.CreateTempSubdirectory("invitehub-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task the_doctor_looks_at_every_part_and_says_what_to_do()
    {
        var well = await Run("doctor", "--json");
        well.ShouldBe(0);
        well.Json["findings"]!.AsArray().Select(finding => Text(finding!, "what"))
            .ShouldBeSubsetOf([.. Parts("identity", "subscriptions", "invitations", "notifications"), "notifications: mail", "gateway", "sign-in"]);
        well.Json["findings"]!.AsArray().Count.ShouldBe(19);

        var stranger = await RunWith([("INVITEHUB_EMAIL", "nobody@cli.example"), ("INVITEHUB_PASSWORD", "another password")], "doctor");
        stranger.ShouldBe(1);
        stranger.Out.ShouldContain("FAIL  sign-in");
        stranger.Out.ShouldContain("INVITEHUB_PASSWORD");
        stranger.Out.ShouldNotContain("another password");

        var nowhere = await Run("doctor", "--url", "http://127.0.0.1:1");
        nowhere.ShouldBe(3);
        nowhere.Error.ShouldContain("INVITEHUB_URL");

        static string[] Parts(params string[] services) =>
            [.. services.SelectMany(service => new[] { service, $"{service}: database", $"{service}: broker", $"{service}: draining" })];
    }

    [Fact]
    [Trait("Feature", "LOG-04")]
    [Trait("Feature", "LOG-03")]
    public async Task exports_of_an_organization_hold_until_a_byte_of_them_is_another_one()
    {
        var business = await app.Business(await app.AdminToken(), seats: 3);

        var exported = await Run("export", "--organization", $"{business.Organization}", "-o", _folder, "--json");

        exported.ShouldBe(0);
        var subscriptions = exported.Json.AsArray().Single(file => Text(file!, "file").Contains("invitehub-subscriptions-", StringComparison.Ordinal))!;
        subscriptions["streams"]!.GetValue<int>().ShouldBeGreaterThan(1);
        var (file, key) = (Text(subscriptions, "file"), Text(subscriptions, "publicKey"));
        var holds = await RunWith([("INVITEHUB_PASSWORD", "")], "verify", file, "--public-key", key);
        holds.ShouldBe(0);
        holds.Out.ShouldContain("all as exported");

        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            using var events = zip.GetEntry("events.ndjson")!.Open();
            events.Position = 20;
            events.WriteByte((byte)'x');
        }

        (await Run("verify", file, "--public-key", key)).ShouldBe(1);
        (await Run("verify", key)).ShouldBe(2);
        (await Run("verify", Path.Combine(_folder, "none.zip"))).ShouldBe(2);
        var nothing = await Run("export", "--user", "0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11", "-o", Path.Combine(_folder, "nothing"));
        nothing.ShouldBe(1);
        Directory.GetFiles(Path.Combine(_folder, "nothing")).ShouldBeEmpty();
        (await Run("export")).ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "LOG-02")]
    [Trait("Feature", "LOG-07")]
    public async Task replays_a_stream_and_compares_it_with_what_it_was()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 3);
        var stream = $"subscription-{business.Subscription}";
        var before = TimeProvider.System.GetUtcNow().ToString("O");
        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "cli@walk.example"), admin);

        (await Run("replay", stream, "--json")).Json["state"]!["seats"]!.AsObject().ContainsKey($"{Id(invitation)}").ShouldBeTrue();
        (await Run("replay", stream, "--at", "1", "--json")).Json["state"]!["seats"]!.AsObject().Count.ShouldBe(0);
        (await Run("replay", stream, "--at", before, "--json")).Json["version"]!.GetValue<long>().ShouldBe(1);
        var events = await Run("replay", stream, "--events");
        events.ShouldBe(0);
        events.Out.ShouldContain("subscription.seat_reserved.v1");
        (await Run("replay", "subscription-nobody")).ShouldBe(2);
        (await Run("replay", stream, "--at", "yesterday")).ShouldBe(2);

        var seats = await Run("diff", stream, "--from", before);
        seats.ShouldBe(0);
        seats.Out.ShouldContain($"+ seats.{Id(invitation)}");
        var list = await Run("diff", "--organization", $"{business.Organization}", "--from", before, "--json");
        list.Json.AsArray().Select(row => Text(row!, "streamId")).ShouldBe([$"invitation-{Id(invitation)}"]);
        (await Run("diff", "--from", before)).ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "LOG-06")]
    public async Task rebuilds_a_projection_that_it_has_listed()
    {
        await app.Business(await app.AdminToken(), seats: 1);
        var names = (await Run("rebuild", "--json")).Json.AsArray().Select(name => name!.GetValue<string>()).ToArray();
        names.ShouldContain("subscriptions.organizations.v1");

        var rebuilt = await Run("rebuild", "subscriptions.organizations.v1", "--json");
        rebuilt.ShouldBe(0);
        Text(rebuilt.Json, "status").ShouldBe("finished");
        rebuilt.Json["done"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await Run("rebuild", "subscriptions.nothing.v1")).ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "INV-20")]
    public async Task invites_those_in_a_file_and_brings_the_report()
    {
        var business = await app.Business(await app.AdminToken(), seats: null);
        var (file, report) = (Path.Combine(_folder, "people.csv"), Path.Combine(_folder, "report.csv"));
        await File.WriteAllTextAsync(file, "email,firstName,lastName,lmaNumber\none@cli.example,Ada,Ek,12345678\nnobody,Bo,Ek,12345678\n");
        string[] batch = ["batch", file, "--organization", $"{business.Organization}", "--way", "customer", "--report", report, "--json"];

        var tried = await Run([.. batch, "--dry-run"]);
        (Text(tried.Json, "status"), tried.Json["planned"]!.GetValue<long>(), tried.Json["failed"]!.GetValue<long>()).ShouldBe(("ready", 1L, 1L));
        var done = await Run(batch);

        done.ShouldBe(1);
        (Text(done.Json, "status"), done.Json["done"]!.GetValue<long>(), done.Json["failed"]!.GetValue<long>()).ShouldBe(("finished", 1L, 1L));
        (await File.ReadAllLinesAsync(report)).Length.ShouldBe(3);
        await app.Mail("one@cli.example");
    }

    [Fact]
    [Trait("Feature", "GDP-02")]
    [Trait("Feature", "GDP-04")]
    public async Task forgets_a_person_whose_address_is_typed_and_shows_the_certificate()
    {
        const string Email = "leaves@cli.example";
        var business = await app.Business(await app.AdminToken(), seats: 1);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, Email), await app.AdminToken());
        var session = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{Token(await app.Mail(Email))}",
            new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true });
        var id = $"{Id(await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text(session, "accessToken")))}";

        Refused(await Run("anonymize", id, "--email", "another@cli.example", "--json"), "email-mismatch");
        Refused(await Run("anonymize", id, "--json"), "email");
        Refused(await Run("anonymize", "0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11", "--email", Email, "--json"), "user-not-found");
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text(session, "accessToken")))["email"]!.GetValue<string>().ShouldBe(Email);

        var forgotten = await Run("anonymize", id, "--email", Email);
        forgotten.ShouldBe(0);
        forgotten.Out.ShouldContain($"person {id}");
        forgotten.Out.ShouldContain("identity erased");
        forgotten.Error.ShouldContain("Forgetting");
        (await app.Send(HttpMethod.Get, "/me", token: Text(session, "accessToken"))).Status.ShouldBe(HttpStatusCode.Unauthorized);

        // Whoever was interrupted asks again, and sees the same certificate.
        var again = await Run("anonymize", id, "--email", Email, "--json");
        again.ShouldBe(0);
        again.Error.ShouldBeEmpty();
        forgotten.Out.ShouldContain(Text(again.Json["certificate"]!, "statement"));
        Text(again.Json["certificate"]!, "signature").ShouldNotBeEmpty();

        static void Refused(Ran ran, string code)
        {
            ran.ShouldBe(2);
            Text(JsonNode.Parse(ran.Error)!, "code").ShouldBe(code);
        }
    }

    [Fact]
    public async Task completes_words_in_bash_as_the_docs_say()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Root(), "docs/command-line.md"));
        var snippet = docs.Split("## Completion")[1].Split("```")[1];

        (await Completed("invitehub ano")).ShouldBe("anonymize");
        (await Completed("invitehub diff --or")).ShouldBe("--organization");

        async Task<string> Completed(string line)
        {
            var typed = $"COMP_LINE='{line}'; COMP_POINT={line.Length}; COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))";
            var start = new ProcessStartInfo("bash", ["-c", $"{snippet}\n{typed}\n_invitehub\necho \"${{COMPREPLY[@]}}\""]) { UseShellExecute = false, RedirectStandardOutput = true };
            start.Environment["PATH"] = $"{Path.GetDirectoryName(Executable)}:{start.Environment["PATH"]}";
            using var bash = Process.Start(start)!;
            var completed = await bash.StandardOutput.ReadToEndAsync();
            await bash.WaitForExitAsync();
            return completed.Trim();
        }
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("verify")]
    [InlineData("export")]
    [InlineData("rebuild")]
    [InlineData("diff")]
    [InlineData("batch")]
    [InlineData("anonymize")]
    [InlineData("doctor")]
    public async Task explains_each_command_with_its_exit_codes_and_examples(string command)
    {
        var help = await Run(command, "--help");

        help.ShouldBe(0);
        help.Out.ShouldContain("Exit code 0:");
        help.Out.ShouldContain($"Examples:\n  invitehub {command}");
        (await Run("--help")).Out.ShouldContain($"  {command} ");
    }

    [Theory]
    [InlineData(0, "replay", "[suggest:3]", "rep")]
    [InlineData(2, "", "doctor", "--url", "somewhere")]
    [InlineData(2, "", "nonsense")]
    [InlineData(2, "", "batch", "people.csv", "--password", "secret")]
    public async Task explains_itself_completes_words_and_refuses_what_it_does_not_know(int exit, string says, params string[] arguments)
    {
        var ran = await Run(arguments);

        ran.ShouldBe(exit);
        ran.Out.ShouldContain(says);
    }

    [Fact]
    public async Task asks_nobody_for_credentials_where_nobody_is()
    {
        var ran = await RunWith([("INVITEHUB_PASSWORD", "")], "replay", "user-1", "--json");

        ran.ShouldBe(2);
        Text(JsonNode.Parse(ran.Error)!, "code").ShouldBe("not-signed-in");
    }

    private Task<Ran> Run(params string[] arguments) => RunWith([], arguments);

    private async Task<Ran> RunWith((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["INVITEHUB_URL"] = app.Address.ToString(), ["INVITEHUB_EMAIL"] = AdminEmail, ["INVITEHUB_PASSWORD"] = AdminPassword,
            },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    private sealed record Ran(int Exit, string Out, string Error)
    {
        public JsonNode Json => JsonNode.Parse(Out) ?? throw new InvalidOperationException(Error);

        public void ShouldBe(int exit) => Exit.ShouldBe(exit, $"{Out}\n{Error}");
    }
}
