using System.Net;
using System.Net.Http.Json;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "SUB-01")]
[Trait("Feature", "API-01")]
public class managing_organizations(SubscriptionsService service)
{
    [Fact]
    public async Task are_made_shown_and_told_of()
    {
        using var admin = service.AsAdmin();
        var response = await admin.PostAsJsonAsync("api/v1/organizations", new { name = " Acme ", kinds = new[] { "customer", "business" } });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = await response.Json();
        made["name"]!.GetValue<string>().ShouldBe("Acme");
        made["kinds"]!.AsArray().Select(k => (string)k!).ShouldBe(["business", "customer"]);

        var id = (Guid)made["id"]!;
        (await admin.Read($"organizations/{id}")).ToJsonString().ShouldBe(made.ToJsonString());
        (await service.Hears<OrganizationChanged>(m => m.OrganizationId == id)).Name.ShouldBe("Acme");
    }

    [Fact]
    public async Task are_changed_only_in_the_version_that_was_read()
    {
        using var admin = service.AsAdmin();
        var id = await admin.Make("organizations", new { name = "Acme", kinds = new[] { "customer" } });
        var read = await admin.GetAsync($"api/v1/organizations/{id}");
        var tag = read.Headers.ETag.ShouldNotBeNull().ToString();

        var changed = await admin.Send(HttpMethod.Patch, $"organizations/{id}", new { name = "Acme AB" }, ifMatch: tag);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((string?)(await changed.Json())["name"]).ShouldBe("Acme AB");
        await admin.Send(HttpMethod.Patch, $"organizations/{id}", new { name = "Acme Ltd" }, ifMatch: tag)
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        await service.Hears<OrganizationChanged>(m => m.OrganizationId == id && m.Name == "Acme AB");
    }

    [Fact]
    public async Task tell_all_that_is_wrong_with_a_new_one()
    {
        using var admin = service.AsAdmin();
        var problem = await admin.PostAsJsonAsync("api/v1/organizations", new { name = "A" })
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["name", "kinds"], ignoreOrder: true);
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    [Trait("Feature", "INV-01")]
    public async Task are_there_for_those_who_have_something_to_do_with_them()
    {
        var (assigned, stranger) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        using var admin = service.AsAdmin();
        var mine = await admin.Make("organizations", new { name = "Mine", kinds = new[] { "customer" } });
        var other = await admin.Make("organizations", new { name = "Other", kinds = new[] { "customer" } });
        await service.Person(assigned, "Ada", "Alm", "applicant");
        await admin.PutAsync($"api/v1/organizations/{mine}/assignments/{assigned}", null);
        (await service.Hears<OrganizationAccessChanged>(m => m.UserId == assigned)).Permissions.ShouldBe(["applicant"]);

        using var applicant = service.As(assigned, "applicant");
        (await applicant.Read("organizations?kind=customer")).Ids().ShouldBe([mine]);
        await applicant.Read($"organizations/{mine}");
        await applicant.GetAsync($"api/v1/organizations/{other}").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        using var nobody = service.As(stranger);
        (await nobody.Read("organizations"))["total"]!.GetValue<long>().ShouldBe(0);

        await admin.DeleteAsync($"api/v1/organizations/{mine}/assignments/{assigned}");
        await service.Hears<OrganizationAccessChanged>(m => m.UserId == assigned && m.Permissions.Count == 0);
        await applicant.GetAsync($"api/v1/organizations/{mine}").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
    }

