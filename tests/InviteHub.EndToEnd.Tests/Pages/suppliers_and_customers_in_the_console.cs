using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "ROL-06")]
public sealed class suppliers_and_customers_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "SUB-01")]
    public async Task keep_classrooms_and_what_they_know_of_their_professionals()
    {
        var admin = await app.AdminToken();
        var id = await Add(admin, "supplier");
        await app.Person($"{_name}1@example.org", "Petra", _name);
        await app.Person($"{_name}2@example.org", "Alva", _name, systemRole: "applicant");
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}/classrooms", AdminEmail, AdminPassword);
        var dialog = page.GetByRole(AriaRole.Dialog);
        await AddClassroom("Aula");
        await AddClassroom("Lab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Lab" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" }).ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("Aula");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await dialog.GetByText("There is a classroom 'Aula' already").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await dialog.GetByLabel("Name").FillAsync("Laboratory");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Laboratory", new() { Exact = true }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Professionals" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add professional" }).ClickAsync();
        await Choose("Alva", "Add professional");
        await dialog.GetByText("remove first: applicant").WaitForAsync();
        await dialog.GetByLabel("Languages").FillAsync("Swedish");
        await Choose("Petra", "Add professional");
        await dialog.GetByText("tags such as sv, pt-BR or zh-Hant").WaitForAsync();
        await dialog.GetByLabel("Languages").FillAsync("sv, pt-br");
        await dialog.GetByLabel("Aula").CheckAsync();
        await dialog.GetByLabel("Competences").FillAsync("nursing, mathematics");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add professional" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row, new() { Name = "Petra" });
        await row.GetByText("mathematics, nursing").WaitForAsync();
        await row.GetByText("Swedish").WaitForAsync();
        await row.GetByText("Aula").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByLabel("Competence", new() { Exact = true }).FillAsync("law");
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Act("Petra", "Edit record");
        await dialog.GetByLabel("Status").SelectOptionAsync("inactive");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await row.GetByText("Inactive").WaitForAsync();
        await Act("Petra", "Review logs");
        await dialog.Locator("ins", new() { HasText = "inactive" }).WaitForAsync();
        await browser.IsFit(page);
        await page.Keyboard.PressAsync("Escape");
        await Act("Petra", "Take the role back");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take the role back" }).ClickAsync();
        await page.GetByText("There is nothing here yet.").WaitForAsync();

        async Task AddClassroom(string name)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add classroom" }).ClickAsync();
            await dialog.GetByLabel("Name").FillAsync(name);
            await page.Keyboard.PressAsync("Enter");
            await page.GetByRole(AriaRole.Row, new() { Name = name }).WaitForAsync();
        }

        async Task Choose(string firstName, string action)
        {
            await dialog.GetByLabel("Person").FillAsync($"{firstName} {_name}");
            await page.GetByRole(AriaRole.Option, new() { Name = $"{firstName} {_name}" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        }

        async Task Act(string firstName, string action)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {firstName} {_name}" }).ClickAsync();
            await page.GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
        }
    }

    [Fact]
    public async Task have_administrators_and_mentors_with_a_status()
    {
        var admin = await app.AdminToken();
        var id = await Add(admin, "customer");
        await app.Person($"{_name}1@example.org", "Kerstin", _name);
        await app.Person($"{_name}2@example.org", "Mona", _name);
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}/administrators", AdminEmail, AdminPassword);
        var dialog = page.GetByRole(AriaRole.Dialog);
        await AddPerson("Kerstin", "Add administrator");
        await page.GetByRole(AriaRole.Row, new() { Name = "Kerstin" }).GetByText("Customer admin").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Mentors" }).ClickAsync();
        await AddPerson("Mona", "Add mentor");
        await page.GetByRole(AriaRole.Row, new() { Name = "Mona" }).GetByText("Active").WaitForAsync();

        // Who administers the organization changes its mentors, and nothing else.
        var own = await browser.OpenSignedIn(app, $"/organizations/{id}/mentors", $"{_name}1@example.org", OwnPassword);
        (await own.GetByRole(AriaRole.Tab, new() { Name = "Review logs" }).CountAsync()).ShouldBe(0);
        await own.GetByRole(AriaRole.Button, new() { Name = $"Actions for Mona {_name}" }).ClickAsync();
        await own.GetByRole(AriaRole.Menuitem, new() { Name = "Change status" }).ClickAsync();
        await own.GetByRole(AriaRole.Dialog).GetByLabel("Status").SelectOptionAsync("inactive");
        await own.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await own.GetByRole(AriaRole.Row, new() { Name = "Mona" }).GetByText("Inactive").WaitForAsync();
        await browser.IsFit(own);
        await browser.IsFitForTelephones(own);

        async Task AddPerson(string firstName, string action)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
            await dialog.GetByLabel("Person").FillAsync($"{firstName} {_name}");
            await page.GetByRole(AriaRole.Option, new() { Name = $"{firstName} {_name}" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        }
    }

    private async Task<Guid> Add(string admin, string kind) =>
        Id(await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/organizations", new { name = _name, kinds = new[] { kind } }, admin));
}
