using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Shows a digital identity, and lets an authorised member validate it or return it with a reason (IDN-02): a System admin, or somebody who
/// registers users for an organization of the person.
/// </summary>
internal static class ReviewIdentity
{
    /// <summary>Why it is returned; the person is shown it.</summary>
    /// <param name="Reason">What is to be corrected.</param>
    public sealed record ReturnRequest(string? Reason);

    /// <summary>Validate or return.</summary>
    /// <param name="UserId">Whose identity.</param>
    /// <param name="Reason">Why it is returned; null to validate it.</param>
    /// <param name="By">Who decides.</param>
    public sealed record Command(Guid UserId, string? Reason, Guid By);

    public static Decision<DigitalIdentityEvent> Decide(DigitalIdentity identity, Command c) => (identity.Status, c.Reason) switch
    {
        _ when c.By == c.UserId => new OwnIdentity(),
        (IdentityStatus.Validated, null) => Nothing.Happened,
        (IdentityStatus.Returned, { } reason) when reason == identity.Reason => Nothing.Happened,
        (not IdentityStatus.Submitted, _) => new IdentityNotSubmitted(),
        (_, null) => new DigitalIdentityEvent.Validated(c.UserId, c.By),
        (_, { } reason) => new DigitalIdentityEvent.Returned(c.UserId, reason, c.By),
    };

    public static void Map(RouteGroupBuilder api)
    {
        var identity = api.MapGroup("/users/{id:guid}/identity").WithTags("Identities");
        identity.MapGet("", Get).WithName("GetIdentity").Requires(Permission.ReviewIdentities).NotesReader("identity");
        identity.MapPost("/validate", (Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, Identities identities, CancellationToken ct) =>
            Handle(id, reason: null, caller, http, store, identities, ct)).WithName("ValidateIdentity").Requires(Permission.ReviewIdentities);
        identity.MapPost("/return", Return).WithName("ReturnIdentity").Requires(Permission.ReviewIdentities);
        api.MapGet("/users/identities", Waiting).WithName("ListWaitingIdentities").WithTags("Identities").Requires(Permission.ReviewIdentities);
        api.MapGet("/users/identities/people", People).WithName("ListPeopleToReview").WithTags("Identities").Requires(Permission.ReviewIdentities);
        api.MapGet("/me/identity", async (CurrentUser caller, PostgresEventStore store, CancellationToken ct) => TypedResults.Ok(await Read(caller.Id, store, ct)))
            .WithName("GetOwnIdentity").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Ok<Page<WaitingIdentity>>> Waiting(
        ListQuery list, CurrentUser caller, Identities identities, ReaderLog readers, CancellationToken ct)
    {
        var page = await identities.Waiting(caller, list, ct);
        await readers.Note(caller.Id, "list", page.Items.Select(person => person.UserId), ct);
        return TypedResults.Ok(page);
    }

    /// <summary>Finds whose identity the caller may complete or review, submitted or not.</summary>
    private static async Task<Ok<Page<IdentityPerson>>> People(
        ListQuery list, string? status, CurrentUser caller, Identities identities, ReaderLog readers, CancellationToken ct)
    {
        var page = await identities.People(caller, status, list, ct);
        await readers.Note(caller.Id, "list", page.Items.Select(person => person.UserId), ct);
        return TypedResults.Ok(page);
    }

    private static async Task<IdentityView> Read(Guid id, PostgresEventStore store, CancellationToken ct) => IdentityView.Of(
        await store.OpenSession().AggregateStream<DigitalIdentity, DigitalIdentityEvent>(DigitalIdentity.Stream(id), ct: ct) ?? DigitalIdentity.Initial);

    private static async Task<Results<Ok<IdentityView>, ProblemHttpResult>> Get(
        Guid id, CurrentUser caller, PostgresEventStore store, Identities identities, CancellationToken ct) =>
        await identities.Person(caller, id, ct) is { } person ? TypedResults.Ok(await Read(id, store, ct) with { Person = person }) : new UserNotFound().ToProblem();

    private static async Task<Results<Ok<IdentityView>, ProblemHttpResult>> Return(
        Guid id, ReturnRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, Identities identities, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var reason = Fields.Optional(request.Reason, "reason", 500, errors);
        errors.Demand(reason is not null, "reason", "Say what is to be corrected.");
        return errors.Refusal is { } invalid ? invalid.ToProblem() : await Handle(id, reason, caller, http, store, identities, ct);
    }

    private static async Task<Results<Ok<IdentityView>, ProblemHttpResult>> Handle(
        Guid id, string? reason, CurrentUser caller, HttpContext http, PostgresEventStore store, Identities identities, CancellationToken ct)
    {
        if (await identities.Person(caller, id, ct) is null)
            return new UserNotFound().ToProblem();
        var outcome = await store.Transact(
            caller.Metadata(http),
            session => session.Decide<DigitalIdentity, DigitalIdentityEvent>(
                DigitalIdentity.Stream(id), identity => Decide(identity, new(id, reason, caller.Id)), ct),
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.Ok(IdentityView.Of(outcome.State));
    }
}
