using InviteHub.Contracts;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>Looks at an address before somebody is invited: whether mail can go there, and whether another one was probably meant (INV-15).</summary>
internal static class CheckAddress
{
    /// <summary>In the body and not in the address of the request, which others keep in their logs.</summary>
    public sealed record Request(string? Email);

    /// <summary>What is known of it.</summary>
    /// <param name="Valid">Whether mail can be sent there.</param>
    /// <param name="Reason">Why not.</param>
    /// <param name="LikelyMeant">The address that was probably meant, when the domain looks like a slip of the finger.</param>
    public sealed record View(bool Valid, string? Reason, string? LikelyMeant);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/notifications/address-checks", Handle).WithName(nameof(CheckAddress)).WithTags("Messages").Requires(Permission.Invite);

    private static Ok<View> Handle(Request request) => TypedResults.Ok(
        EmailAddress.TryParse(request.Email, out var address, out var reason)
            ? new View(Valid: true, Reason: null, address.LikelyMeant)
            : new View(Valid: false, reason, LikelyMeant: null));
}
