using System.Globalization;
using InviteHub.Contracts;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// The field rules of an invitation of an internal user (INV-18): the address, and a username that is made from it when none is chosen. Names
/// may be given; else the address tells the likely ones, which the person's digital identity corrects later. Pure.
/// </summary>
internal static class WorkspaceInvitation
{
    private const int LongestProposal = 60;
    private static readonly char[] BehindTheName = ['@', '+'];
    private static readonly char[] BetweenNames = ['.', '_', '-', '+'];

    public static (CreateInvitation.Details? Details, ValidationFailed? Refusal) Read(CreateInvitation.Request request)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(request.OrganizationId, "organizationId", "Choose the organization.", errors);
        var email = Fields.Email(request.Email, "email", errors);
        var username = Fields.Username(request.Username, "username", errors);
        var language = Fields.Language(request.Language, errors);
        var likely = (email?.Text.Split('@')[0] ?? "").Split(BetweenNames, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(part)).ToArray();
        var firstName = request.FirstName is null ? likely.FirstOrDefault("") : Fields.Name(request.FirstName, "firstName", errors);
        var lastName = request.LastName is null ? string.Join(' ', likely.Skip(1)) : Fields.Name(request.LastName, "lastName", errors);
        if (errors.Refusal is { } refusal)
            return (null, refusal);
        return (new(
            Way.Workspace, organization, email!, firstName, lastName, PersonalNumber: null, LmaNumber: null, Phone: null, Gender: null,
            SwedishCitizen: null, EuCitizen: null, AppId: null, SubscriptionId: null, Role: null, UserId: null, language)
        {
            Username = username ?? Proposed(email!),
        }, null);
    }

    /// <summary>A username out of what is before the at sign, if enough of it can be typed and said.</summary>
    private static string? Proposed(EmailAddress email)
    {
        var name = string.Concat(email.Text.Split(BehindTheName)[0].Where(c => char.IsAsciiLetterOrDigit(c) || BetweenNames.Contains(c)).Take(LongestProposal));
        return name.Length >= 2 ? name.ToLowerInvariant() : null;
    }
}
