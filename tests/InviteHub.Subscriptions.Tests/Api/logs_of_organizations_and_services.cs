using System.Net;
using System.Text.Json.Nodes;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "LOG-01")]
public class logs_of_organizations_and_services(SubscriptionsService service)
{
    private readonly HttpClient _admin = service.AsAdmin();
    private readonly Guid _ada = SubscriptionsService.NewId();

    [Fact]
    public async Task say_who_changed_what_from_what_to_what()
    {
        await service.Person(_ada, "Ada", "Alm");
        var id = await _admin.Make("organizations", new { name = "Acme", kinds = new[] { "supplier" } });
        await _admin.Send(HttpMethod.Put, $"organizations/{id}/permissions/{_ada}", new { permissions = new[] { "founder" } });
        using var asAda = service.As(_ada);
        await asAda.Send(HttpMethod.Patch, $"organizations/{id}/settings", new { invitationValidForDays = 30 });
        await asAda.Send(HttpMethod.Patch, $"organizations/{id}/settings", new { invitationValidForDays = 60 });
        await asAda.Send(HttpMethod.Post, $"organizations/{id}/classrooms", new { name = "Blue" });
        await asAda.Send(HttpMethod.Put, $"organizations/{id}/administrators/{_ada}", new { role = "supplierAdmin" });

        var log = await asAda.Read($"organizations/{id}/logs");
        Changes(log, "name").ShouldBe([(null, "Acme")]);
        Changes(log, $"permissions.{_ada}").ShouldBe([(null, "Ada Alm: founder")]);
        Changes(log, "settings.invitationValidForDays").ShouldBe([(null, "365"), ("365", "30"), ("30", "60")]);
        Changes(log, "classrooms.").ShouldBe([(null, "Blue")]);
        Changes(log, $"supplierAdmin.{_ada}").ShouldBe([(null, "Ada Alm: requested"), ("Ada Alm: requested", "Ada Alm: active")]);
        log["items"]!.AsArray().Single(e => (string?)e!["event"] == "appointment.requested.v2")!["by"]!["name"]!.GetValue<string>().ShouldBe("Ada Alm");
        log["items"]![0]!["by"]!["id"]!.GetValue<Guid>().ShouldBe(World.Admin);

        var last = await asAda.Read($"organizations/{id}/logs?sort=at:desc&pageSize=1");
        ((string?)last["items"]!.AsArray().Single()!["event"], last["total"]!.GetValue<long>()).ShouldBe(("appointment.granted.v1", 7));
        await asAda.GetAsync($"api/v1/organizations/{id}/logs?sort=who").ShouldBeProblem(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    [Trait("Feature", "ROL-06")]
    public async Task tell_of_one_professional()
    {
        var id = await _admin.Make("organizations", new { name = "Acme", kinds = new[] { "supplier" } });
        var path = $"organizations/{id}/professionals/{_ada}";
        await _admin.GetAsync($"api/v1/{path}/logs").ShouldBeProblem(HttpStatusCode.NotFound, "not-appointed");
        await _admin.Send(HttpMethod.Put, path, new { languages = new[] { "sv" } });
        await _admin.Send(HttpMethod.Patch, path, new { languages = new[] { "sv", "en" } });
        Changes(await _admin.Read($"{path}/logs"), "languages").ShouldBe([(null, "sv"), ("sv", "en, sv")]);
    }

    [Fact]
    [Trait("Feature", "ROL-05")]
    public async Task tell_of_a_service_and_its_administrators()
    {
        var id = await _admin.Make("services", new { name = "Library" });
        await _admin.Send(HttpMethod.Patch, $"services/{id}", new { name = "Archive" });
        await _admin.PutAsync($"api/v1/services/{id}/administrators/{_ada}", null);
        var log = await _admin.Read($"services/{id}/logs");
        Changes(log, "name").ShouldBe([(null, "Library"), ("Library", "Archive")]);
        Changes(log, "serviceAdmin.").ShouldBe([(null, "requested"), ("requested", "active")]);
        await _admin.GetAsync($"api/v1/services/{World.Stranger}/logs").ShouldBeProblem(HttpStatusCode.NotFound, "service-not-found");
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task are_for_founders_and_System_admins()
    {
        var id = await _admin.Make("organizations", new { name = "Acme", kinds = new[] { "customer" } });
        using var asAda = service.As(_ada);
        await asAda.GetAsync($"api/v1/organizations/{id}/logs").ShouldBeProblem(HttpStatusCode.NotFound, "organization-not-found");
        await _admin.Send(HttpMethod.Put, $"organizations/{id}/permissions/{_ada}", new { permissions = new[] { "member" } });
        await asAda.GetAsync($"api/v1/organizations/{id}/logs").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        await asAda.GetAsync($"api/v1/organizations/{id}/mentors/{_ada}/logs").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
        await asAda.GetAsync($"api/v1/services/{id}/logs").ShouldBeProblem(HttpStatusCode.Forbidden, "not-permitted");
    }

    private static (string?, string?)[] Changes(JsonObject log, string field) =>
    [
        .. from entry in log["items"]!.AsArray()
           from change in entry["changes"]!.AsArray()
           where ((string)change["field"]!).StartsWith(field, StringComparison.Ordinal)
           select ((string?)change["before"], (string?)change["after"]),
    ];
}
