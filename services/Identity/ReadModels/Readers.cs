using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>Somebody looked at a person's data within the hour that begins at an instant.</summary>
internal sealed record ReaderRow(DateTimeOffset At, LogActor By, string What);

/// <summary>Shows who looked at whom (LOG-05), as <see cref="ReaderLog"/> noted it here.</summary>
internal sealed class Readers(PostgresEventStore store)
{
    /// <summary>A page of those who looked at a person's data, the latest first unless asked otherwise.</summary>
    public async Task<Page<ReaderRow>> Of(Guid id, ListQuery list, CancellationToken ct)
    {
        var order = list.Sort is null ? "r.hour desc" : list.OrderBy(("at", "r.hour"));
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select count(*) from readers where user_id = @id;
            select r.hour, r.what, r.reader_id as id, u.first_name || ' ' || u.last_name as name
            from readers r left join users u on u.id = r.reader_id
            where r.user_id = @id order by {order}, r.reader_id, r.what limit @size offset @offset
            """,
            new { id, size = list.PageSize, offset = list.Offset },
            cancellationToken: ct));
        var total = await rows.ReadSingleAsync<long>();
        var page = await rows.ReadAsync<(DateTimeOffset Hour, string What, Guid Id, string? Name)>();
        return new([.. page.Select(row => new ReaderRow(row.Hour, new(row.Id, row.Name), row.What))], list.Page, list.PageSize, total);
    }
}

/// <summary>Marks endpoints that show the data of the person whose id is in the route.</summary>
internal static class ReadersExtensions
{
    /// <summary>Notes who looks, before they see anything; a refusal shows nothing, so that nothing is noted.</summary>
    /// <param name="endpoint">With the person's <c>{id}</c> in its route.</param>
    /// <param name="what">Of the person's data.</param>
    public static RouteHandlerBuilder NotesReader(this RouteHandlerBuilder endpoint, string what) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var answer = await next(context);
        var http = context.HttpContext;
        if ((answer is INestedHttpResult nested ? nested.Result : answer) is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
            && Guid.TryParse(http.GetRouteValue("id")?.ToString(), out var person) && CurrentUser.Of(http.User) is { } reader)
        {
            await http.RequestServices.GetRequiredService<ReaderLog>().Note(reader.Id, what, [person], http.RequestAborted);
        }

        return answer;
    });
}
