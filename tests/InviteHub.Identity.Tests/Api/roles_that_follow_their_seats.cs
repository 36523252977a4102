using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "SUB-03")]
public class roles_that_follow_their_seats(IdentityService identity)
{
    // Of this test alone, and in the order of their numbers.
    private readonly Dictionary<int, Guid> _told = Enumerable.Range(1, 3).ToDictionary(n => n, n => Guid.CreateVersion7(Some.Instant.AddSeconds(n)));

    [Fact]
    public async Task end_for_one_and_are_granted_to_the_other_until_the_seat_is_taken_back()
    {
        var (seat, next) = (await Seat(), (await identity.Person()).Id);
        await identity.Tell(Moves(seat, seat.UserId, next), Told(1));
        await Has(next, "editor");
        (await Roles(seat.UserId)).ShouldBeEmpty();
        var shown = (await Shown(next))["appRoles"]!.AsArray().ShouldHaveSingleItem()!;
        (shown["subscriptionId"]!.GetValue<Guid>(), shown["organizationId"]!.GetValue<Guid>()).ShouldBe((seat.SubscriptionId!.Value, seat.OrganizationId));

        await identity.Tell(Ends(seat, next), Told(2));
        await Has(next);
        (await Log(next)).ShouldBe(["user.app_role_granted.v1", "user.app_role_ended.v1"]);
        (await Log(seat.UserId)).ShouldBe(["user.app_role_granted.v1", "user.app_role_ended.v1"]);
        identity.Heard<PersonChanged>().Count(m => m.UserId == next).ShouldBe(1, "nothing that others show has changed");
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(3, 2, 1)]
    public async Task are_where_the_seat_went_last_in_whatever_order_it_is_told(params int[] order)
    {
        var (seat, second, third) = (await Seat(), (await identity.Person()).Id, (await identity.Person()).Id);
        foreach (var one in order)
        {
            await Handled(one switch
            {
                1 => Moves(seat, seat.UserId, second),
                2 => Moves(seat, second, third),
                _ => Moves(seat, third, second),
            }, Told(one));
        }

        (await Roles(second)).ShouldBe(["editor"]);
        (await Roles(seat.UserId)).ShouldBeEmpty();
        (await Roles(third)).ShouldBeEmpty();
    }

    [Fact]
    public async Task end_when_the_seat_is_taken_back_before_its_transfer_is_told()
    {
        var (seat, next) = (await Seat(), (await identity.Person()).Id);
        await identity.Tell(Ends(seat, next), Told(2));
        await Eventually.Is(async () => await Inbox("SeatTakenBackConsumer", Told(2)), "the end is handled");
        (await Roles(seat.UserId)).ShouldBe(["editor"]);
        await Handled(Moves(seat, seat.UserId, next), Told(1));
        (await Roles(seat.UserId)).ShouldBeEmpty();
        (await Roles(next)).ShouldBeEmpty();
    }

    [Fact]
    public async Task go_to_one_when_two_moves_are_told_at_once()
    {
        var (seat, second, third) = (await Seat(), (await identity.Person()).Id, (await identity.Person()).Id);
        await Task.WhenAll(Handled(Moves(seat, seat.UserId, second), Told(1)), Handled(Moves(seat, second, third), Told(2)));
        (await Roles(third)).ShouldBe(["editor"]);
        (await Roles(second)).ShouldBeEmpty();
        (await Roles(seat.UserId)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "ROL-09")]
    public async Task are_not_granted_to_who_has_them_by_another_seat_and_go_on_with_their_own()
    {
        var (seat, next) = (await Seat(), (await identity.Person()).Id);
        var other = await Seat(seat.SubscriptionId);
        await Handled(Moves(seat, seat.UserId, other.UserId), Told(1));
        (await Roles(seat.UserId)).ShouldBeEmpty();
        await Handled(Moves(seat, other.UserId, next), Told(2));
        (await Roles(next)).ShouldBe(["editor"]);
        (await Roles(other.UserId)).ShouldBe(["editor"]);
    }

    private Guid Told(int n) => _told[n];

    private static SeatTransferred Moves(RegistrationStarted seat, Guid from, Guid to) =>
        new(seat.InvitationId, seat.OrganizationId, seat.SubscriptionId!.Value, from, to);

    private static SeatTakenBack Ends(RegistrationStarted seat, Guid user) => new(seat.InvitationId, seat.OrganizationId, seat.SubscriptionId!.Value, user);

    private async Task<RegistrationStarted> Seat(Guid? subscription = null)
    {
        var seat = Some.Registration().WithAccess(subscription: subscription);
        await identity.Tell(seat);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == seat.RegistrationId);
        return seat;
    }

    private async Task Handled(SeatTransferred move, Guid told)
    {
        await identity.Tell(move, told);
        await Eventually.Is(async () => await Inbox("SeatTransferredConsumer", told), "the move is handled");
    }

    private Task<bool> Inbox(string consumer, Guid message) =>
        identity.Database.Ask<bool>("select exists (select from inbox where consumer = $1 and message_id = $2)", consumer, message);

    private Task Has(Guid user, params string[] roles) => Eventually.Is(async () => (await Roles(user)).SequenceEqual(roles), "the role has followed");

    private async Task<string[]> Roles(Guid user) => [.. (await Shown(user))["appRoles"]!.AsArray().Select(role => role!["role"]!.GetValue<string>())];

    private async Task<string[]> Log(Guid user)
    {
        var log = await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{user}/logs?pageSize=100");
        return [.. log!["items"]!.AsArray().Select(entry => entry!["event"]!.GetValue<string>()).Where(name => name.Contains("app_role"))];
    }

    private async Task<JsonNode> Shown(Guid user) => (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{user}"))!;
}
