using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows the caller what their second factor is, and an administrator who helps what somebody else's is (USR-07).</summary>
internal static class GetTwoFactor
{
    /// <summary>A second factor.</summary>
    /// <param name="Authenticator">Whether an app is set up.</param>
    /// <param name="EmailCodes">Whether codes are mailed.</param>
    /// <param name="RecoveryCodesLeft">How many recovery codes were not used yet.</param>
    public sealed record Answer(bool Authenticator, bool EmailCodes, int RecoveryCodesLeft);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/two-factor", async (CurrentUser caller, PostgresEventStore store, CancellationToken ct) => TypedResults.Ok(await Read(caller.Id, store, ct)))
            .WithName(nameof(GetTwoFactor)).WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapGet("/users/{id:guid}/two-factor", Of).WithName("GetTwoFactorOfUser").WithTags("Users").Requires(Permission.ManageUsers).NotesReader("profile");
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Of(Guid id, PostgresEventStore store, CancellationToken ct) =>
        await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct) is null
            ? new UserNotFound().ToProblem()
            : TypedResults.Ok(await Read(id, store, ct));

    private static async Task<Answer> Read(Guid id, PostgresEventStore store, CancellationToken ct)
    {
        var factor = await store.OpenSession().AggregateStream<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(id), ct: ct) ?? TwoFactor.Initial;
        return new(factor.Secret is not null, factor.EmailCodes, factor.IsOn ? factor.RecoveryHashes.Count : 0);
    }
}
