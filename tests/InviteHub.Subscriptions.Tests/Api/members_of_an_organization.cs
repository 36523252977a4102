using System.Net;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SUB-01")]
public class members_of_an_organization(SubscriptionsService service) : IAsyncLifetime
{
    private readonly HttpClient _admin = service.AsAdmin();
    private readonly Guid _founder = SubscriptionsService.NewId();
    private Guid _organization;

    public async Task InitializeAsync()
    {
        _organization = await _admin.Make("organizations", new { name = "Acme", kinds = new[] { "customer" } });
        await service.Person(_founder, "Berit", "Ek");
        await Grant(_founder, "founder");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task are_named_sorted_searched_and_paged_with_their_permissions()
    {
        var (ada, nameless) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        await service.Person(ada, "Ada", "Alm");
        await Grant(ada, "member", "user_registration");
        await Grant(nameless, "member");
        using var asAda = service.As(ada);

        var all = await asAda.Read($"organizations/{_organization}/members");
        Users(all).ShouldBe([ada, _founder, nameless]);
        all["items"]![0]!["email"]!.GetValue<string>().ShouldBe("Ada.Alm@example.test");
        all["items"]![0]!["permissions"]!.AsArray().Select(p => (string)p!).ShouldBe(["member", "user_registration"]);
        Users(await asAda.Read($"organizations/{_organization}/members?sort=lastName:desc&search=e")).ShouldBe([_founder, ada]);
        Users(await asAda.Read($"organizations/{_organization}/members?search=EK")).ShouldBe([_founder]);
        Users(await asAda.Read($"organizations/{_organization}/members?permission=user_registration")).ShouldBe([ada]);
        var second = await asAda.Read($"organizations/{_organization}/members?page=2&pageSize=2");
        (Users(second).Single(), second["total"]!.GetValue<long>()).ShouldBe((nameless, 3));
    }

    [Fact]
    public async Task have_the_name_that_was_told_last_however_late_an_older_one_comes()
    {
        var ada = SubscriptionsService.NewId();
        var earlier = SubscriptionsService.NewId();
        await Task.Delay(2);
        await service.Person(ada, "Ada", "Berg");
        await service.Person(ada, "Ada", "Alm", messageId: earlier);
        await Grant(ada, "member");
        (await _admin.Read($"organizations/{_organization}/members?search=Ada"))["items"]![0]!["lastName"]!.GetValue<string>().ShouldBe("Berg");
    }

    [Fact]
    public async Task are_removed_by_their_founder_but_for_the_founder()
    {
        var ada = SubscriptionsService.NewId();
        await Grant(ada, "member", "user_registration");
        using var asFounder = service.As(_founder);
        using var asAda = service.As(ada);
        await asAda.DeleteAsync($"api/v1/organizations/{_organization}/members/{_founder}").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");

        for (var i = 0; i < 2; i++)
            (await asFounder.DeleteAsync($"api/v1/organizations/{_organization}/members/{ada}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await service.Hears<OrganizationAccessChanged>(m => m.UserId == ada && m.Permissions.Count == 0);
        await asAda.GetAsync($"api/v1/organizations/{_organization}/members").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");

        await asFounder.DeleteAsync($"api/v1/organizations/{_organization}/members/{_founder}").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        await _admin.DeleteAsync($"api/v1/organizations/{_organization}/members/{_founder}").ShouldBeProblem(HttpStatusCode.Conflict, "last-founder");
        (await _admin.DeleteAsync($"api/v1/organizations/{_organization}/members/{_founder}?force=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task of_two_founders_removed_at_once_one_stays()
    {
        var other = SubscriptionsService.NewId();
        await Grant(other, "founder");
        var answers = await Task.WhenAll(new[] { _founder, other }.Select(f => _admin.DeleteAsync($"api/v1/organizations/{_organization}/members/{f}")));
        answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict]);
    }

    [Fact]
    [Trait("Feature", "ROL-06")]
    public async Task and_Applicants_are_two_lists()
    {
        var applicant = SubscriptionsService.NewId();
        await service.Person(applicant, "Ali", "Abbas", "applicant");
        (await Assign(applicant)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var asFounder = service.As(_founder);
        Users(await asFounder.Read($"organizations/{_organization}/members")).ShouldBe([_founder]);
        var assigned = await asFounder.Read($"organizations/{_organization}/assignments?search=ali");
        Users(assigned).ShouldBe([applicant]);
        assigned["items"]![0]!["lastName"]!.GetValue<string>().ShouldBe("Abbas");

        var colleague = SubscriptionsService.NewId();
        await service.Person(colleague, "Bo", "Bok", "applicant");
        await Assign(colleague);
        using var asApplicant = service.As(applicant, "applicant");
        Users(await asApplicant.Read($"organizations/{_organization}/assignments")).ShouldBe([applicant]);
    }

    [Fact]
    [Trait("Feature", "ROL-06")]
    public async Task whose_role_is_no_Applicant_are_not_assigned_and_told_what_to_do()
    {
        var problem = await Assign(_founder).ShouldBeProblem(HttpStatusCode.Conflict, "not-an-applicant");
        problem["detail"]!.GetValue<string>().ShouldContain("give them the system role 'applicant' first");
    }

    [Fact]
    [Trait("Feature", "ROL-06")]
    public async Task who_became_an_Applicant_a_moment_ago_are_assigned_as_soon_as_it_is_heard()
    {
        var late = SubscriptionsService.NewId();
        var assigning = Assign(late);
        await Task.Delay(300);
        assigning.IsCompleted.ShouldBeFalse();
        await service.Person(late, "Lo", "Lund", "applicant");
        (await assigning).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task Grant(Guid user, params string[] permissions) =>
        (await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/permissions/{user}", new { permissions })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private Task<HttpResponseMessage> Assign(Guid user) => _admin.PutAsync($"api/v1/organizations/{_organization}/assignments/{user}", null);

    private static Guid[] Users(JsonObject page) => [.. page["items"]!.AsArray().Select(item => (Guid)item!["userId"]!)];
}
