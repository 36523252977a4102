using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "API-01")]
public sealed class the_api_s_description
{
    private const string Identity =
        """
        {"openapi":"3.1.1","info":{"title":"x"},"paths":{
          "/api/v1/users":{"post":{"requestBody":{"$ref":"#/components/schemas/Request"}}},
          "/internal/sign-ins":{"post":{}}},
         "components":{"schemas":{"Request":{"type":"object"},"Problem":{"type":"string"},"List":{"items":{"$ref":"#/components/schemas/Problem"}}}},
         "tags":[{"name":"Identity"}]}
        """;

    private const string Subscriptions =
        """
        {"openapi":"3.1.1","paths":{
          "/api/v1/apps":{"post":{"requestBody":{"$ref":"#/components/schemas/Outer"},"answer":{"$ref":"#/components/schemas/Problem"}}},
          "/api/v1/users":{"get":{}}},
         "components":{"schemas":{"Request":{"type":"integer"},"Outer":{"items":{"$ref":"#/components/schemas/Request"}},"Problem":{"type":"string"}}}}
        """;

    [Fact]
    public async Task is_one_document_of_all_services_with_the_bearer_scheme()
    {
        await using var house = await House.Open();
        house.Identity.OpenApi = Identity;
        house.Services["subscriptions"].OpenApi = Subscriptions;
        house.Services["invitations"].OpenApi = """{"openapi":"3.1.1","paths":{"/api/v1/invitations":{}}}""";

        var answer = await house.Get("/openapi/v1.json");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("InviteHub API");
        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ShouldBe(["/api/v1/users", "/api/v1/apps", "/api/v1/invitations"]);
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString().ShouldBe("bearer");
        // The one without a document is named, and is no error.
        document.GetProperty("info").GetProperty("description").GetString()!.ShouldContain("notifications can't be reached");
    }

    [Fact]
    public async Task waits_for_a_service_that_is_slow_to_describe_itself()
    {
        await using var house = await House.Open();
        house.Identity.OpenApi = Identity;
        house.Identity.OpenApiTakes = TimeSpan.FromSeconds(6);

        var document = await house.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ShouldBe(["/api/v1/users"]);
    }

    [Fact]
    public void leaves_out_what_has_no_route()
    {
        var paths = Merge().AsObject()["paths"]!.AsObject();
        paths.ContainsKey("/internal/sign-ins").ShouldBeFalse();
        // Subscriptions says it has /users: the gateway would not ask it.
        paths["/api/v1/users"]!.AsObject().ContainsKey("get").ShouldBeFalse();
    }

    [Fact]
    public void keeps_shapes_apart_that_only_share_a_name_and_shares_equal_ones()
    {
        var document = Merge();
        var schemas = document["components"]!["schemas"]!.AsObject();
        schemas.Select(s => s.Key).ShouldBe(["Request", "Problem", "List", "Outer", "SubscriptionsRequest"], ignoreOrder: true);
        ((string?)document["paths"]!["/api/v1/users"]!["post"]!["requestBody"]!["$ref"]).ShouldBe("#/components/schemas/Request");
        ((string?)schemas["Outer"]!["items"]!["$ref"]).ShouldBe("#/components/schemas/SubscriptionsRequest");
        ((string?)document["paths"]!["/api/v1/apps"]!["post"]!["answer"]!["$ref"]).ShouldBe("#/components/schemas/Problem");
    }

    [Fact]
    public void shapes_that_refer_to_different_ones_are_different_though_they_read_alike()
    {
        const string First = """{"paths":{},"components":{"schemas":{"A":{"items":{"$ref":"#/components/schemas/B"}},"B":{"type":"string"}}}}""";
        const string Second = """{"paths":{},"components":{"schemas":{"A":{"items":{"$ref":"#/components/schemas/B"}},"B":{"type":"integer"}}}}""";

        var schemas = ApiDocument.Merge([("identity", Parse(First)), ("subscriptions", Parse(Second))])["components"]!["schemas"]!.AsObject();

        ((string?)schemas["SubscriptionsA"]!["items"]!["$ref"]).ShouldBe("#/components/schemas/SubscriptionsB");
        ((string?)schemas["A"]!["items"]!["$ref"]).ShouldBe("#/components/schemas/B");
    }

    [Fact]
    public async Task its_page_and_all_that_the_page_needs_are_served_here()
    {
        await using var house = await House.Open();
        var page = await house.Client.GetStringAsync("/docs/index.html");
        page.ShouldContain("InviteHub API");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        foreach (var asset in new[] { "swagger-ui.css", "swagger-ui-bundle.js", "index.js" })
            (await house.Get($"/docs/{asset}")).EnsureSuccessStatusCode();
        (await house.Get("/docs")).Headers.Location!.ToString().ShouldBe("docs/index.html");
    }

    private static JsonObject Merge() => ApiDocument.Merge([("identity", Parse(Identity)), ("subscriptions", Parse(Subscriptions)), ("invitations", null)]);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
