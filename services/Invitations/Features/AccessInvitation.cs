using InviteHub.Contracts;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// The field rules of an invitation to a role in an app (INV-11): whom, where and as what. Whether business, app, subscription and role
/// belong together is decided where they are known, with the seat. Pure.
/// </summary>
internal static class AccessInvitation
{
    public static (CreateInvitation.Details? Details, ValidationFailed? Refusal) Read(CreateInvitation.Request request)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(request.OrganizationId, "organizationId", "Choose the business.", errors);
        var app = Fields.Required(request.AppId, "appId", "Choose one of the business's apps.", errors);
        var subscription = Fields.Required(request.SubscriptionId, "subscriptionId", "Choose an active subscription of that app.", errors);
        errors.Demand(!string.IsNullOrWhiteSpace(request.Role), "role", "Choose one of the app's roles.");
        var language = Fields.Language(request.Language, errors);

        EmailAddress? email = null;
        var (firstName, lastName) = ("", "");
        if (request is { UserId: not null, Invitee: not null })
        {
            errors.Add("invitee", "Pick an existing user or enter a new person, not both.");
        }
        else if (request.UserId is null)
        {
            firstName = Fields.Name(request.Invitee?.FirstName, "invitee.firstName", errors);
            lastName = Fields.Name(request.Invitee?.LastName, "invitee.lastName", errors);
            email = Fields.Email(request.Invitee?.Email, "invitee.email", errors);
        }

        if (errors.Refusal is { } refusal)
            return (null, refusal);
        return (new(
            Way.Access, organization, email, firstName, lastName, PersonalNumber: null, LmaNumber: null, Phone: null, Gender: null,
            SwedishCitizen: null, EuCitizen: null, app, subscription, request.Role!.Trim(), request.UserId, language), null);
    }
}
