using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InviteHub.ServiceDefaults;

/// <summary>Describes what handlers read from a request by themselves (API-01): which page of a list, what a change is meant for, how long to wait, under which key.</summary>
internal static class RequestDescription
{
    private static readonly Dictionary<Type, OpenApiParameter[]> Read = new()
    {
        [typeof(ListQuery)] =
        [
            Query("page", JsonSchemaType.Integer, "Which page, from 1; the first unless given."),
            Query("pageSize", JsonSchemaType.Integer, "How many rows a page has, 1 to 200; 20 unless given."),
            Query("sort", JsonSchemaType.String, "A field and a direction, such as firstName:asc or createdAt:desc; a field that the list can't be sorted by is refused with those that it can."),
            Query("search", JsonSchemaType.String, "What to look for."),
        ],
        [typeof(IfMatch)] = [Header("If-Match", "The ETag of what was read: the change is refused (412) when it is another by now.")],
        [typeof(PreferWait)] = [Header("Prefer", "wait=N: how many seconds to wait for a slow outcome, 5 unless given, at most 30. After that the answer is 202.")],
        [typeof(Idempotency)] = [Header(Idempotency.Header, "The same key and body give the same answer once more, for a day; the same key with another body is a conflict.")],
    };

    /// <summary>Adds the parameters of one operation.</summary>
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var takes = context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters());
        foreach (var parameter in takes.SelectMany(taken => Read.GetValueOrDefault(taken.ParameterType, [])))
            (operation.Parameters ??= []).Add(parameter);
        return Task.CompletedTask;
    }

    private static OpenApiParameter Query(string name, JsonSchemaType type, string description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = type } };

    private static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
