using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace InviteHub.Identity.Features;

/// <summary>Takes the app or the mailed codes off the caller's account; without either, the password alone signs in (USR-07).</summary>
internal static class TurnOffSecondFactor
{
    public sealed record Command(Factor Factor, Guid By);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Command c) => (c.Factor, factor) switch
    {
        (Factor.Authenticator, { Secret: not null } or { PendingSecret: not null }) => new TwoFactorEvent.AuthenticatorRemoved(c.By),
        (Factor.EmailCode, { EmailCodes: true }) => new TwoFactorEvent.EmailCodesTurnedOff(),
        _ => Nothing.Happened,
    };

    public static void Map(RouteGroupBuilder api)
    {
        api.MapDelete("/me/two-factor/authenticator", Handler(Factor.Authenticator))
            .WithName("RemoveAuthenticator").WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapDelete("/me/two-factor/email-code", Handler(Factor.EmailCode))
            .WithName("TurnOffEmailCodes").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static Delegate Handler(Factor factor) => (
        [FromBody] PasswordRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, OwnPassword own, CancellationToken ct) =>
        Handle(factor, request, caller, http, store, own, ct);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Factor factor, PasswordRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, OwnPassword own, CancellationToken ct)
    {
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(caller.Id), ct: ct) ?? User.Initial;
        if (await own.WhyNot(user, request.Password, http, ct) is { } no)
            return no;
        await store.Transact(
            caller.Metadata(http),
            session => session.Decide<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), f => Decide(f, new(factor, caller.Id)), ct),
            ct);
        return TypedResults.NoContent();
    }
}
