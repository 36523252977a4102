using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using QRCoder;

namespace InviteHub.Identity.Features;

/// <summary>
/// Sets up an app as the caller's second factor (USR-07): its secret is shown once, and counts from the first right code on. Until then an
/// earlier app stays.
/// </summary>
internal static class EnrolAuthenticator
{
    /// <summary>What to put into the app.</summary>
    /// <param name="Secret">In Base32, to type.</param>
    /// <param name="Uri">The same as a link for an app on this device.</param>
    /// <param name="QrCode">The same as a picture to scan: SVG.</param>
    public sealed record Enrolled(string Secret, string Uri, string QrCode);

    /// <summary>The first code.</summary>
    /// <param name="Code">Six digits.</param>
    public sealed record Confirmation(string? Code);

    public sealed record Enrol(Guid UserId, string Secret);

    public sealed record Confirm(long? Step, IReadOnlyList<string> RecoveryHashes);

    public static Decision<TwoFactorEvent> Decide(Enrol c) => new TwoFactorEvent.AuthenticatorEnrolled(c.UserId, c.Secret);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Confirm c)
    {
        if (factor.PendingSecret is null)
            return new NothingEnrolled();
        if (c.Step is not { } step)
            return new ConfirmationWrong();
        // Codes of a second factor that was there already stay good.
        var confirmed = new TwoFactorEvent.AuthenticatorConfirmed(step);
        return factor.IsOn && !factor.RecoveryHashes.IsEmpty
            ? confirmed
            : new TwoFactorEvent[] { confirmed, new TwoFactorEvent.RecoveryCodesMade(c.RecoveryHashes) };
    }

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/me/two-factor/authenticator", Start).WithName(nameof(EnrolAuthenticator)).WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapPost("/me/two-factor/authenticator/confirm", Finish).WithName("ConfirmAuthenticator").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Ok<Enrolled>, ProblemHttpResult>> Start(
        PasswordRequest request, CurrentUser caller, HttpContext http, PostgresEventStore store, OwnPassword own, CancellationToken ct)
    {
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(caller.Id), ct: ct) ?? User.Initial;
        if (await own.WhyNot(user, request.Password, http, ct) is { } no)
            return no;
        var command = new Enrol(caller.Id, Totp.NewSecret());
        await store.Transact(
            caller.Metadata(http), session => session.Decide<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), _ => Decide(command), ct), ct);
        var uri = Totp.Uri(command.Secret, user.Email);
        using var picture = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(picture);
        return TypedResults.Ok(new Enrolled(command.Secret, uri, svg.GetGraphic(pixelsPerModule: 4)));
    }

    private static async Task<Results<Ok<NewRecoveryCodes>, ProblemHttpResult>> Finish(
        Confirmation request, CurrentUser caller, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (codes, hashes) = RecoveryCodes.New();
        var decision = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var factor = await session.FetchForWriting<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(caller.Id), ct);
                var step = factor.Aggregate.PendingSecret is { } secret && request.Code is { } code
                    ? Totp.StepOf(ProveSecondFactor.Digits(code), secret, clock.GetUtcNow())
                    : null;
                var decided = Decide(factor.Aggregate, new Confirm(step, hashes));
                factor.AppendMany(decided.Events);
                return decided;
            },
            ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(new NewRecoveryCodes(decision.Events.Any(e => e is TwoFactorEvent.RecoveryCodesMade) ? codes : []));
    }
}
