using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Takes the details of a digital identity, as many as there are so far, and submits them when asked (IDN-02). What an authorised member
/// submits for another person is validated with it (IDN-03).
/// </summary>
internal static class GiveIdentity
{
    /// <summary>The details that are known; a step replaces what the earlier ones gave.</summary>
    /// <param name="FirstName">First name.</param>
    /// <param name="LastName">Last name.</param>
    /// <param name="PersonalNumber">Swedish personal or co-ordination number; when submitting, this or the LMA number.</param>
    /// <param name="LmaNumber">LMA number.</param>
    /// <param name="Gender">As the person says.</param>
    /// <param name="SwedishCitizen">Yes, no, or not given.</param>
    /// <param name="EuCitizen">Yes, no, or not given.</param>
    /// <param name="Submit">Whether these are all.</param>
    public sealed record Request(
        string? FirstName, string? LastName, string? PersonalNumber, string? LmaNumber, string? Gender, bool? SwedishCitizen, bool? EuCitizen, bool Submit);

    public sealed record Command(Guid UserId, IdentityDetails Details, bool Submit, Guid By);

    public static Decision<DigitalIdentityEvent> Decide(DigitalIdentity identity, Command c)
    {
        var changed = identity.Details != c.Details;
        var isOthers = c.By != c.UserId;
        var submits = c.Submit && (changed || !(identity.Status == IdentityStatus.Validated || (identity.Status == IdentityStatus.Submitted && !isOthers)));
        var d = c.Details;
        var events = new List<DigitalIdentityEvent>();
        if (changed)
            events.Add(new DigitalIdentityEvent.DetailsGiven(c.UserId, d.FirstName, d.LastName, d.PersonalNumber, d.LmaNumber, d.Gender, d.SwedishCitizen, d.EuCitizen, c.By));
        if (submits)
            events.Add(new DigitalIdentityEvent.Submitted(c.UserId, c.By));
        if (submits && isOthers)
            events.Add(new DigitalIdentityEvent.Validated(c.UserId, c.By));
        return events.ToArray();
    }

    /// <summary>Gives a new account its validated identity, in the commit that makes the account (IDN-03).</summary>
    public static void Complete(EventSession session, Guid userId, PersonDetails d, Guid by)
    {
        var details = new IdentityDetails(d.FirstName, d.LastName, d.PersonalNumber, d.LmaNumber, d.Gender, d.SwedishCitizen, d.EuCitizen);
        var identity = session.StartStream<DigitalIdentity, DigitalIdentityEvent>(DigitalIdentity.Stream(userId));
        identity.AppendMany(Decide(identity.Aggregate, new(userId, details, Submit: true, by)).Events);
    }

    /// <summary>The details of a request; of use only when no error was noted.</summary>
    public static IdentityDetails Read(Request request, DateOnly today, FieldErrors errors)
    {
        if (!Citizenship.TryRead(request.SwedishCitizen, request.EuCitizen, out var citizenship, out var contradiction))
            errors.Add("euCitizen", contradiction);
        PersonalNumber? number = null;
        if (!string.IsNullOrWhiteSpace(request.PersonalNumber) && !PersonalNumber.TryParse(request.PersonalNumber, today, out number, out var why))
            errors.Add("personalNumber", why);
        var lma = Fields.Optional(request.LmaNumber, "lmaNumber", 50, errors);
        errors.Demand(
            !request.Submit || lma is not null || !string.IsNullOrWhiteSpace(request.PersonalNumber), "personalNumber", "Enter the personal number, or the LMA number.");
        return new(
            Name(request.FirstName, "firstName"), Name(request.LastName, "lastName"), number?.Value, lma,
            Fields.Optional(request.Gender, "gender", 30, errors), citizenship?.Swedish, citizenship?.Eu);

        string? Name(string? text, string field) => text is null && !request.Submit ? null : Fields.Name(text, field, errors);
    }

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/users/{id:guid}/identity", Of).WithName(nameof(GiveIdentity)).WithTags("Identities").Requires(Permission.ReviewIdentities);
        api.MapPut("/me/identity", Handle).WithName("GiveOwnIdentity").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Ok<IdentityView>, ProblemHttpResult>> Of(
        Guid id, Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Identities identities, TimeProvider clock, CancellationToken ct) =>
        await identities.Person(caller, id, ct) is null ? new UserNotFound().ToProblem() : await Give(id, request, caller, http, store, clock, ct);

    private static Task<Results<Ok<IdentityView>, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct) =>
        Give(caller.Id, request, caller, http, store, clock, ct);

    private static async Task<Results<Ok<IdentityView>, ProblemHttpResult>> Give(
        Guid id, Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var details = Read(request, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        var outcome = await store.Transact(
            caller.Metadata(http),
            session => session.Decide<DigitalIdentity, DigitalIdentityEvent>(
                DigitalIdentity.Stream(id), identity => Decide(identity, new(id, details, request.Submit, caller.Id)), ct),
            ct);
        return TypedResults.Ok(IdentityView.Of(outcome.State));
    }
}
