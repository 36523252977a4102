using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Lists who asked to be removed, and shows one request with its reason (GDP-01); who looks is noted.</summary>
internal static class ListRemovalRequests
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/removal-requests", Handle).WithName(nameof(ListRemovalRequests)).WithTags("Removal").Requires(Permission.ManageUsers);
        api.MapGet("/removal-requests/{requestId:guid}", Get).WithName("GetRemovalRequest").WithTags("Removal").Requires(Permission.ManageUsers);
    }

    private static async Task<Ok<Page<RemovalRequestRow>>> Handle(
        ListQuery list, string? status, CurrentUser caller, RemovalRequests requests, ReaderLog readers, CancellationToken ct)
    {
        var page = await requests.List(list, status, ct);
        await readers.Note(caller.Id, "removal", page.Items.Where(row => row.Email is not null).Select(row => row.UserId).Distinct(), ct);
        return TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<RemovalRequestRow>, ProblemHttpResult>> Get(
        Guid requestId, CurrentUser caller, RemovalRequests requests, ReaderLog readers, CancellationToken ct)
    {
        if (await requests.Find(requestId, ct) is not { } request)
            return new RemovalRequestNotFound().ToProblem();
        if (request.Email is not null)
            await readers.Note(caller.Id, "removal", [request.UserId], ct);
        return TypedResults.Ok(request);
    }
}
