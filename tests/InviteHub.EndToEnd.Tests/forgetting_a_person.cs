using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Testing;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>
/// People who are known by values that nobody else has come in by every way and leave something everywhere; then they are anonymized, and all
/// databases, the broker's files, the logs and the traces are searched for these values.
/// </summary>
[Collection(Collection)]
public sealed class forgetting_a_person(RunningApplication app)
{
    private const string Email = "canary-7f3e@forget.example";
    private const string Second = "canary-8a4d@forget.example";
    private static readonly string[] Canaries =
        ["canary-7f3e", "canary-8a4d", "Zebulonia", "Quxworthy", "46701239871", "19640823", "LMA-CANARY-77", "Zygender", "zq-username", "My canary reason", "Canary competence"];

    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    [Trait("Feature", "GDP-04")]
    [Trait("Feature", "GDP-05")]
    public async Task leaves_nothing_of_them_anywhere()
    {
        var admin = await app.AdminToken();
        var (north, south) = (await app.Business(admin, seats: 3, "North"), await app.Business(admin, seats: 3, "South"));
        var person = await ComesIn(north, south, admin);
        var second = await IsImported(admin);

        // What is searched finds them before: else it proves nothing.
        var before = await Dumps();
        Canaries.Where(canary => before.All(dump => Around(dump.Text, canary) is null)).ShouldBeEmpty();

        var certificate = await Anonymize(person, Email, admin);
        await Anonymize(second, Second, admin);

        Text(certificate, "statement").ShouldContain("identity erased");
        (await app.Seats(north.Subscription, admin)).ShouldBe((0, 0, 3));
        (await app.Seats(south.Subscription, admin)).ShouldBe((0, 0, 3));
        (await app.Send(HttpMethod.Post, "/session", new { email = Email, password = "correct horse battery staple" })).Status.ShouldBe(HttpStatusCode.Unauthorized);

        IEnumerable<(string Name, string Text)> places =
        [
            .. await Dumps(), .. Files(), ("the output", string.Join('\n', app.Output)),
            .. app.Traces.Spans.Select(span => ($"a span of {span.Service}", span.Text)),
        ];
        (from place in places
         from canary in Canaries
         let around = Around(place.Text, canary)
         where around is not null
         select $"{canary} in {place.Name}: {around}").ShouldBeEmpty();

        // The address is free, and whoever has it now is somebody else.
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(north, Email), admin);
    }

    /// <summary>Which service stands still, so that the saga waits at its step, and which one is killed there.</summary>
    public static TheoryData<string, string> Steps => new()
    {
        { "notifications", "notifications" }, // asked for the last message
        { "notifications", "identity" },
        { "invitations", "invitations" }, // asked to erase
        { "invitations", "identity" },
        { "subscriptions", "subscriptions" },
        { "subscriptions", "notifications" },
        { "subscriptions", "identity" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    [Trait("Feature", "GDP-03")]
    public async Task ends_once_when_a_service_is_killed_at_any_step(string frozen, string killed)
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var email = $"{frozen}-{killed}@forget.example";
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, email), admin);
        var session = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{Token(await app.Mail(email))}", Form);
        var id = (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text(session, "accessToken")))["id"]!.GetValue<Guid>();
        var (frozenId, killedId) = (await app.ProcessId(frozen), await app.ProcessId(killed));

        Signal(frozenId, "STOP");
        await app.Expect(HttpStatusCode.Accepted, HttpMethod.Post, $"/users/{id}/anonymization", new { email }, admin);
        await Task.Delay(TimeSpan.FromMilliseconds(700));
        Signal(killedId, "KILL");
        if (frozen != killed)
            Signal(frozenId, "CONT");
        await app.Back(killed, killedId);

        var state = await Completed(id, admin);
        state["steps"]!.AsArray().Select(step => Text(step!, "service")).ShouldBe(
            ["sessions", "message", "invitations", "subscriptions", "notifications", "identity"]);
        state["steps"]!.AsArray().ShouldAllBe(step => Text(step!, "status") != "waiting");
        (await app.Seats(business.Subscription, admin)).ShouldBe((0, 0, 2));
        (await app.Mails(email)).Count(mail => !Text(mail, "text").Contains("/registrations/")).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task ends_for_a_thousand_at_once()
    {
        const int Many = 1000;
        var admin = await app.AdminToken();
        await Upload(
            "/users/import",
            "email,firstName,lastName\n" + string.Concat(Enumerable.Range(0, Many).Select(n => $"crowd{n}@forget.example,Crowdy,Person\n")), admin);
        var people = new Dictionary<Guid, string>();
        await Eventually.Is(
            async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/users?search=Crowdy", token: admin))["total"]!.GetValue<int>() == Many,
            "all accounts are imported", TimeSpan.FromMinutes(5));
        for (var page = 1; people.Count < Many; page++)
        {
            var some = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search=Crowdy&pageSize=200&sort=email:asc&page={page}", token: admin);
            foreach (var user in some["items"]!.AsArray())
                people.Add(Id(user!), Text(user!, "email"));
        }

        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (person, _) =>
            await app.Expect(HttpStatusCode.Accepted, HttpMethod.Post, $"/users/{person.Key}/anonymization", new { email = person.Value }, admin));

        var watch = Stopwatch.StartNew();
        foreach (var id in people.Keys)
            await Completed(id, admin, TimeSpan.FromMinutes(10) - watch.Elapsed);
        await app.ForgetMails();
    }

    /// <summary>Invited twice to one address, registers, fills in all there is, has seats and roles, stands in a batch, and asks to be removed.</summary>
    private async Task<Guid> ComesIn((Guid Organization, Guid App, Guid Subscription) north, (Guid Organization, Guid App, Guid Subscription) south, string admin)
    {
        static object Customer(Guid organization) => new
        {
            way = "customer", organizationId = organization, firstName = "Zebulonia", lastName = "Quxworthy", email = Email, emailConfirmation = Email,
            swedishCitizen = true, euCitizen = true, personalNumber = "19640823-3234", lmaNumber = "LMA-CANARY-77", phone = "+46701239871", gender = "Zygender",
        };
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Customer(north.Organization), admin);
        var token = Token(await app.Mail(Email));
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Customer(south.Organization), admin);
        var session = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{token}", Form);
        var own = Text(session, "accessToken");
        var id = (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: own))["id"]!.GetValue<Guid>();

        await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, "/me/profile", new { gender = "Zygender" }, own);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Put, "/me/identity",
            new { firstName = "Zebulonia", lastName = "Quxworthy", lmaNumber = "LMA-CANARY-77", gender = "Zygender", submit = true }, own);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/me/two-factor/authenticator", new { password = "correct horse battery staple" }, own);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/me/removal-request", new { reason = "My canary reason" }, own);

        // One seat that is theirs, and one that is kept for them.
        foreach (var business in new[] { north, south })
        {
            await Eventually.Is(
                async () => (await app.Send(HttpMethod.Post, "/invitations", new
                {
                    way = "access", organizationId = business.Organization, appId = business.App, subscriptionId = business.Subscription, role = "editor", userId = id,
                }, admin)).Status is HttpStatusCode.Created or HttpStatusCode.Conflict,
                "the account is known", TimeSpan.FromSeconds(30));
        }

        var first = (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={north.Organization}&way=access", token: admin))["items"]![0]!;
        await app.Send(HttpMethod.Post, $"/invitations/{Id(first)}/acceptance", new { }, own);
        await Eventually.Is(
            async () => await app.Seats(north.Subscription, admin) == (0, 1, 2) && await app.Seats(south.Subscription, admin) == (1, 0, 2),
            "one seat is theirs and one kept for them", TimeSpan.FromSeconds(30));

        await app.Send(HttpMethod.Put, $"/organizations/{north.Organization}/permissions/{id}", new { permissions = new[] { "member", "user_registration" } }, admin);
        await app.Send(HttpMethod.Patch, $"/organizations/{north.Organization}", new { kinds = new[] { "business", "customer", "supplier" } }, admin);
        await app.Send(HttpMethod.Put, $"/organizations/{north.Organization}/professionals/{id}", new { languages = new[] { "sv" }, competences = new[] { "Canary competence" } }, admin);
        await Upload($"/invitations/batches?organizationId={south.Organization}&way=customer&dryRun=true",
            $"email,username,firstName,lastName,phone\n{Email},zq-username,Zebulonia,Quxworthy,+46701239871\n", admin);
        return id;
    }

    /// <summary>Comes by a file, and is invited by SMS to an account that waits for its password.</summary>
    private async Task<Guid> IsImported(string admin)
    {
        await Upload("/users/import", $"email,username,firstName,lastName,phone\n{Second},zq-username,Zebulonia,Quxworthy,+46701239871\n", admin);
        Guid? id = null;
        await Eventually.Is(
            async () =>
            {
                var found = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search={Second}", token: admin);
                id = found["total"]!.GetValue<int>() == 1 ? Id(found["items"]![0]!) : null;
                return id is not null;
            },
            "the account is imported", TimeSpan.FromSeconds(30));
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/users/invitations", new { userIds = new[] { id!.Value }, channel = "sms" }, admin);
        await Eventually.Is(
            async () => Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search={Second}", token: admin) is { } page ? page["items"]![0]! : new JsonObject(), "invitationStatus") == "invited",
            "the message went out", TimeSpan.FromSeconds(30));
        return id.Value;
    }

    private async Task<JsonNode> Anonymize(Guid id, string email, string admin)
    {
        await app.Expect(HttpStatusCode.Accepted, HttpMethod.Post, $"/users/{id}/anonymization", new { email }, admin);
        return (await Completed(id, admin))["certificate"]!;
    }

    private async Task<JsonNode> Completed(Guid id, string admin, TimeSpan? within = null)
    {
        JsonNode state = new JsonObject();
        await Eventually.Is(
            async () =>
            {
                var answer = await app.Send(HttpMethod.Get, $"/users/{id}/anonymization", token: admin);
                state = answer.Body;
                return answer.Status == HttpStatusCode.OK && Text(state, "status") == "completed";
            },
            $"{id} is anonymized", within ?? TimeSpan.FromMinutes(3));
        return state;
    }

    private async Task Upload(string path, string csv, string admin)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, $"/api/v1{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        request.Content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>All databases as plain text.</summary>
    private async Task<IReadOnlyList<(string Name, string Text)>> Dumps()
    {
        var folder = app.Environment["INVITEHUB_DATA"];
        var port = (await File.ReadAllLinesAsync(Directory.EnumerateFiles(folder, "postmaster.pid", SearchOption.AllDirectories).Single()))[3];
        var dumps = new List<(string, string)>();
        foreach (var role in new[] { "identity", "invitations", "subscriptions", "notifications", "keyring" })
        {
            var start = new ProcessStartInfo("pg_dump", ["-h", "127.0.0.1", "-p", port, "-U", role, $"{role}db"]) { RedirectStandardOutput = true, UseShellExecute = false };
            start.Environment["PGPASSWORD"] = await File.ReadAllTextAsync(
                Directory.EnumerateFiles(folder, $"*{role}db-password", SearchOption.AllDirectories).Single());
            using var dump = Process.Start(start)!;
            dumps.Add(($"the database of {role}", await dump.StandardOutput.ReadToEndAsync()));
            await dump.WaitForExitAsync();
            dump.ExitCode.ShouldBe(0);
        }

        return dumps;
    }

    /// <summary>What the broker keeps, and every log but those of the inboxes, which are where the people's own mail is on this machine.</summary>
    private IEnumerable<(string Name, string Text)> Files() =>
        from path in Directory.EnumerateFiles(app.Environment["INVITEHUB_DATA"], "*", SearchOption.AllDirectories)
        where path.Contains("messaging", StringComparison.Ordinal) || path.Contains("/logs/", StringComparison.Ordinal)
        where !Path.GetFileName(path).StartsWith("maildev", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("sms", StringComparison.Ordinal)
        let text = Read(path)
        where text is not null
        select (path, text);

    private static string? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            // The broker tidies up meanwhile.
            return null;
        }
    }

    private static string? Around(string text, string canary)
    {
        var at = text.IndexOf(canary, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : text.Substring(Math.Max(0, at - 120), Math.Min(300, text.Length - Math.Max(0, at - 120)));
    }
}