    [Fact]
    public async Task are_searched_literally_sorted_and_paged()
    {
        using var admin = service.AsAdmin();
        foreach (var name in new[] { "50%_b zeta", "50%_a zeta", "50xx_c zeta", "50%xd zeta" })
            await admin.Make("organizations", new { name, kinds = new[] { "supplier" } });

        var page = await admin.Read("organizations?search=50%25_&pageSize=1&page=2&sort=name:desc");
        page["total"]!.GetValue<long>().ShouldBe(2);
        page["items"]!.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("50%_a zeta");
        await admin.GetAsync("api/v1/organizations?sort=secret").ShouldBeProblem(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task have_permissions_that_their_founder_grants()
    {
        var (founder, member) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        var business = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        using var asFounder = service.As(founder);
        var path = $"organizations/{business.Organization}/permissions";
        await asFounder.Send(HttpMethod.Put, $"{path}/{member}", new { permissions = new[] { "member" } })
            .ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");

        (await admin.Send(HttpMethod.Put, $"{path}/{founder}", new { permissions = new[] { "founder" } })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await asFounder.Send(HttpMethod.Put, $"{path}/{member}", new { permissions = new[] { "user_registration" } })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await asFounder.Send(HttpMethod.Put, $"{path}/{member}", new { permissions = new[] { "applicant" } })
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");

        (await asFounder.Read(path))["total"]!.GetValue<long>().ShouldBe(2);
        using var asMember = service.As(member);
        (await asMember.Read(path))["items"]!.AsArray().ShouldHaveSingleItem()!["userId"]!.GetValue<Guid>().ShouldBe(member);
        (await service.Hears<OrganizationAccessChanged>(m => m.UserId == member)).Permissions.ShouldBe(["user_registration"]);
    }

    [Fact]
    public async Task are_nobodys_to_make_but_an_admins()
    {
        using var guest = service.As(World.Member);
        await guest.PostAsJsonAsync("api/v1/organizations", new { name = "Acme", kinds = new[] { "customer" } })
            .ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        using var nobody = service.AsNobody();
        await nobody.GetAsync("api/v1/organizations").ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }
}

[Collection(OneService.Name)]
[Trait("Feature", "SUB-02")]
public class managing_apps(SubscriptionsService service)
{
    [Fact]
    [Trait("Feature", "INV-11")]
    public async Task are_there_for_the_members_of_the_organizations_that_are_entitled_to_them()
    {
        var member = SubscriptionsService.NewId();
        var business = await service.Business(seats: 1);
        var other = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        await admin.Send(HttpMethod.Put, $"organizations/{business.Organization}/permissions/{member}", new { permissions = new[] { "member" } });

        using var asMember = service.As(member);
        (await asMember.Read("apps")).Ids().ShouldBe([business.App]);
        (await asMember.Read($"apps?organizationId={other.Organization}")).Ids().ShouldBeEmpty();
        (await admin.Read($"apps?organizationId={other.Organization}")).Ids().ShouldBe([other.App]);
        var app = await asMember.Read($"apps/{business.App}");
        app["roles"]!.AsArray().Select(r => (string)r!["key"]!).ShouldBe(["reader", "editor"]);
        await asMember.GetAsync($"api/v1/apps/{other.App}").ShouldBeProblem(HttpStatusCode.NotFound, "app-not-found");
    }

    [Fact]
    public async Task are_changed_only_in_the_version_that_was_read_and_keep_their_roles()
    {
        using var admin = service.AsAdmin();
        var id = await admin.Make("apps", new { name = "CRM", roles = new[] { new { key = "reader", name = "Reader" } } });
        var tag = (await admin.GetAsync($"api/v1/apps/{id}")).Headers.ETag.ShouldNotBeNull().ToString();
        await admin.Send(HttpMethod.Patch, $"apps/{id}", new { roles = new[] { new { key = "editor", name = "Editor" } } }, ifMatch: tag)
            .ShouldBeProblem(HttpStatusCode.Conflict, "app-roles-stay");

        var roles = new[] { new { key = "reader", name = "Guest" }, new { key = "editor", name = "Editor" } };
        var changed = await admin.Send(HttpMethod.Patch, $"apps/{id}", new { name = "Customers", roles }, ifMatch: tag);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.Read($"apps/{id}")).ToJsonString().ShouldBe((await changed.Json()).ToJsonString());
        (await admin.Read("apps?search=Customers")).Ids().ShouldContain(id);
        await admin.Send(HttpMethod.Patch, $"apps/{id}", new { name = "CRM" }, ifMatch: tag)
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
    }

    [Fact]
    public async Task must_be_there_to_be_entitled_to()
    {
        var business = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        await admin.PutAsync($"api/v1/organizations/{business.Organization}/apps/{World.Stranger}", null)
            .ShouldBeProblem(HttpStatusCode.NotFound, "app-not-found");
        (await admin.PutAsync($"api/v1/organizations/{business.Organization}/apps/{business.App}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}

[Collection(OneService.Name)]
[Trait("Feature", "API-01")]
public class making_a_thing_under_a_key(SubscriptionsService service)
{
    private readonly string _key = SubscriptionsService.NewId().ToString();

    [Fact]
    public async Task twice_makes_it_once_and_answers_it_twice()
    {
        using var admin = service.AsAdmin();
        var body = new { name = "Acme", kinds = new[] { "customer" } };
        var first = await admin.Send(HttpMethod.Post, "organizations", body, _key);
        var second = await admin.Send(HttpMethod.Post, "organizations", body, _key);
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task at_once_makes_it_once()
    {
        using var admin = service.AsAdmin();
        var body = new { name = $"Once {_key}", kinds = new[] { "customer" } };
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => admin.Send(HttpMethod.Post, "organizations", body, _key)));
        responses.ShouldAllBe(r => r.StatusCode == HttpStatusCode.Created);
        responses.Select(r => r.Headers.Location).Distinct().ShouldHaveSingleItem();
        (await admin.Read($"organizations?search={_key}"))["total"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task for_another_thing_is_a_conflict()
    {
        using var admin = service.AsAdmin();
        await admin.Send(HttpMethod.Post, "organizations", new { name = "Acme", kinds = new[] { "customer" } }, _key);
        await admin.Send(HttpMethod.Post, "organizations", new { name = "Acme 2", kinds = new[] { "customer" } }, _key)
            .ShouldBeProblem(HttpStatusCode.Conflict, "idempotency-key-reused");
        await admin.Send(HttpMethod.Post, "apps", new { name = "Acme", roles = new[] { new { key = "a", name = "A" } } }, _key)
            .ShouldBeProblem(HttpStatusCode.Conflict, "idempotency-key-reused");
    }

    [Fact]
    public async Task by_another_caller_is_another_key()
    {
        using var admin = service.AsAdmin();
        using var other = service.As(World.Stranger, "systemAdmin");
        var body = new { name = "Acme", kinds = new[] { "customer" } };
        var first = await admin.Send(HttpMethod.Post, "organizations", body, _key);
        var second = await other.Send(HttpMethod.Post, "organizations", body, _key);
        second.Headers.Location.ShouldNotBe(first.Headers.Location);
    }

    [Fact]
    public async Task that_was_refused_is_decided_anew()
    {
        var business = await service.Business(seats: 1);
        using var admin = service.AsAdmin();
        var late = SubscriptionsService.NewId();
        await admin.Send(HttpMethod.Post, "subscriptions", Body(late), _key).ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        (await admin.Send(HttpMethod.Post, "subscriptions", Body(business.Organization), _key)).StatusCode.ShouldBe(HttpStatusCode.Created);

        object Body(Guid organization) => new { organizationId = organization, appId = business.App, plan = "gold", startsOn = "2020-01-01" };
    }

    [Fact]
    public async Task too_long_is_malformed()
    {
        using var admin = service.AsAdmin();
        await admin.Send(HttpMethod.Post, "organizations", new { name = "Acme", kinds = new[] { "customer" } }, new string('k', 201))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "malformed");
    }
}
