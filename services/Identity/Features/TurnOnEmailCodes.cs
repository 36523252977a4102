using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Makes mailed codes the caller's second factor, once they have shown that one reaches them (USR-07).</summary>
internal static class TurnOnEmailCodes
{
    /// <summary>The code that was mailed.</summary>
    /// <param name="Code">Six digits.</param>
    public sealed record Confirmation(string? Code);

    public sealed record Confirm(bool IsEmailCode, IReadOnlyList<string> RecoveryHashes, Guid By, DateTimeOffset At);

    public static Decision<TwoFactorEvent> Decide(MailSignInCode.Command c) => new TwoFactorEvent.EmailCodeDue(c.UserId, c.NoticeId, c.ExpiresAt);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Confirm c)
    {
        if (factor.EmailCode is not { } open || !open.IsGood(c.At))
            return new ConfirmationWrong();
        if (!c.IsEmailCode)
            return new TwoFactorEvent.EmailCodeMissed(open.NoticeId);
        TwoFactorEvent used = new TwoFactorEvent.EmailCodeUsed(open.NoticeId);
        if (factor.EmailCodes)
            return used;
        var turnedOn = new TwoFactorEvent.EmailCodesTurnedOn(c.By);
        // Codes of an app that was there already stay good.
        return factor.IsOn && !factor.RecoveryHashes.IsEmpty
            ? new[] { used, turnedOn }
            : new[] { used, turnedOn, new TwoFactorEvent.RecoveryCodesMade(c.RecoveryHashes) };
    }

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/me/two-factor/email-code", Start).WithName(nameof(TurnOnEmailCodes)).WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapPost("/me/two-factor/email-code/confirm", Finish).WithName("ConfirmEmailCodes").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> Start(
        PasswordRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, OwnPassword own, TimeProvider clock, CancellationToken ct)
    {
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(caller.Id), ct: ct) ?? User.Initial;
        if (await own.WhyNot(user, request.Password, http, ct) is { } no)
            return no;
        var command = MailSignInCode.New(caller.Id, clock);
        await store.Transact(
            caller.Metadata(http), session => session.Decide<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), _ => Decide(command), ct), ct);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<Ok<NewRecoveryCodes>, ProblemHttpResult>> Finish(
        Confirmation request, CurrentUser caller, HttpContext http, PostgresEventStore store, LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        var (codes, hashes) = RecoveryCodes.New();
        var decision = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var factor = await session.FetchForWriting<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), ct);
                var isMailed = factor.Aggregate.EmailCode is { } open && ProveSecondFactor.IsMailed(request.Code ?? "", open.NoticeId, links);
                var decided = Decide(factor.Aggregate, new Confirm(isMailed, hashes, caller.Id, clock.GetUtcNow()));
                factor.AppendMany(decided.Events);
                return decided;
            },
            ct);
        if (decision.Refusal is not null || decision.Events is [TwoFactorEvent.EmailCodeMissed])
            return (decision.Refusal ?? new ConfirmationWrong()).ToProblem();
        return TypedResults.Ok(new NewRecoveryCodes(decision.Events.Any(e => e is TwoFactorEvent.RecoveryCodesMade) ? codes : []));
    }
}
