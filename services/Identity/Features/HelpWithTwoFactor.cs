using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Helps somebody whose app is lost (USR-07): an administrator takes it off the account, or turns mailed codes on and has the first one sent.
/// </summary>
internal static class HelpWithTwoFactor
{
    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, MailSignInCode.Command c, Guid by)
    {
        if (c.UserId == by)
            return new OwnAccount("manage your second factor under /me/two-factor");
        var due = new TwoFactorEvent.EmailCodeDue(c.UserId, c.NoticeId, c.ExpiresAt);
        return factor.EmailCodes ? due : new TwoFactorEvent[] { new TwoFactorEvent.EmailCodesTurnedOn(by), due };
    }

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Guid userId, Guid by) =>
        userId == by ? new OwnAccount("manage your second factor under /me/two-factor") : TurnOffSecondFactor.Decide(factor, new(Factor.Authenticator, by));

    public static void Map(RouteGroupBuilder users)
    {
        users.MapPost("/{id:guid}/two-factor/email-code", MailCode).WithName("MailTwoFactorCode").WithTags("Users").Requires(Permission.ManageUsers);
        users.MapDelete("/{id:guid}/two-factor/authenticator", Remove).WithName("RemoveLostAuthenticator").WithTags("Users").Requires(Permission.ManageUsers);
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> MailCode(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var command = MailSignInCode.New(id, clock);
        return await Handle(id, factor => Decide(factor, command, caller.Id), caller, http, store, ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct) =>
        await Handle(id, factor => Decide(factor, id, caller.Id), caller, http, store, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    private static Task<Refusal?> Handle(
        Guid id, Func<TwoFactor, Decision<TwoFactorEvent>> decide, CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct) =>
        store.Transact(
            caller.Metadata(http),
            async session => await session.AggregateStream<User, UserEvent>(User.Stream(id), ct: ct) is null
                ? new UserNotFound()
                : (await session.Decide(TwoFactor.Stream(id), decide, ct)).Refusal,
            ct);
}
