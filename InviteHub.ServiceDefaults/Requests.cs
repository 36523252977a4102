using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace InviteHub.ServiceDefaults;

/// <summary>How long the caller wants to wait for a slow outcome: <c>Prefer: wait=N</c> (RFC 7240), 5 s unless told, at most 30 s.</summary>
/// <param name="Time">The time to wait.</param>
public sealed record PreferWait(TimeSpan Time)
{
    /// <summary>Lets minimal APIs take it as a parameter.</summary>
    public static ValueTask<PreferWait> BindAsync(HttpContext context)
    {
        foreach (var preference in context.Request.Headers["Prefer"].SelectMany(v => v?.Split(',') ?? []))
        {
            if (preference.Trim().Split('=') is ["wait", var seconds] && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return ValueTask.FromResult(new PreferWait(TimeSpan.FromSeconds(Math.Min(n, 30))));
        }

        return ValueTask.FromResult(new PreferWait(TimeSpan.FromSeconds(5)));
    }
}

/// <summary>Which page of a list, in which order: <c>page</c> from 1, <c>pageSize</c> 1–200 (20 unless told), <c>sort=field:asc|desc</c>, <c>search</c>.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">1–200.</param>
/// <param name="Sort">The field, or null for the list's own order.</param>
/// <param name="Descending">Whether from last to first.</param>
/// <param name="Search">What to look for, or null.</param>
public sealed record ListQuery(int Page, int PageSize, string? Sort, bool Descending, string? Search)
{
    private const int Trigram = 3;

    /// <summary>How many rows come before the page.</summary>
    public long Offset => (Page - 1L) * PageSize;

    /// <summary>Lets minimal APIs take it as a parameter; what it can't read is a malformed request.</summary>
    public static ValueTask<ListQuery> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var page = Number(query["page"], "page", 1, 1_000_000, 1);
        var size = Number(query["pageSize"], "pageSize", 1, 200, 20);
        var (sort, descending) = query["sort"].ToString().Split(':') switch
        {
            [""] => (null, false),
            [var field] => (field, false),
            [var field, "asc"] => (field, false),
            [var field, "desc"] => (field, true),
            _ => throw new BadHttpRequestException("sort is field:asc or field:desc"),
        };
        var search = query["search"].ToString().Trim();
        return ValueTask.FromResult(new ListQuery(page, size, sort, descending, search.Length == 0 ? null : search));
    }

    /// <summary>The SQL order for the asked sort out of those that a list offers; never text from the request itself.</summary>
    /// <param name="columns">Field in the API to SQL expression; the first is the default.</param>
    /// <exception cref="BadHttpRequestException">The list can't be sorted by that field.</exception>
    public string OrderBy(params IReadOnlyList<(string Field, string Sql)> columns)
    {
        if (Sort is null)
            return columns[0].Sql;
        var (field, sql) = columns.FirstOrDefault(c => c.Field == Sort);
        return field is null
            ? throw new BadHttpRequestException($"sort takes {string.Join(", ", columns.Select(c => c.Field))}")
            : $"{sql} {(Descending ? "desc" : "asc")}";
    }

    /// <summary>The asked page of all there are.</summary>
    public T[] PageOf<T>(T[] all) => [.. all.Skip((int)Math.Min(Offset, all.Length)).Take(PageSize)];

    /// <summary>
    /// Whether a trigram index can look for it: less than three letters in a row are no trigram, and somewhere in nearly every name. Those are taken
    /// for how a word begins.
    /// </summary>
    public static bool HasTrigram(string search)
    {
        var text = search.Normalize(NormalizationForm.FormKC);
        return Enumerable.Range(0, text.Length).Any(i => i + Trigram <= text.Length && text.AsSpan(i, Trigram).ToArray().All(char.IsLetterOrDigit));
    }

    private static int Number(string? text, string name, int least, int most, int otherwise)
    {
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most
            ? n
            : throw new BadHttpRequestException($"{name} is a number from {least} to {most}");
    }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="PageSize">How many rows a page has at most.</param>
/// <param name="Total">How many rows there are in all.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, [property: System.Text.Json.Serialization.JsonPropertyName("page")] int Number, int PageSize, long Total);
