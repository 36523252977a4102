using System.Text.Json.Nodes;
using InviteHub.Invitations.Features;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-07")]
public sealed class editing_an_invitation
{
    private static readonly DateOnly Today = new(2026, 11, 21);
    private static readonly InvitationEvent.Requested Customer = Some.Requested() with { LmaNumber = "LMA-1" };
    private static readonly InvitationEvent.Requested Access = Some.Requested(subscription: Some.Subscription);

    [Fact]
    public void changes_what_the_patch_names_and_nothing_else()
    {
        var command = Read(Customer, new() { ["firstName"] = "Eda", ["personalNumber"] = "19811218-9876", ["lmaNumber"] = null }).Command!;

        EditInvitation.Decide(Some.Pending(), command).ShouldBe(new InvitationEvent.DetailsChanged(
            Some.Invitee, "Eda", "Lovelace", "198112189876", null, null, null, null, null, "en", Some.Admin, Some.Now));
    }

    [Fact]
    public void leaves_the_link_as_it_is()
    {
        var command = Read(Customer, new() { ["firstName"] = "Eda" }).Command!;
        var edited = EditInvitation.Decide(Some.Pending(), command).Events.Aggregate(Some.Pending(), (state, e) => state.Apply(e));

        edited.Offer!.FirstName.ShouldBe("Eda");
        GetRegistration.Problem(edited, 1, Some.Now).ShouldBeNull();
    }

    [Fact]
    public void to_what_it_says_already_changes_nothing()
    {
        var pending = Some.Given(Customer, Some.Opened());

        EditInvitation.Decide(pending, Read(Customer, new() { ["lastName"] = "Lovelace" }).Command!).ShouldBe();
    }

    public static TheoryData<object, string, string?> Wrong => new()
    {
        { Customer, "email", "eda@example.org" },
        { Customer, "organizationId", "0198c2d0-0000-7000-8000-0000000000a9" },
        { Customer, "firstName", "E" },
        { Customer, "personalNumber", "19811218-9875" },
        { Customer, "phone", "070-1234567" },
        { Access, "role", "editor" },
        { Access, "lastName", null },
        { Access with { IsExistingUser = true }, "firstName", "Eda" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [Trait("Feature", "INV-03")]
    public void names_the_one_field_that_is_wrong(object offer, string field, string? value) =>
        Read((InvitationEvent.Requested)offer, new() { [field] = value }).Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe([field]);

    [Fact]
    [Trait("Feature", "INV-03")]
    public void still_needs_one_of_the_two_numbers() =>
        Read(Customer, new() { ["lmaNumber"] = null }).Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["personalNumber"]);

    [Fact]
    [Trait("Feature", "INV-04")]
    public void holds_citizenships_to_each_other() =>
        Read(Customer, new() { ["swedishCitizen"] = true, ["euCitizen"] = false }).Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["euCitizen"]);

    [Fact]
    public void is_too_late_once_it_has_ended_and_waits_while_it_is_used()
    {
        var command = Read(Customer, new() { ["firstName"] = "Eda" }).Command!;

        EditInvitation.Decide(Some.Pending().Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), command).ShouldBeRefused<NotEditable>();
        EditInvitation.Decide(Some.Registering(), command).ShouldBeRefused<RegistrationUnderWay>();
        EditInvitation.Decide(Some.Pending().Apply(new InvitationEvent.Expired(Some.Now)), command).Events.ShouldHaveSingleItem();
    }

    private static (EditInvitation.Command? Command, ServiceDefaults.ValidationFailed? Refusal) Read(InvitationEvent.Requested offer, JsonObject patch) =>
        EditInvitation.Read(offer, patch, Today, Some.Admin, Some.Now);
}
