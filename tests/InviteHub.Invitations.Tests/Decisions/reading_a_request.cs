using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

public sealed class reading_a_request
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    private static readonly CreateInvitation.Request Customer = new(
        "customer", Some.Organization, "Ada", "Lovelace", "Ada@Example.org", "ada@example.org", SwedishCitizen: null, EuCitizen: null,
        LmaNumber: null, "19811218-9876", Phone: null, Gender: null, AppId: null, SubscriptionId: null, Role: null, UserId: null, Invitee: null, Language: null);

    private static readonly CreateInvitation.Request Access = new(
        "access", Some.Organization, FirstName: null, LastName: null, Email: null, EmailConfirmation: null, SwedishCitizen: null, EuCitizen: null,
        LmaNumber: null, PersonalNumber: null, Phone: null, Gender: null, Some.Id, Some.Subscription, "editor", UserId: null,
        new("Ada", "Lovelace", "ada@example.org"), "sv");

    [Fact]
    [Trait("Feature", "INV-01")]
    public void takes_a_customers_invitee_as_typed()
    {
        var (details, refusal) = CustomerInvitation.Read(Customer, Today);

        refusal.ShouldBeNull();
        details!.Email!.Text.ShouldBe("Ada@Example.org");
        details.PersonalNumber.ShouldBe("198112189876");
    }

    public static TheoryData<string, object> WrongCustomers => new()
    {
        { "organizationId", Customer with { OrganizationId = null } },
        { "firstName", Customer with { FirstName = "A" } },
        { "lastName", Customer with { LastName = new string('x', 71) } },
        { "lastName", Customer with { LastName = "Love\r\nlace" } },
        { "email", Customer with { Email = "ada" } },
        { "emailConfirmation", Customer with { EmailConfirmation = "eda@example.org" } },
        { "personalNumber", Customer with { PersonalNumber = "19811218-9875" } },
        { "personalNumber", Customer with { PersonalNumber = null } },
        { "euCitizen", Customer with { SwedishCitizen = true, EuCitizen = false } },
        { "phone", Customer with { Phone = "070-1234567" } },
        { "language", Customer with { Language = "de" } },
    };

    [Theory]
    [MemberData(nameof(WrongCustomers))]
    [Trait("Feature", "INV-01")]
    [Trait("Feature", "INV-03")]
    [Trait("Feature", "INV-04")]
    public void names_the_one_field_that_is_wrong_with_a_customers(string field, object request) =>
        Errors(CustomerInvitation.Read((CreateInvitation.Request)request, Today).Refusal).ShouldBe([field]);

    [Fact]
    [Trait("Feature", "INV-03")]
    public void is_content_with_an_lma_number_instead_of_a_personal_number() =>
        CustomerInvitation.Read(Customer with { PersonalNumber = null, LmaNumber = "LMA-1" }, Today).Refusal.ShouldBeNull();

    [Fact]
    [Trait("Feature", "INV-04")]
    public void draws_the_conclusions_from_one_citizenship_to_the_other()
    {
        CustomerInvitation.Read(Customer with { SwedishCitizen = true }, Today).Details!.EuCitizen.ShouldBe(true);
        CustomerInvitation.Read(Customer with { EuCitizen = false }, Today).Details!.SwedishCitizen.ShouldBe(false);
        CustomerInvitation.Read(Customer with { EuCitizen = true }, Today).Details!.SwedishCitizen.ShouldBeNull();
    }

    public static TheoryData<string, object> WrongAccesses => new()
    {
        { "organizationId", Access with { OrganizationId = Guid.Empty } },
        { "appId", Access with { AppId = null } },
        { "subscriptionId", Access with { SubscriptionId = null } },
        { "role", Access with { Role = " " } },
        { "invitee.email", Access with { Invitee = Access.Invitee! with { Email = "ada@" } } },
        { "invitee", Access with { UserId = Some.Invitee } },
    };

    [Theory]
    [MemberData(nameof(WrongAccesses))]
    [Trait("Feature", "INV-11")]
    public void names_the_one_field_that_is_wrong_with_an_accesss(string field, object request) =>
        Errors(AccessInvitation.Read((CreateInvitation.Request)request).Refusal).ShouldBe([field]);

    [Fact]
    [Trait("Feature", "INV-11")]
    public void names_everything_that_is_missing_at_once() => Errors(AccessInvitation.Read(new(
            "access", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)).Refusal)
        .ShouldBe(["organizationId", "appId", "subscriptionId", "role", "invitee.firstName", "invitee.lastName", "invitee.email"], ignoreOrder: true);

    [Fact]
    [Trait("Feature", "INV-11")]
    public void lets_an_existing_user_be_picked() => AccessInvitation.Read(Access with { Invitee = null, UserId = Some.Invitee }).Refusal.ShouldBeNull();

    private static IEnumerable<string> Errors(ValidationFailed? refusal) => refusal.ShouldNotBeNull().Errors.Keys;
}
