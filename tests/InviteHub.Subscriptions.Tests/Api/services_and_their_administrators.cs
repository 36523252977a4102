using System.Net;
using InviteHub.Contracts.Subscriptions;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "ROL-05")]
[Trait("Feature", "SUB-01")]
public class services_and_their_administrators(SubscriptionsService service) : IAsyncLifetime
{
    private readonly HttpClient _admin = service.AsAdmin();
    private readonly Guid _ada = SubscriptionsService.NewId();
    private Guid _service;

    private string Ada => $"services/{_service}/administrators/{_ada}";

    public async Task InitializeAsync() => _service = await _admin.Make("services", new { name = "Library" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task are_seen_by_their_administrators_alone()
    {
        var other = await _admin.Make("services", new { name = "Museum" });
        using var asAda = service.As(_ada);
        await asAda.GetAsync($"api/v1/services/{_service}").ShouldBeProblem(HttpStatusCode.NotFound, "service-not-found");

        (await _admin.PutAsync($"api/v1/{Ada}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var asked = await service.Hears<RoleAssignmentRequested>(m => m.UserId == _ada);
        (asked.Role, asked.HolderId).ShouldBe(("serviceAdmin", _service));
        (await asAda.Read("services")).Ids().ShouldBe([_service]);
        (await asAda.Read($"services/{_service}"))["administrators"]!.GetValue<long>().ShouldBe(1);
        (await asAda.Read($"services/{_service}/administrators"))["items"]!.AsArray().ShouldHaveSingleItem()!["userId"]!.GetValue<Guid>().ShouldBe(_ada);
        await asAda.GetAsync($"api/v1/services/{other}/administrators").ShouldBeProblem(HttpStatusCode.NotFound, "service-not-found");
        await asAda.PutAsync($"api/v1/{Ada}", null).ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");

        for (var i = 0; i < 2; i++)
            (await _admin.DeleteAsync($"api/v1/{Ada}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Hears<RoleAssignmentEnded>(m => m.UserId == _ada)).RequestId.ShouldBe(asked.RequestId);
        await asAda.GetAsync($"api/v1/services/{_service}").ShouldBeProblem(HttpStatusCode.NotFound, "service-not-found");
    }

    [Fact]
    public async Task are_nobodys_whom_Identity_refuses()
    {
        service.Identity[_ada] = IdentitySays.No;
        await _admin.PutAsync($"api/v1/{Ada}", null).ShouldBeProblem(HttpStatusCode.Conflict, "role-conflict");
        ((string?)(await _admin.Read(Ada))["status"]).ShouldBe("refused");
        await _admin.PutAsync($"api/v1/services/{World.Stranger}/administrators/{_ada}", null).ShouldBeProblem(HttpStatusCode.NotFound, "service-not-found");
    }

    [Fact]
    [Trait("Feature", "API-01")]
    public async Task are_renamed_only_in_the_version_that_was_read()
    {
        var tag = (await _admin.GetAsync($"api/v1/services/{_service}")).Headers.ETag!.ToString();
        var renamed = await _admin.Send(HttpMethod.Patch, $"services/{_service}", new { name = $"Archive {_service}" }, ifMatch: tag);
        renamed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await _admin.Send(HttpMethod.Patch, $"services/{_service}", new { name = "Attic" }, ifMatch: tag)
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-conflict");
        (await _admin.Read($"services?search=archive {_service}")).Ids().ShouldBe([_service]);
        await _admin.Send(HttpMethod.Post, "services", new { name = "" }).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation-failed");
    }
}
