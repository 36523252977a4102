using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.Architecture.Tests.Red;

internal static class RedEndpoints
{
    public sealed record Request(string Text);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/named/{id:guid}", (Guid id, Uri service) => $"{id}{service}").Requires(Permission.OwnAccount);
        api.MapGroup("/group").Requires(Permission.Invite).MapPut("/inner", (Request request) => request.Text);
        api.MapGet("/forgotten", () => "");
        api.MapGroup("/twice").Requires(Permission.Invite).MapPost("/inner", () => "").Requires(Permission.Anyone);
    }

    public static void MapMore(WebApplication app) => app.MapGet("/more", () => "");
}
