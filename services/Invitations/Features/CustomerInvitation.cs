using InviteHub.Contracts;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>The field rules of an invitation by an Applicant for one of their customers (INV-01, INV-03, INV-04). Pure.</summary>
internal static class CustomerInvitation
{
    public static (CreateInvitation.Details? Details, ValidationFailed? Refusal) Read(CreateInvitation.Request request, DateOnly today)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(request.OrganizationId, "organizationId", "Choose the customer.", errors);
        var firstName = Fields.Name(request.FirstName, "firstName", errors);
        var lastName = Fields.Name(request.LastName, "lastName", errors);
        var email = Fields.Email(request.Email, "email", errors);
        if (email is not null)
        {
            errors.Demand(
                EmailAddress.TryParse(request.EmailConfirmation, out var confirmation, out _) && confirmation.Key == email.Key,
                "emailConfirmation", "The two e-mail addresses are not the same.");
        }

        PersonalNumber? personalNumber = null;
        if (!string.IsNullOrWhiteSpace(request.PersonalNumber) && !PersonalNumber.TryParse(request.PersonalNumber, today, out personalNumber, out var why))
            errors.Add("personalNumber", why);
        var lma = Fields.Optional(request.LmaNumber, "lmaNumber", 50, errors);
        errors.Demand(
            lma is not null || !string.IsNullOrWhiteSpace(request.PersonalNumber),
            "personalNumber", "Give a personal number or an LMA number: one of the two is needed.");

        if (!Citizenship.TryRead(request.SwedishCitizen, request.EuCitizen, out var citizenship, out var contradiction))
            errors.Add("euCitizen", contradiction);

        var phone = Fields.Phone(request.Phone, "phone", errors);
        var gender = Fields.Optional(request.Gender, "gender", 30, errors);
        var language = Fields.Language(request.Language, errors);
        if (errors.Refusal is { } refusal)
            return (null, refusal);

        return (new(
            Way.Customer, organization, email!, firstName, lastName, personalNumber?.Value, lma, phone, gender, citizenship!.Swedish, citizenship.Eu,
            AppId: null, SubscriptionId: null, Role: null, UserId: null, language), null);
    }
}
