using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

[Collection(Collection)]
[Trait("Feature", "API-01")]
public sealed class the_api_s_description(RunningApplication app)
{
    [Fact]
    public async Task names_what_every_list_and_every_change_takes()
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        var paths = (await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!["paths"]!;

        Taken("/api/v1/users", "get").ShouldBe(["page", "pageSize", "sort", "search"], ignoreOrder: true);
        Taken("/api/v1/invitations", "post").ShouldBe(["Idempotency-Key", "Prefer"], ignoreOrder: true);
        Taken("/api/v1/organizations/{id}", "patch").ShouldContain("If-Match");

        string[] Taken(string path, string method) => [.. paths[path]![method]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!)
            .Where(name => char.IsUpper(name[0]) || name is "page" or "pageSize" or "sort" or "search")];
    }

    [Fact]
    public async Task describes_each_request_in_a_shape_that_says_what_it_is()
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        var document = (await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (Path: path.Key, operation.Key, operation.Value)).ToArray();
        var bodies = operations.Select(o => o.Value!["requestBody"]?["content"]?["application/json"]?["schema"]).OfType<JsonNode>().ToArray();
        var shapes = bodies.Select(body => (string?)body["$ref"]).OfType<string>().Select(reference => reference.Replace("#/components/schemas/", "")).ToArray();

        operations.Select(o => o.Path).ShouldContain("/api/v1/session");
        operations.ShouldAllBe(o => o.Path.StartsWith("/api/v1/"));
        // A shape named after nothing but its being one was another operation's, before each got the name of its feature.
        shapes.ShouldNotBeEmpty();
        shapes.ShouldAllBe(shape => !Regex.IsMatch(shape, @"^(?:Request|Body|Json\w*)\d*$", RegexOptions.NonBacktracking));
        var schemas = document["components"]!["schemas"]!.AsObject();
        shapes.ShouldAllBe(shape => schemas[shape]!["properties"] != null);
        bodies.Where(body => body["$ref"] is null).ShouldAllBe(body => body["properties"] != null || body["oneOf"] != null || body["items"]!["$ref"] != null);
        document["paths"]!["/api/v1/me/profile"]!["patch"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!["firstName"].ShouldNotBeNull();
    }
}
