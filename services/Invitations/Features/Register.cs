using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using InviteHub.EventStore;
using InviteHub.Invitations.Integration;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Registers by link (INV-10): the account takes the invitation's details, its e-mail is verified by the link, the person is signed in.
/// The link is used up by this alone, and only when everything that was offered is theirs.
/// </summary>
internal static class Register
{
    /// <summary>The version of the privacy policy that is accepted.</summary>
    public const string PrivacyPolicyVersion = "2026-11-01";

    public sealed record Request(string? Password, string? Language, bool? AcceptPrivacyPolicy, string? Username);

    public sealed record Command(
        int Generation, Guid RegistrationId, string? Username, string? PasswordHash, string Language, string GrantHash, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) =>
        GetRegistration.Problem(invitation, c.Generation, c.At) is { } refusal ? refusal
        : invitation.Offer is { IsExistingUser: true, Way: Way.Customer or Way.Access } ? new SignInToAccept()
        : new InvitationEvent.RegistrationStarted(
            c.RegistrationId, invitation.Offer!.InviteeId, c.Username, c.PasswordHash, c.Language, PrivacyPolicyVersion, c.GrantHash, c.At);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/registrations/{token}", Handle).WithName(nameof(Register)).WithTags("Registration").Requires(Permission.Anyone);

    private static async Task<Results<Created<SessionView>, Accepted, ProblemHttpResult>> Handle(
        string token, Request request, InvitationLinks links, PreferWait wait, HttpContext http, PostgresEventStore store, Passwords passwords,
        IdentityClient identity, TimeProvider clock, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { } link)
            return new LinkUnknown().ToProblem();
        if (GetRegistration.Problem(link.Invitation, link.Generation, clock.GetUtcNow()) is { } problem)
            return problem.ToProblem();
        if (Validate(request, link.Invitation.Offer!) is { } invalid)
            return invalid.ToProblem();

        // The password stays in this process; the grant lets it, and nobody else, sign the person in once everything is done.
        var grant = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        var command = new Command(
            link.Generation, Guid.CreateVersion7(now), request.Username?.Trim(), await passwords.Hash(request.Password!, ct), request.Language!,
            LinkTokens.HashOf(grant), now);
        var refusal = await Acceptance.Begin(store, http, link.Stream, invitation => Decide(invitation, command), actor: null, ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var invitation = await Acceptance.Outcome(store, link.Stream, command.RegistrationId, wait, ct);
        if (invitation.Registration?.Refusal is { } no)
            return RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem();
        return invitation.Status == InvitationStatus.Accepted
            ? TypedResults.Created("/api/v1/me", await identity.SignIn(grant, ct))
            : TypedResults.Accepted($"/api/v1/registrations/{token}");
    }

    private static ValidationFailed? Validate(Request request, InvitationEvent.Requested offer)
    {
        var errors = new FieldErrors();
        foreach (var reason in Passwords.Check(request.Password, offer.Email, offer.FirstName, offer.LastName))
            errors.Add("password", reason);
        errors.Demand(request.Language is "en" or "sv", "language", "The language is en or sv.");
        errors.Demand(request.AcceptPrivacyPolicy == true, "acceptPrivacyPolicy", "An account needs the privacy policy to be accepted.");
        errors.Demand(request.Username is null or { Length: >= 2 and <= 64 }, "username", "A username has 2 to 64 characters.");
        return errors.Refusal;
    }
}

/// <summary>What registering and accepting share: beginning the saga with the event, and waiting for what comes of it.</summary>
internal static class Acceptance
{
    private static readonly Meter Meter = new("InviteHub.Invitations");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "invitehub.invitations.acceptance.duration", "s", "From the commit that begins an acceptance to its outcome, or for as long as the caller waited",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30] });

    /// <summary>Appends what was decided and begins the Register saga, anew if an earlier attempt was refused.</summary>
    public static Task<Refusal?> Begin(
        PostgresEventStore store, HttpContext http, StreamId stream, Func<Invitation, Decision<InvitationEvent>> decide, CurrentUser? actor, CancellationToken ct)
    {
        var metadata = actor?.Metadata(http, stream.Key) ?? new EventMetadata(stream.Key.ToString(), http.TraceIdentifier);
        return store.Transact(
            metadata,
            async session =>
            {
                var outcome = await session.Decide(stream, decide, ct);
                if (outcome.Refusal is null)
                {
                    var (_, version) = await session.LoadSaga<RegisterSaga>(stream.Key, ct);
                    session.SaveSaga(stream.Key, new RegisterSaga { CorrelationId = stream.Key }, version);
                }

                return outcome.Refusal;
            },
            ct);
    }

    public static async Task<Invitation> Outcome(PostgresEventStore store, StreamId stream, Guid registrationId, PreferWait wait, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        var invitation = await store.WaitFor<Invitation, InvitationEvent>(stream, IsOver, wait.Time, ct);
        var outcome = invitation switch
        {
            { Status: InvitationStatus.Accepted } => "accepted",
            _ when IsOver(invitation) => "refused",
            _ => "pending",
        };
        // Who does not wait has no part in it.
        if (wait.Time > TimeSpan.Zero)
            Duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        return invitation;

        bool IsOver(Invitation now) => now.Status is not InvitationStatus.Registering || now.Registration!.Id != registrationId;
    }
}
