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

        errors.Demand(request is not { SwedishCitizen: true, EuCitizen: false }, "euCitizen", "A Swedish citizen is an EU citizen too.");

        var phone = Fields.Phone(request.Phone, "phone", errors);
        var gender = Fields.Optional(request.Gender, "gender", 30, errors);
        var language = Fields.Language(request.Language, errors);
        if (errors.Refusal is { } refusal)
            return (null, refusal);

        // INV-04: Swedish yes implies EU yes; EU no implies Swedish no.
        var eu = request.SwedishCitizen == true ? true : request.EuCitizen;
        var swedish = eu == false ? false : request.SwedishCitizen;
        return (new(
            Way.Customer, organization, email!, firstName, lastName, personalNumber?.Value, lma, phone, gender, swedish, eu,
            AppId: null, SubscriptionId: null, Role: null, UserId: null, language), null);
    }
}

/// <summary>Rules of single fields that more than one kind of invitation has.</summary>
internal static class Fields
{
    private const int ShortestName = 2;
    private const int LongestName = 70;

    public static Guid Required(Guid? id, string field, string reason, FieldErrors errors)
    {
        errors.Demand(id is { } given && given != Guid.Empty, field, reason);
        return id ?? Guid.Empty;
    }

    /// <summary>2–70 characters (INV-01), none of them a control character.</summary>
    public static string Name(string? text, string field, FieldErrors errors)
    {
        var name = text?.Trim() ?? "";
        errors.Demand(name.Length is >= ShortestName and <= LongestName, field, $"A name has {ShortestName} to {LongestName} characters.");
        errors.Demand(!name.Any(char.IsControl), field, "A name has no control characters in it.");
        return name;
    }

    public static EmailAddress? Email(string? text, string field, FieldErrors errors)
    {
        if (!EmailAddress.TryParse(text, out var email, out var why))
            errors.Add(field, why);
        return email;
    }

    public static string? Phone(string? text, string field, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (PhoneNumber.TryParse(text, out var phone, out var why))
            return phone.Value;
        errors.Add(field, why);
        return null;
    }

    public static string? Optional(string? text, string field, int longest, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var given = text.Trim();
        errors.Demand(given.Length <= longest && !given.Any(char.IsControl), field, $"At most {longest} characters, on one line.");
        return given;
    }

    public static string? Language(string? text, FieldErrors errors)
    {
        errors.Demand(text is null or "en" or "sv", "language", "The language is en or sv.");
        return text;
    }
}
