using System.Globalization;
using InviteHub.EventStore;
using Microsoft.AspNetCore.Http;

namespace InviteHub.ServiceDefaults;

/// <summary>The thing has moved on since the caller read it (412).</summary>
/// <param name="Version">The version it has now.</param>
public sealed record VersionConflict(long Version) : Refusal(
    RefusalKind.Stale, "version-conflict",
    "It was changed since it was read; read it again and send the change with its new ETag.");

/// <summary>The versions that a caller's change is meant for: <c>If-Match</c> with the ETag of a GET (RFC 9110, API-01).</summary>
/// <param name="Versions">The versions named; null when any will do.</param>
public sealed record IfMatch(IReadOnlyList<long>? Versions)
{
    /// <summary>Refuses unless the thing still has a version that the caller named.</summary>
    public Refusal? WhyNot(long current) => Versions is null || Versions.Contains(current) ? null : new VersionConflict(current);

    /// <summary>Lets minimal APIs take it as a parameter. A tag that is not one of ours matches nothing.</summary>
    public static ValueTask<IfMatch> BindAsync(HttpContext context)
    {
        var tags = context.Request.Headers.IfMatch.SelectMany(v => v?.Split(',', StringSplitOptions.TrimEntries) ?? []).ToArray();
        return ValueTask.FromResult(new IfMatch(tags.Length == 0 || tags.Contains("*", StringComparer.Ordinal) ? null : [.. tags.Select(VersionOf)]));
    }

    private static long VersionOf(string tag) =>
        tag is ['"', .., '"'] && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
}

/// <summary>Tells callers which version they read.</summary>
public static class EntityTags
{
    /// <summary>Names the version of a thing, that of its stream, in the response's <c>ETag</c>.</summary>
    public static void SetVersion(this HttpResponse response, long version) => response.Headers.ETag = $"\"{version}\"";
}
