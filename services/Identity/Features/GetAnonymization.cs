using InviteHub.EventStore;
using InviteHub.EventStore.Audit;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows how far an anonymization has come, step by step, and at its end the certificate (GDP-04).</summary>
internal static class GetAnonymization
{
    private const string Done = "done";

    /// <summary>How far it has come.</summary>
    /// <param name="Status"><c>notifying</c>, <c>erasing</c> or <c>completed</c>.</param>
    /// <param name="RequestedAt">When it was asked for.</param>
    /// <param name="RequestedBy">By whom.</param>
    /// <param name="Steps">In their order.</param>
    /// <param name="Certificate">When it is completed.</param>
    public sealed record View(string Status, DateTimeOffset RequestedAt, Guid RequestedBy, IReadOnlyList<Step> Steps, CertificateView? Certificate);

    /// <summary>One step.</summary>
    /// <param name="Service"><c>sessions</c>, <c>message</c>, or the service that erases.</param>
    /// <param name="Status"><c>waiting</c> or <c>done</c>; of the message <c>sent</c> or <c>failed</c>.</param>
    /// <param name="At">When it was done.</param>
    /// <param name="Erased">What was erased, and how many of it.</param>
    public sealed record Step(string Service, string Status, DateTimeOffset? At, IReadOnlyDictionary<string, long>? Erased = null);

    /// <summary>The certificate; <c>docs/certificates.md</c> says how to check it with openssl alone.</summary>
    /// <param name="Id">The account that it is of; <c>GET /audit/certificates/{id}</c> shows it alone.</param>
    /// <param name="At">When it was made.</param>
    /// <param name="Statement">What is certified, byte by byte as it was signed (UTF-8).</param>
    /// <param name="Signature">ECDSA over P-256 with SHA-256: DER, in Base64.</param>
    /// <param name="PublicKey">In PEM; compare it with the one that you were given before.</param>
    public sealed record CertificateView(Guid Id, DateTimeOffset At, string Statement, string Signature, string PublicKey);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/anonymization", Handle).WithName(nameof(GetAnonymization)).WithTags("Removal").Requires(Permission.ManageUsers);
        api.MapGet("/audit/certificates/{id:guid}", Certificate).WithName("GetCertificate").WithTags("Removal").Requires(Permission.ManageUsers);
    }

    private static async Task<Results<Ok<CertificateView>, ProblemHttpResult>> Certificate(
        Guid id, PostgresEventStore store, SignedHeads signing, CancellationToken ct) =>
        await store.OpenSession().AggregateStream<Anonymization, AnonymizationEvent>(Anonymization.Stream(id), ct: ct) is { Certificate: { } made }
            ? TypedResults.Ok(await Of(id, made, signing, ct))
            : new CertificateNotFound().ToProblem();

    private static async Task<CertificateView> Of(Guid id, AnonymizationEvent.Completed made, SignedHeads signing, CancellationToken ct) =>
        new(id, made.At, made.Statement, made.Signature, await signing.PublicKey(ct));

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Handle(Guid id, PostgresEventStore store, SignedHeads signing, CancellationToken ct)
    {
        var state = await store.OpenSession().AggregateStream<Anonymization, AnonymizationEvent>(Anonymization.Stream(id), ct: ct);
        if (state?.Request is not { } request)
            return new AnonymizationNotFound().ToProblem();
        return TypedResults.Ok(new View(
            state.Status.ToString().ToLowerInvariant(), request.At, request.By,
            [
                new("sessions", Done, request.At),
                state.Notice is { } notice ? new("message", notice.Status, notice.At) : Waiting("message"),
                .. Anonymization.Stages.SelectMany(services => services).Select(service => state.Erased.GetValueOrDefault(service) is { } erased
                    ? new Step(service, Done, erased.At, erased.What.Zip(erased.Items).ToDictionary(e => e.First, e => e.Second, StringComparer.Ordinal))
                    : Waiting(service)),
            ],
            state.Certificate is { } made ? await Of(id, made, signing, ct) : null));
    }

    private static Step Waiting(string service) => new(service, "waiting", At: null);
}
