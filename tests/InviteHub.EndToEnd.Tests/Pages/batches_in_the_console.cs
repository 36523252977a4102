using System.Net;
using System.Security.Cryptography;
using System.Text;
using InviteHub.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class batches_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "INV-19")]
    [Trait("Feature", "INV-21")]
    [Trait("Feature", "INV-24")]
    public async Task show_what_is_wrong_by_line_and_column_before_anything_is_done_and_then_do_the_rest()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 5, _name);
        var page = await browser.OpenSignedIn(app, "/batches", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        var template = await page.RunAndWaitForDownloadAsync(() => panel.GetByRole(AriaRole.Link, new() { Name = "Template with the columns" }).ClickAsync());
        (await File.ReadAllTextAsync(await template.PathAsync())).ShouldStartWith("email,username,firstName,lastName");
        await panel.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await panel.GetByLabel("CSV file").SetInputFilesAsync(new FilePayload
        {
            Name = "people.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"email,firstName,lastName\n{_name}1@example.org,Ada,Byron\nno address,Eva,Berg\n{_name}2@example.org,Moa,Ek\n"),
        });
        await browser.IsFit(page);
        var keys = await ConsoleBrowser.KeysOfRequestsThatFailOnce(page, "**/api/v1/invitations/batches?*");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();
        await page.GetByText("InviteHub can’t be reached.").WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "Batch of 3 rows" }).WaitForAsync();
        keys.Count.ShouldBe(2);
        Guid.Parse(keys[0]).ShouldBe(Guid.Parse(keys[1]));
        await page.GetByRole(AriaRole.Heading, new() { Name = "nothing has been done yet" }).WaitForAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "An e-mail address has exactly one @." }).WaitForAsync();
        (await app.Mails($"{_name}1@example.org")).ShouldBeEmpty();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Invite them all" }).ClickAsync();
        await page.GetByText("2 people are invited, exactly as shown.").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Invite them all" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Finished" }).WaitForAsync();
        (await app.Seats(to.Subscription, admin)).ShouldBe((2, 0, 3));
        var report = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Report" }).ClickAsync());
        (await File.ReadAllTextAsync(await report.PathAsync())).ShouldContain("validation-failed");
    }

    [Fact]
    [Trait("Feature", "INV-19")]
    public async Task take_rows_as_they_are_copied_from_a_spreadsheet()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 5, _name);
        var page = await browser.OpenSignedIn(app, "/batches", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Way").SelectOptionAsync("access");
        await panel.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await panel.GetByLabel("Or the rows themselves").FillAsync($"email\tfirstName\tlastName\n{_name}1@example.org\tÅsa\tBerg\n{_name}2@example.org\tMoa\tEk");
        await browser.IsFit(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "Batch of 2 rows" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite them all" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Invite them all" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Finished" }).WaitForAsync();
        (await app.Mail($"{_name}1@example.org")).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task that_await_an_approval_are_found_and_decided_by_somebody_else()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 9, _name);
        var inviter = $"{_name}@example.org";
        await app.InviterToBeApproved(to, inviter, admin);
        var session = await app.SignIn(inviter, OwnPassword);
        var (wanted, unwanted) = (await Uploaded("wanted"), await Uploaded("unwanted"));

        var own = await browser.OpenSignedIn(app, $"/batches/{wanted}", inviter, OwnPassword);
        await own.GetByText("You asked for this yourself").WaitForAsync();
        (await own.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync()).ShouldBe(0);
        (await own.GetByRole(AriaRole.Button, new() { Name = "Invite them all" }).CountAsync()).ShouldBe(0);
        await own.GetByRole(AriaRole.Button, new() { Name = "Cancel the batch" }).WaitForAsync();

        var page = await browser.OpenSignedIn(app, $"/batches?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByLabel("Approval").SelectOptionAsync("Awaits approval");
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GotoAsync($"/batches/{wanted}");
        await page.GetByText("Awaits approval").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByText("1 person is invited, exactly as shown.").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Finished" }).WaitForAsync();
        await page.GetByText("Approved", new() { Exact = true }).WaitForAsync();
        await app.Mail($"wanted.{inviter}");

        await page.GotoAsync($"/batches/{unwanted}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" }).WaitForAsync();
        await page.GetByText("Rejected", new() { Exact = true }).WaitForAsync();
        (await app.Mails($"unwanted.{inviter}")).ShouldBeEmpty();

        async Task<Guid> Uploaded(string who)
        {
            var id = Id(await app.Expect(
                HttpStatusCode.Accepted, HttpMethod.Post,
                $"/invitations/batches?way=access&organizationId={to.Organization}&appId={to.App}&subscriptionId={to.Subscription}&role=reader",
                new[] { new { email = $"{who}.{inviter}", firstName = "Eva", lastName = "Ek" } }, session));
            await Eventually.Is(
                async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/batches/{id}", token: session))["approval"]?.GetValue<string>() == "awaited",
                "it awaits an approval");
            return id;
        }
    }

    [Fact]
    [Trait("Feature", "INV-19")]
    public async Task are_of_the_ways_that_there_are_batches_for_and_another_one_is_refused_with_what_to_choose()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        var page = await browser.OpenSignedIn(app, "/batches", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        (await panel.GetByLabel("Way").Locator("option").AllTextContentsAsync()).ShouldBe(["To an app", "For a customer"]);

        // Whoever sends it all the same hears why beside the field, and nothing is begun.
        await page.RouteAsync("**/api/v1/invitations/batches?*", route => route.ContinueAsync(new() { Url = route.Request.Url.Replace("way=access", "way=workspace") }));
        await panel.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await panel.GetByLabel("CSV file").SetInputFilesAsync(new FilePayload
        {
            Name = "people.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"email,firstName,lastName\n{_name}@example.org,Ada,Byron\n"),
        });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();
        await panel.GetByText("The way is customer or access.").WaitForAsync();
        (await panel.GetByLabel("Way").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await browser.IsFit(page);
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/batches?organizationId={to.Organization}", token: admin))["total"]!.GetValue<int>().ShouldBe(0);
    }
}
