using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Codes to keep in a safe place; each signs in once.</summary>
/// <param name="RecoveryCodes">Shown here and nowhere else; empty when earlier ones stay good.</param>
internal sealed record NewRecoveryCodes(IReadOnlyList<string> RecoveryCodes);

/// <summary>Gives the caller new recovery codes in place of those from before (USR-07).</summary>
internal static class MakeRecoveryCodes
{
    public sealed record Command(IReadOnlyList<string> Hashes);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Command c) =>
        factor.IsOn ? new TwoFactorEvent.RecoveryCodesMade(c.Hashes) : new NoSecondFactor();

    public static void Map(RouteGroupBuilder api) => api.MapPost("/me/two-factor/recovery-codes", Handle)
        .WithName(nameof(MakeRecoveryCodes)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Results<Ok<NewRecoveryCodes>, ProblemHttpResult>> Handle(
        PasswordRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, OwnPassword own, CancellationToken ct)
    {
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(caller.Id), ct: ct) ?? User.Initial;
        if (await own.WhyNot(user, request.Password, http, ct) is { } no)
            return no;
        var (codes, hashes) = RecoveryCodes.New();
        var outcome = await store.Transact(
            caller.Metadata(http),
            session => session.Decide<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), factor => Decide(factor, new(hashes)), ct),
            ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Ok(new NewRecoveryCodes(codes));
    }
}
