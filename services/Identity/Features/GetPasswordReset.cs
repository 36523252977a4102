using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Says whether a link to set a new password works, before anything is typed; looking never uses it up (USR-08).</summary>
internal static class GetPasswordReset
{
    /// <summary>A link that works.</summary>
    /// <param name="ExpiresAt">Until when.</param>
    public sealed record Answer(DateTimeOffset ExpiresAt);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/password-resets/{token}", Handle).WithName(nameof(GetPasswordReset)).WithTags("Session").Requires(Permission.Anyone);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        string token, PostgresEventStore store, PasswordResets resets, TimeProvider clock, CancellationToken ct)
    {
        var hash = LinkTokens.HashOf(token);
        var user = await resets.UserOf(hash, ct) is { } id
            ? await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct) ?? User.Initial
            : User.Initial;
        return SetForgottenPassword.WhyNot(user, hash, clock.GetUtcNow()) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(new Answer(user.PasswordReset!.ExpiresAt));
    }
}
