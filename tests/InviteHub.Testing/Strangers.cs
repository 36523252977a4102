using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Testing;

/// <summary>What somebody tries on an endpoint that they have no business with.</summary>
/// <param name="Endpoint">Method and route below <c>/api/v1</c>: <c>PUT users/{id:guid}/system-role</c>.</param>
/// <param name="Ids">What stands in the places of the route, in their order: ids of things that are there, and somebody else's.</param>
/// <param name="Body">A request that would be good from somebody who may.</param>
/// <param name="LeavesTrace">Another service decides: what was asked for is kept here, with its refusal.</param>
/// <param name="Owner">Whose it is, where nobody else may.</param>
/// <param name="Query">What stands behind the route: <c>?organizationId=…</c>.</param>
public sealed record Attempt(
    string Endpoint, object[] Ids, object? Body = null, bool LeavesTrace = false, CurrentUser? Owner = null, string Query = "");

/// <summary>
/// Holds every endpoint of a running service to SEC-02: without a session it answers 401; to those who are signed in and have no business
/// there 403 or 404, or a list without anything of it; and nothing changes. A new endpoint without its line among the attempts is found.
/// </summary>
public static partial class Strangers
{
    /// <summary>What is wrong, a line each.</summary>
    /// <param name="service">The service.</param>
    /// <param name="owner">Somebody who may do all of it, so that a refusal is about the caller and not about the request.</param>
    /// <param name="strangers">Those who may not.</param>
    /// <param name="secrets">Ids and texts by which what they must neither see nor change is known.</param>
    /// <param name="open">The endpoints that are for everybody, or for other services alone.</param>
    /// <param name="attempts">A line for each other endpoint, but those of one's own account that take no id.</param>
    /// <param name="signedIn">The endpoints that whoever is signed in may use, since they show and change nothing that is somebody's.</param>
    public static async Task<IReadOnlyList<string>> Violations(
        TestService service, CurrentUser owner, IReadOnlyList<CurrentUser> strangers, IReadOnlyList<string> secrets, IReadOnlyList<string> open,
        IReadOnlyList<Attempt> attempts, params IReadOnlyList<string> signedIn)
    {
        var wrong = new List<string>();
        var endpoints = Endpoints(service.Services);
        var known = open.Concat(signedIn).Concat(attempts.Select(attempt => attempt.Endpoint)).ToHashSet(StringComparer.Ordinal);
        wrong.AddRange(endpoints.Where(e => NeedsLine(e.Name, e.Row) && !known.Contains(e.Name)).Select(e => $"{e.Name} is tried by nobody: add its line"));
        wrong.AddRange(known.Except(endpoints.Select(e => e.Name)).Select(name => $"{name} is no endpoint"));
        wrong.AddRange(endpoints.Where(e => e.Row.NeedsSession == open.Contains(e.Name) && NeedsLine(e.Name, e.Row)).Select(e => $"{e.Name} is {e.Row.Name}"));

        using var nobody = service.Client();
        foreach (var (name, _) in endpoints.Where(e => e.Row.NeedsSession))
        {
            var (status, _) = await Send(nobody, new(name, [.. Enumerable.Repeat<object>(owner.Id, Places().Count(name))]));
            if (status != HttpStatusCode.Unauthorized)
                wrong.Add($"{name} answers {(int)status} without a session");
        }

        var shown = new HashSet<Attempt>();
        var before = await Rows();
        foreach (var attempt in attempts.OrderBy(attempt => attempt.LeavesTrace))
        {
            foreach (var stranger in strangers)
            {
                using var client = service.Client(stranger);
                var (status, body) = await Send(client, attempt);
                if (status == HttpStatusCode.OK && attempt.Endpoint.StartsWith("GET ", StringComparison.Ordinal) && !Tells(body))
                    shown.Add(attempt);
                else if (status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                    wrong.Add($"{attempt.Endpoint} answers {(int)status} to a stranger ({stranger.Role}): {body}");
            }

            if (attempt.LeavesTrace)
                continue;
            var after = await Rows();
            wrong.AddRange(after.Except(before).Concat(before.Except(after)).Select(row => $"{attempt.Endpoint} of a stranger changed {row}"));
            before = after;
        }

        foreach (var attempt in attempts)
        {
            using var rightful = service.Client(attempt.Owner ?? owner);
            var (status, body) = await Send(rightful, attempt);
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                wrong.Add($"{attempt.Endpoint} answers {(int)status} to whoever may, so that it proves nothing: {body}");
            else if (shown.Contains(attempt) && !Tells(body))
                wrong.Add($"{attempt.Endpoint} shows nothing to whoever may, so that it proves nothing: {body}");
        }

        return wrong;

        bool Tells(string text) => secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));

        async Task<IReadOnlyCollection<string>> Rows() => [.. (await service.Database.Dump()).Split('\n').Where(Tells)];
    }

    private static IReadOnlyList<(string Name, Permission Row)> Endpoints(IServiceProvider services) =>
        [.. from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let row = endpoint.Metadata.GetRequiredMetadata<Permission>()
            where row != Permission.Operational
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            let route = endpoint.RoutePattern.RawText!.Trim('/')
            select ($"{method} {(route.StartsWith("api/v1/", StringComparison.Ordinal) ? route[7..] : $"/{route}")}", row)];

    private static bool NeedsLine(string name, Permission row) => (row != Permission.OwnAccount && row != Permission.OwnPassword) || name.Contains('{', StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Body)> Send(HttpClient client, Attempt attempt)
    {
        var (method, route) = (attempt.Endpoint.Split(' ')[0], attempt.Endpoint.Split(' ')[1]);
        var next = 0;
        var path = Places().Replace(route, _ => attempt.Ids[next++].ToString()!);
        using var request = new HttpRequestMessage(new HttpMethod(method), (path.StartsWith('/') ? path : $"/api/v1/{path}") + attempt.Query);
        request.Content = attempt.Body is null ? null : attempt.Body as HttpContent ?? JsonContent.Create(attempt.Body);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // What tells of changes has no end, and of nothing but that there are some.
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Places();
}
