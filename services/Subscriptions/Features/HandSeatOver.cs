using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>A System admin or founder gives an occupied seat to another member (SUB-03); what the app grants follows by <c>SeatTransferred</c>.</summary>
internal static class HandSeatOver
{
    public sealed record Request(Guid? UserId);

    public static void Map(RouteGroupBuilder subscriptions) => subscriptions.MapPost("/{id:guid}/seats/{invitationId:guid}/transfer", Handle)
        .Requires(Permission.ManageSeats).WithName(nameof(HandSeatOver));

    /// <summary>Why a caller may not move the seats of an organization, or null.</summary>
    public static Refusal? WhyNot(CurrentUser user, Organization organization) =>
        user.IsSystemAdmin || organization.AccessOf(user.Id).Contains(OrganizationAccess.Founder) ? null : new NotPermitted("a System admin or the founder");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid invitationId, Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(request.UserId is not null, "userId", "the member who is to have the seat");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await GetSubscription.Read(store, id, user, ct) is not { OrganizationId: var organizationId })
            return new SubscriptionNotFound().ToProblem();

        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session =>
            {
                var organization = (await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(organizationId), ct: ct))!;
                var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(id, organizationId), ct);
                return WhyNot(user, organization) ?? ifMatch.WhyNot(stream.CurrentVersion) ?? await session.MoveSeats(
                    stream.Id, subscription => TransferSeat.Decide(subscription, organization, new(invitationId, request.UserId!.Value)), ct);
            },
            ct);
        return refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
