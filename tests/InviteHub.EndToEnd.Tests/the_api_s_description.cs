using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

[Collection(Collection)]
[Trait("Feature", "API-01")]
public sealed class the_api_s_description(RunningApplication app)
{
    [Fact]
    public async Task describes_each_request_in_a_shape_of_its_own()
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        var document = (await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (Path: path.Key, operation.Key, operation.Value)).ToArray();
        var bodies = operations.Select(o => (string?)o.Value!["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]).Where(shape => shape is not null).ToArray();

        operations.Select(o => o.Path).ShouldContain("/api/v1/session");
        operations.ShouldAllBe(o => o.Path.StartsWith("/api/v1/"));
        bodies.ShouldNotBeEmpty();
        bodies.ShouldBeUnique();
        var schemas = document["components"]!["schemas"]!.AsObject();
        bodies.ShouldAllBe(shape => schemas.ContainsKey(shape!.Replace("#/components/schemas/", "")));
    }
}
