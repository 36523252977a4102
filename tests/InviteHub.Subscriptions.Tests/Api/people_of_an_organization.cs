using System.Net;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "ROL-06")]
public class people_of_an_organization(SubscriptionsService service) : IAsyncLifetime
{
    private readonly HttpClient _admin = service.AsAdmin();
    private readonly Guid _ada = SubscriptionsService.NewId();
    private Guid _organization;

    private string Professional => $"organizations/{_organization}/professionals/{_ada}";

    public async Task InitializeAsync()
    {
        _organization = await _admin.Make("organizations", new { name = "Acme", kinds = new[] { "customer", "supplier" } });
        await service.Person(_ada, "Ada", "Alm");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task have_their_role_when_Identity_gave_it_and_lose_it_when_it_is_taken_back()
    {
        var room = await Classroom("Blue");
        var put = await _admin.Send(HttpMethod.Put, Professional, new { languages = new[] { "SV" }, classroomIds = new[] { room }, competences = new[] { "law" } });
        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        var made = await put.Json();
        ((string?)made["status"], (string?)made["firstName"], (string?)made["languages"]![0], (Guid)made["classroomIds"]![0]!).ShouldBe(("active", "Ada", "sv", room));
        var asked = await service.Hears<RoleAssignmentRequested>(m => m.UserId == _ada);
        (asked.Role, asked.HolderId, asked.By).ShouldBe(("professional", _organization, World.Admin));

        var patched = await _admin.Send(HttpMethod.Patch, Professional, new { status = "inactive" }, ifMatch: put.Headers.ETag!.ToString());
        ((string?)(await patched.Json())["status"]).ShouldBe("inactive");
        await _admin.Send(HttpMethod.Patch, Professional, new { status = "active" }, ifMatch: put.Headers.ETag.ToString())
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");

        for (var i = 0; i < 2; i++)
            (await _admin.DeleteAsync($"api/v1/{Professional}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Hears<RoleAssignmentEnded>(m => m.UserId == _ada)).RequestId.ShouldBe(asked.RequestId);
        (await List("professionals")).ShouldBeEmpty();
        ((string?)(await _admin.Read(Professional))["status"]).ShouldBe("ended");
        await _admin.Send(HttpMethod.Patch, Professional, new { status = "active" }).ShouldBeProblem(HttpStatusCode.NotFound, "not-appointed");

        await _admin.Send(HttpMethod.Put, Professional, new { });
        (await service.Hears<RoleAssignmentRequested>(m => m.UserId == _ada && m.RequestId != asked.RequestId)).Role.ShouldBe("professional");
        (await List("professionals")).ShouldBe([_ada]);
    }

    [Fact]
    public async Task are_refused_in_Identitys_words_and_may_be_asked_for_again()
    {
        service.Identity[_ada] = IdentitySays.No;
        var problem = await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/mentors/{_ada}", new { })
            .ShouldBeProblem(HttpStatusCode.Conflict, "role-conflict");
        ((string?)problem["detail"]).ShouldBe("Remove the role Applicant first.");
        (await List("mentors")).ShouldBeEmpty();
        (await List("mentors", "&status=refused")).ShouldBe([_ada]);
        ((string?)(await _admin.Read($"organizations/{_organization}/mentors/{_ada}"))["refusalDetail"]).ShouldBe("Remove the role Applicant first.");

        service.Identity[_ada] = IdentitySays.Yes;
        (await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/mentors/{_ada}", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await List("mentors")).ShouldBe([_ada]);
    }

    [Fact]
    public async Task not_answered_yet_are_found_where_the_answer_says_and_settle_whatever_comes_how_often()
    {
        service.Identity[_ada] = IdentitySays.Nothing;
        var waiting = await PutWaiting(Professional);
        waiting.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        waiting.Headers.Location!.ToString().ShouldBe($"/api/v1/{Professional}");
        ((string?)(await _admin.Read(Professional))["status"]).ShouldBe("requested");
        var first = await service.Hears<RoleAssignmentRequested>(m => m.UserId == _ada);

        // Taken back and asked for again: the late answers to the first request are nothing to the second.
        await _admin.DeleteAsync($"api/v1/{Professional}");
        await PutWaiting(Professional);
        var second = await service.Hears<RoleAssignmentRequested>(m => m.UserId == _ada && m.RequestId != first.RequestId);
        await Answer(new RoleAssignmentGranted(first.RequestId, _ada, "professional", _organization));
        ((string?)(await _admin.Read(Professional))["status"]).ShouldBe("requested");

        var yes = new RoleAssignmentGranted(second.RequestId, _ada, "professional", _organization);
        await Answer(yes);
        await Answer(yes);
        await Answer(new RoleAssignmentRefused(second.RequestId, _ada, "professional", _organization, "conflict", "role-conflict", "too late"));
        ((string?)(await _admin.Read(Professional))["status"]).ShouldBe("active");
    }

    [Fact]
    public async Task asked_for_by_many_at_once_are_asked_for_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _admin.Send(HttpMethod.Put, Professional, new { competences = new[] { "law" } })));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        service.Heard<RoleAssignmentRequested>(m => m.UserId == _ada).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task are_searched_by_what_they_know()
    {
        var bo = SubscriptionsService.NewId();
        await service.Person(bo, "Bo", "Ek");
        var room = await Classroom("Blue");
        await _admin.Send(HttpMethod.Put, Professional, new { languages = new[] { "sv", "so" }, competences = new[] { "Law" } });
        await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/professionals/{bo}", new { status = "inactive", classroomIds = new[] { room } });

        (await List("professionals", "&sort=firstName:desc")).ShouldBe([bo, _ada]);
        (await List("professionals", "&language=so")).ShouldBe([_ada]);
        (await List("professionals", "&competence=law")).ShouldBe([_ada]);
        (await List("professionals", $"&classroomId={room}")).ShouldBe([bo]);
        (await List("professionals", "&status=inactive")).ShouldBe([bo]);
        (await List("professionals", "&search=ek")).ShouldBe([bo]);
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task are_appointed_by_their_administrator_who_sees_the_organization_alone()
    {
        var supplierAdmin = SubscriptionsService.NewId();
        using var asIt = service.As(supplierAdmin);
        await asIt.Send(HttpMethod.Put, Professional, new { }).ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/administrators/{supplierAdmin}", new { role = "king" })
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
        (await _admin.Send(HttpMethod.Put, $"organizations/{_organization}/administrators/{supplierAdmin}", new { role = "supplierAdmin" })).StatusCode
            .ShouldBe(HttpStatusCode.OK);

        (await asIt.Send(HttpMethod.Put, Professional, new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await asIt.Read("organizations")).Ids().ShouldBe([_organization]);
        await asIt.Send(HttpMethod.Put, $"organizations/{_organization}/administrators/{_ada}", new { role = "supplierAdmin" })
            .ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        (await List("administrators")).ShouldBe([supplierAdmin]);

        await _admin.DeleteAsync($"api/v1/organizations/{_organization}/administrators/{supplierAdmin}");
        await asIt.GetAsync($"api/v1/{Professional}").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
    }

    [Fact]
    [Trait("Feature", "SUB-01")]
    public async Task teach_in_rooms_that_are_added_renamed_and_closed()
    {
        var room = await Classroom("Blue");
        await _admin.Send(HttpMethod.Post, $"organizations/{_organization}/classrooms", new { name = "blue" })
            .ShouldBeProblem(HttpStatusCode.Conflict, "classroom-name-taken");
        ((string?)(await (await _admin.Send(HttpMethod.Patch, $"organizations/{_organization}/classrooms/{room}", new { name = "Red" })).Json())["name"]).ShouldBe("Red");
        (await _admin.Read($"organizations/{_organization}/classrooms?search=re")).Ids().ShouldBe([room]);

        for (var i = 0; i < 2; i++)
            (await _admin.DeleteAsync($"api/v1/organizations/{_organization}/classrooms/{room}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _admin.Read($"organizations/{_organization}/classrooms")).Ids().ShouldBeEmpty();
        (await _admin.Read($"organizations/{_organization}/classrooms?closed=true")).Ids().ShouldBe([room]);
        await _admin.Send(HttpMethod.Put, Professional, new { classroomIds = new[] { room } })
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unknown-classroom");
    }

    [Fact]
    [Trait("Feature", "SUB-01")]
    public async Task teach_in_one_room_of_a_name_however_many_add_it_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _admin.Send(HttpMethod.Post, $"organizations/{_organization}/classrooms", new { name = "Blue" })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(5);
    }

    private async Task<Guid> Classroom(string name)
    {
        var response = await _admin.Send(HttpMethod.Post, $"organizations/{_organization}/classrooms", new { name });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (Guid)(await response.Json())["id"]!;
    }

    private async Task<HttpResponseMessage> PutWaiting(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/v1/{path}");
        request.Headers.Add("Prefer", "wait=0");
        return await _admin.SendAsync(request);
    }

    private async Task Answer<T>(T message) where T : class
    {
        var id = SubscriptionsService.NewId();
        await service.Publish(message, id);
        await service.HasHandled($"{typeof(T).Name}Consumer", [id]);
    }

    private async Task<Guid[]> List(string path, string query = "") =>
        [.. (await _admin.Read($"organizations/{_organization}/{path}?pageSize=50{query}"))["items"]!.AsArray().Select(item => (Guid)item!["userId"]!)];
}
