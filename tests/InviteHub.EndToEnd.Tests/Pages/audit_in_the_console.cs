using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InviteHub.Testing;
using Microsoft.Playwright;
using Npgsql;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class audit_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private string Email => $"{_name}@example.org";

    [Fact]
    [Trait("Feature", "LOG-02")]
    [Trait("Feature", "LOG-03")]
    [Trait("Feature", "LOG-07")]
    public async Task of_a_stream_shows_it_at_any_version_what_changed_and_that_its_chain_holds()
    {
        var admin = await app.AdminToken();
        var id = Id(await Add(admin));
        await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/users/{id}", new { lastName = "Lagerlöf" }, admin);
        var page = await browser.OpenSignedIn(app, "/", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        var stream = page.GetByLabel("Stream", new() { Exact = true });
        await stream.FillAsync("user-00000000-0000-7000-8000-000000000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await page.GetByText("There is no stream with this id.").WaitForAsync();
        (await stream.GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await stream.FillAsync($"user-{id}");
        await stream.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = $"user-{id}" }).WaitForAsync();
        var versions = (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/audit/streams/user-{id}/verify", token: admin))["version"]!.GetValue<int>();
        await page.GetByText($"Version {versions} of {versions}").WaitForAsync();
        var state = page.GetByRole(AriaRole.Region, new() { Name = "State", Exact = true });
        (await state.TextContentAsync())!.ShouldContain("Lagerlöf");
        await page.GetByRole(AriaRole.Slider).PressAsync("ArrowLeft");
        await page.GetByText($"Version {versions - 1} of {versions}").WaitForAsync();
        (await state.TextContentAsync())!.ShouldContain("Boye");
        await ConsoleBrowser.IsAt(page, $"version={versions - 1}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.Locator("del", new() { HasText = "Boye" }).WaitForAsync();
        (await page.Locator("ins", new() { HasText = "Lagerlöf" }).CountAsync()).ShouldBe(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await page.GetByText($"The chain holds: all {versions} events are as they were appended.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByLabel("Between").SelectOptionAsync("instants");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.GetByText("Enter the earlier instant.").WaitForAsync();
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2020-01-01T00:00:01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.Locator("ins", new() { HasText = "Lagerlöf" }).WaitForAsync();
        (await page.Locator("del").CountAsync()).ShouldBe(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "user.details_changed" }).First.ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        (await panel.GetByRole(AriaRole.Region, new() { Name = "Data" }).TextContentAsync())!.ShouldContain("Lagerlöf");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "LOG-03")]
    public async Task of_a_stream_that_was_tampered_with_shows_where_its_chain_breaks()
    {
        var admin = await app.AdminToken();
        var id = Id(await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/organizations", new { name = _name, kinds = new[] { "business" } }, admin));
        foreach (var n in (int[])[1, 2, 3])
            await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/organizations/{id}", new { name = $"{_name} {n}" }, admin);
        await using (var database = NpgsqlDataSource.Create(await app.ConnectionString("subscriptions")))
        await using (var tamper = database.CreateCommand("update mt_events set timestamp = timestamp - interval '1 day' where stream_id = $1 and version = 3"))
        {
            tamper.Parameters.Add(new() { Value = $"organization-{id}" });
            (await tamper.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        var page = await browser.OpenSignedIn(app, $"/organizations/{id}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show in audit" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await page.GetByText("The chain is broken at version 3").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public async Task of_an_organization_compares_all_of_it_at_two_instants_and_leads_to_each_stream()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 3, _name);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/subscriptions/{to.Subscription}", new { seatLimit = 7 }, admin);
        var page = await browser.OpenSignedIn(app, $"/organizations/{to.Organization}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show in audit" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare an organization" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Compare an organization" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.GetByText("Enter the earlier instant.").WaitForAsync();
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2999-01-01T00:00:01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.GetByText("The first instant is before the second one").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2020-01-01T00:00:01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.Locator("ins", new() { HasText = "7" }).First.WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        // What was asked for is in the address.
        await page.ReloadAsync();
        (await page.GetByLabel("From", new() { Exact = true }).InputValueAsync()).ShouldStartWith("2020-01-01T00:00");
        await page.GetByRole(AriaRole.Link, new() { Name = $"subscription-{to.Subscription}" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"subscription-{to.Subscription}" }).WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "LOG-02")]
    public async Task is_one_step_from_people_and_subscriptions()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        var id = Id(await Add(admin));
        var page = await browser.OpenSignedIn(app, $"/users/{id}", AdminEmail, AdminPassword);
        foreach (var (address, stream) in new[] { ($"/users/{id}", $"user-{id}"), ($"/subscriptions/{to.Subscription}", $"subscription-{to.Subscription}") })
        {
            await page.GotoAsync(address);
            await page.GetByRole(AriaRole.Link, new() { Name = "Show in audit" }).ClickAsync();
            await page.GetByRole(AriaRole.Heading, new() { Name = stream }).WaitForAsync();
        }
    }

    [Fact]
    [Trait("Feature", "LOG-04")]
    public async Task gives_a_file_to_take_away_that_shows_what_was_changed_since()
    {
        var to = await app.Business(await app.AdminToken(), seats: 1, _name);
        var page = await browser.OpenSignedIn(app, "/audit", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await page.GetByLabel("Streams").And(page.Locator("[aria-invalid=true]")).WaitForAsync();
        await page.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await page.GetByLabel("Service").SelectOptionAsync("subscriptions");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        download.SuggestedFilename.ShouldMatch("^invitehub-export-.*zip$");
        await using (var zip = await ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            zip.Entries.Select(e => e.Name).ShouldBe(["events.ndjson", "events.csv", "manifest.json", "manifest.sig"], ignoreOrder: true);
            using var events = new StreamReader(await zip.GetEntry("events.ndjson")!.OpenAsync());
            (await events.ReadToEndAsync()).ShouldContain($"subscription-{to.Subscription}");
        }

        await page.GetByText("has been downloaded").WaitForAsync();
        await browser.IsFit(page);

        // From what it is about to its stream, and on with its id filled in.
        var invitation = Id(await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, Email), await app.AdminToken()));
        await page.GotoAsync($"/invitations/{invitation}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show in audit" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync();
        (await page.GetByLabel("Streams").InputValueAsync()).ShouldBe($"invitation-{invitation}");
        (await page.GetByLabel("Service").IsDisabledAsync()).ShouldBeTrue();
    }

    [Fact]
    [Trait("Feature", "GDP-04")]
    public async Task shows_a_certificate_of_erasure_whose_files_prove_it()
    {
        var admin = await app.AdminToken();
        var id = Id(await Add(admin));
        await app.Expect(HttpStatusCode.Accepted, HttpMethod.Post, $"/users/{id}/anonymization", new { email = Email }, admin);
        JsonNode made = new JsonObject();
        await Eventually.Is(
            async () =>
            {
                made = (await app.Send(HttpMethod.Get, $"/audit/certificates/{id}", token: admin)).Body;
                return made["statement"] is not null;
            },
            "the certificate is made", TimeSpan.FromMinutes(3));

        var page = await browser.OpenSignedIn(app, "/audit", AdminEmail, AdminPassword);
        await page.GetByLabel("Account").FillAsync(_name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.GetByText("There is no certificate for this account.").WaitForAsync();
        await page.GetByLabel("Account").FillAsync(id.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Certificate of erasure" }).And(page.Locator("h1")).WaitForAsync();
        (await page.GetByRole(AriaRole.Region, new() { Name = "What is certified" }).TextContentAsync())!.ShouldContain("identity erased");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        async Task<byte[]> File(string button)
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync());
            return await System.IO.File.ReadAllBytesAsync(await download.PathAsync());
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(Text(made, "publicKey"));
        key.VerifyData(await File("Statement"), await File("Signature"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
    }

    private Task<JsonNode> Add(string admin) => app.Expect(
        HttpStatusCode.Created, HttpMethod.Post, "/users",
        new
        {
            firstName = "Karin", lastName = "Boye", email = Email, emailConfirmation = Email, password = "first light over water", passwordConfirmation = "first light over water", language = "en",
        },
        admin);
}
