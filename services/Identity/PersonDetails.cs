using InviteHub.Contracts;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity;

/// <summary>A person's details as they are typed; null is not given.</summary>
internal record PersonRequest
{
    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string? Username { get; init; }

    /// <summary>en or sv.</summary>
    public string? Language { get; init; }

    public bool? SwedishCitizen { get; init; }

    public bool? EuCitizen { get; init; }

    public string? LmaNumber { get; init; }

    public string? PersonalNumber { get; init; }

    public string? Phone { get; init; }

    public string? Gender { get; init; }
}

/// <summary>What an account says about its person, each field right (USR-03, USR-05).</summary>
internal sealed record PersonDetails(
    string Email, string FirstName, string LastName, string? PersonalNumber, string? LmaNumber, string? Phone, string? Gender,
    bool? SwedishCitizen, bool? EuCitizen, string? Username, string Language)
{
    public static PersonDetails Of(User user) => new(
        user.Email, user.FirstName, user.LastName, user.PersonalNumber, user.LmaNumber, user.Phone, user.Gender, user.SwedishCitizen, user.EuCitizen,
        user.Username, user.Language);

    /// <summary>The details of a request; of use only when no error was noted.</summary>
    public static PersonDetails Read(PersonRequest request, DateOnly today, FieldErrors errors)
    {
        var email = Fields.Email(request.Email, "email", errors);
        var firstName = Fields.Name(request.FirstName, "firstName", errors);
        var lastName = Fields.Name(request.LastName, "lastName", errors);
        errors.Demand(request.Language is not null, "language", "Choose a language: en or sv.");
        var language = Fields.Language(request.Language, errors);
        if (!Citizenship.TryRead(request.SwedishCitizen, request.EuCitizen, out var citizenship, out var contradiction))
            errors.Add("euCitizen", contradiction);
        PersonalNumber? personalNumber = null;
        if (!string.IsNullOrWhiteSpace(request.PersonalNumber))
        {
            if (!Contracts.PersonalNumber.TryParse(request.PersonalNumber, today, out personalNumber, out var why))
                errors.Add("personalNumber", why);
        }
        else
        {
            errors.Demand(request.SwedishCitizen is not true, "personalNumber", "A Swedish citizen has a personal number; enter it.");
        }

        return new(
            email?.Text ?? "", firstName, lastName, personalNumber?.Value, Fields.Optional(request.LmaNumber, "lmaNumber", 50, errors),
            Fields.Phone(request.Phone, "phone", errors), Fields.Optional(request.Gender, "gender", 30, errors),
            citizenship?.Swedish, citizenship?.Eu, Fields.Username(request.Username, "username", errors), language ?? "");
    }
}
