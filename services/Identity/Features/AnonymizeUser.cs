using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.Identity.Sagas;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Forgets a person for good (GDP-02): whoever asks types their e-mail address. In one commit the account is closed, its sessions end, its
/// request to be removed is processed, and the saga begins that leads every service to erase what it keeps (GDP-03). Nobody does it to
/// themselves, and never to the last System admin.
/// </summary>
internal static class AnonymizeUser
{
    /// <summary>What is asked.</summary>
    /// <param name="Email">The user's address, typed, so that it is not the wrong user.</param>
    public sealed record Request(string? Email);

    public sealed record Command(string Email, Guid By);

    public static Decision<UserEvent> Decide(User user, SystemAdmins admins, Command c)
    {
        if (user.IsClosed)
            return Nothing.Happened;
        if (!user.Exists)
            return new UserNotFound();
        if (user.Id == c.By)
            return new OwnAccount("ask another System admin to anonymize it");
        if (Users.KeyOf(c.Email) != Users.KeyOf(user.Email))
            return new EmailNotTheirs();
        if (user.SystemRole == Role.SystemAdmin && admins.Ids.All(id => id == user.Id))
            return new LastSystemAdmin();
        return new UserEvent.Closed(user.Id, user.SystemRole, c.By);
    }

    /// <summary>The request of a person who is anonymized is done with it.</summary>
    public static Decision<RemovalEvent> Decide(RemovalRequest request, Guid userId, Guid by) =>
        request.IsPending ? new RemovalEvent.Processed(userId, request.Id, by) : Nothing.Happened;

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("/{id:guid}/anonymization", Handle).WithName(nameof(AnonymizeUser)).WithTags("Removal").Requires(Permission.ManageUsers);

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Guid id, Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Sessions sessions, EndedSessions ended,
        TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(!string.IsNullOrWhiteSpace(request.Email), "email", "Type the user's e-mail address.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var (decision, over) = await store.Transact(
            caller.Metadata(http, id), session => Begin(id, new(request.Email!, caller.Id), session, sessions, clock, ct), ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, over, id, clock);
        return TypedResults.Accepted($"/api/v1/users/{id}/anonymization");
    }

    private static async Task<(Decision<UserEvent> Decision, IReadOnlyList<Guid> Over)> Begin(
        Guid id, Command c, EventSession session, Sessions sessions, TimeProvider clock, CancellationToken ct)
    {
        var user = await session.FetchForWriting<User, UserEvent>(User.Stream(id), ct);
        var admins = await session.FetchForWriting<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, ct);
        var decision = Decide(user.Aggregate, admins.Aggregate, c);
        if (decision.Events.Count == 0)
            return (decision, []);

        var emails = await EmailsOf(id, session, ct);
        user.AppendMany(decision.Events);
        admins.AppendMany(decision.Events.SelectMany(ChangeSystemRole.Follow));
        await session.Decide<RemovalRequest, RemovalEvent>(RemovalRequest.Stream(id), removal => Decide(removal, id, c.By), ct);
        var over = await EndSession.AllOf(id, SessionEnd.Anonymized, session, sessions, clock, ct);
        session.StartStream<Anonymization, AnonymizationEvent>(Anonymization.Stream(id))
            .AppendOne(new AnonymizationEvent.Requested(id, emails, over.Count, c.By, clock.GetUtcNow()));
        session.SaveSaga(id, new AnonymizeSaga { CorrelationId = id }, version: 0);
        return (decision, over);
    }

    /// <summary>Every address that the account ever had, one a line.</summary>
    private static async Task<string> EmailsOf(Guid id, EventSession session, CancellationToken ct) => string.Join('\n', (await session.FetchStream(User.Stream(id), ct: ct))
        .Select(happened => happened.Data switch
        {
            UserEvent.Registered e => e.Email,
            UserEvent.DetailsChanged e => e.Email,
            _ => null,
        })
        .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase));
}
