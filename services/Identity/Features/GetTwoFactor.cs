using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows the caller what their second factor is (USR-07).</summary>
internal static class GetTwoFactor
{
    /// <summary>A second factor.</summary>
    /// <param name="Authenticator">Whether an app is set up.</param>
    /// <param name="EmailCodes">Whether codes are mailed.</param>
    /// <param name="RecoveryCodesLeft">How many recovery codes were not used yet.</param>
    public sealed record Answer(bool Authenticator, bool EmailCodes, int RecoveryCodesLeft);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/me/two-factor", Handle).WithName(nameof(GetTwoFactor)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Ok<Answer>> Handle(CurrentUser caller, PostgresEventStore store, CancellationToken ct)
    {
        var factor = await store.OpenSession().AggregateStream<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), ct: ct) ?? TwoFactor.Initial;
        return TypedResults.Ok(new Answer(factor.Secret is not null, factor.EmailCodes, factor.IsOn ? factor.RecoveryHashes.Count : 0));
    }
}
