using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class registering_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "INV-17")]
    [Trait("Feature", "INV-19")]
    public async Task many_are_corrected_where_they_are_wrong_before_anything_is_done()
    {
        var page = await browser.OpenSignedIn(app, "/users/register", AdminEmail, AdminPassword);
        await page.GetByText("Add a row, or choose a file.").WaitForAsync();
        var template = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Template with the columns" }).ClickAsync());
        (await File.ReadAllTextAsync(await template.PathAsync())).ShouldStartWith("email,username,firstName,lastName");
        await Take(page, "email,surname\nada@example.org,Byron\n");
        await page.GetByText("The file lacks these columns: firstName, lastName.").WaitForAsync();

        // As spreadsheets write them where the comma is for decimals.
        await Take(page, $"email;firstName;lastName\n{_name}1@example.org;\"Ada;\";Byron\nno address;Eva;Berg\n");
        await page.GetByRole(AriaRole.Gridcell, new() { Name = "Ada;" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await page.GetByText("1 of 2 rows is wrong.").WaitForAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Berg" }).GetByText("An e-mail address has exactly one @.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search={_name}", token: await app.AdminToken()))["total"]!.GetValue<int>().ShouldBe(0);

        await page.GetByRole(AriaRole.Gridcell, new() { Name = "no address" }).ClickAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Grid).GetByRole(AriaRole.Textbox).FillAsync($"{_name}2@example.org");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await page.GetByText("Everything is right.").WaitForAsync();
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register 2 users" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Registration of 2 users" }).WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Finished" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var report = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Report" }).ClickAsync());
        (await File.ReadAllTextAsync(await report.PathAsync())).ShouldContain("done");
        Text(await app.Mail($"{_name}2@example.org"), "text").ShouldNotBeEmpty();
    }

    private static Task Take(IPage page, string csv) => page.Locator("input[type=file]").SetInputFilesAsync(
        new FilePayload { Name = "people.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
}
