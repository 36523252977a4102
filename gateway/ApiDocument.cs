using System.Text.Json.Nodes;

namespace InviteHub.Gateway;

/// <summary>Makes one OpenAPI document out of the services' own. Pure.</summary>
internal static class ApiDocument
{
    private const string Schemas = "#/components/schemas/";

    /// <summary>Merges the documents; a service without one is left out and named in the description.</summary>
    public static JsonObject Merge(IReadOnlyList<(string Service, JsonObject? Document)> parts)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        var tags = new JsonArray();
        string? version = null;
        foreach (var (service, document) in parts)
        {
            if (document is null)
                continue;
            version ??= (string?)document["openapi"];
            document["paths"] = OnlyRouted(service, document["paths"] as JsonObject);
            KeepApart(service, document, components["schemas"] as JsonObject ?? []);
            foreach (var (path, item) in Taken(document["paths"]))
                paths[path] = item;
            foreach (var (kind, members) in Taken(document["components"]))
            {
                var all = components[kind] as JsonObject ?? [];
                foreach (var (name, component) in Taken(members))
                    all.TryAdd(name, component);
                components[kind] = all;
            }

            foreach (var tag in (document["tags"] as JsonArray)?.ToArray() ?? [])
                tags.Add(tag?.DeepClone());
        }

        components["securitySchemes"] = new JsonObject
        {
            ["bearer"] = new JsonObject
            {
                ["type"] = "http", ["scheme"] = "bearer", ["description"] = "The accessToken that POST /api/v1/session answers.",
            },
        };
        var missing = parts.Where(p => p.Document is null).Select(p => p.Service).ToArray();
        return new JsonObject
        {
            ["openapi"] = version ?? "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "InviteHub API", ["version"] = "v1",
                ["description"] = "Errors are problem details (RFC 9457) with a stable code. Lists take page, pageSize, sort and search."
                    + (missing.Length == 0 ? "" : $" Incomplete: {string.Join(" and ", missing)} can't be reached right now."),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = components,
            ["tags"] = tags,
            // Signed in, or for what is open to everybody, not.
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject()),
        };
    }

    /// <summary>What the gateway has no route to is nobody's business out here.</summary>
    private static JsonObject OnlyRouted(string service, JsonObject? paths) => new(
        Taken(paths).Where(p => Backends.IsRouted(service, p.Key)));

    /// <summary>
    /// Two services may name different shapes alike: the later one's gets the service's name before it. Equal shapes are shared; a shape
    /// is only equal when what it refers to is.
    /// </summary>
    private static void KeepApart(string service, JsonObject document, JsonObject known)
    {
        while (document["components"]?["schemas"] is JsonObject own
               && own.FirstOrDefault(s => known.TryGetPropertyValue(s.Key, out var other) && !JsonNode.DeepEquals(s.Value, other)) is { Key: { } name } clash)
        {
            own.Remove(name);
            own[Capital(service) + name] = clash.Value;
            Rename(document, Schemas + name, Schemas + Capital(service) + name);
        }
    }

    private static void Rename(JsonNode? node, string from, string to)
    {
        if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference && (string?)reference == from)
                members["$ref"] = to;
            foreach (var (_, member) in members)
                Rename(member, from, to);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Rename(item, from, to);
        }
    }

    private static string Capital(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    /// <summary>The members of an object, free to be put into another.</summary>
    private static KeyValuePair<string, JsonNode?>[] Taken(JsonNode? node)
    {
        if (node is not JsonObject members)
            return [];
        var taken = members.ToArray();
        members.Clear();
        return taken;
    }
}
