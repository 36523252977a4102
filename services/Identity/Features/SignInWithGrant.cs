using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Signs a person in who has just registered, for the process that holds the registration's one-time secret (INV-10).</summary>
internal static class SignInWithGrant
{
    /// <summary>How long after the registration was completed the secret is good.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>What the registering process holds.</summary>
    /// <param name="Grant">The secret whose SHA-256 came with the registration.</param>
    public sealed record Request(string? Grant);

    public static void Map(RouteGroupBuilder inner) =>
        inner.MapPost("/sign-ins", Handle).WithName(nameof(SignInWithGrant)).Requires(Permission.Internal).ExcludeFromDescription();

    private static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, SignInGrants grants, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Grant) || await grants.Take(LinkTokens.HashOf(request.Grant), ct) is not { } id)
            return new GrantUnusable().ToProblem();
        var started = await store.Transact(
            new(CausationId: http.TraceIdentifier),
            async session => await session.AggregateStream<User, UserEvent>(User.Stream(id), ct: ct) is { } user
                ? SignIn.Start(session, user, SignedInBy.Registration, http, tokens, clock)
                : null,
            ct);
        return started is null ? new GrantUnusable().ToProblem() : TypedResults.Ok(started);
    }
}
