using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using PersonalDataAttribute = InviteHub.EventStore.PersonalData.PersonalDataAttribute;

namespace InviteHub.Identity.Features;

/// <summary>
/// Invites users to accounts that were made for them (INV-14): by the link they choose a password. Each is decided alone, so that who can't be
/// invited is named with the reason while the others are (INV-15); who was invited before and has not answered is sent a new link. Who is chosen
/// is decided once, and kept in the commit of the <c>Idempotency-Key</c> (INV-21): the same request once more, at once or later, finds those, and
/// gives their answer. Up to a thousand are answered for at once; of more, the answer is where to see how far it is (<see cref="InvitationWorker"/>).
/// With <c>dryRun</c> nobody is invited before it is committed (INV-24). Instead of the link, the message may carry a one-time password, where all
/// organizations of the person allow it.
/// </summary>
internal static class InviteUsers
{
    /// <summary>The way of an account that was imported or made before.</summary>
    public const string Account = "account";

    /// <summary>The way of an account that is made to be accepted by its invitation.</summary>
    public const string Created = "created";

    public const string Email = "email";
    public const string Sms = "sms";

    /// <summary>How long a one-time password works.</summary>
    public static readonly TimeSpan OneTimePasswordIsGoodFor = TimeSpan.FromDays(1);

    private const int MostAtOnce = 1_000_000;
    private const int MostAnsweredAtOnce = 1_000;

    /// <summary>Whom to invite.</summary>
    /// <param name="UserIds">By hand.</param>
    /// <param name="Filter">Or all whom the directory shows for this.</param>
    /// <param name="Channel">email, which it is when not given, or sms.</param>
    public sealed record Request(IReadOnlyList<Guid>? UserIds, Filter? Filter, string? Channel)
    {
        /// <summary>Whether the message carries a password that works for a day and is changed at the first sign-in, instead of a link.</summary>
        public bool OneTimePassword { get; init; }

        /// <summary>Whether to tell what would come of it first; as <c>dryRun=true</c> in the query.</summary>
        public bool DryRun { get; init; }
    }

    /// <summary>The directory's own filter; what is not given is any.</summary>
    public sealed record Filter(string? Search, string? Role, Guid? OrganizationId, string? InvitationStatus)
    {
        /// <inheritdoc cref="UserFilter.CreatedFrom"/>
        public DateOnly? CreatedFrom { get; init; }

        /// <inheritdoc cref="UserFilter.CreatedTo"/>
        public DateOnly? CreatedTo { get; init; }

        /// <inheritdoc cref="UserFilter.LastActivityFrom"/>
        public DateOnly? LastActivityFrom { get; init; }

        /// <inheritdoc cref="UserFilter.LastActivityTo"/>
        public DateOnly? LastActivityTo { get; init; }

        /// <inheritdoc cref="UserFilter.NeverActive"/>
        public bool? NeverActive { get; init; }
    }

    /// <summary>What came of it, or would.</summary>
    /// <param name="Invited">How many are being invited.</param>
    /// <param name="Refused">Who is not, or would not be, and why.</param>
    public sealed record Answer(int Invited, IReadOnlyList<NotInvited> Refused)
    {
        /// <summary>The request; one that was tried is committed by it.</summary>
        public Guid Id { get; init; }

        /// <summary>Who would be invited, where they were tried.</summary>
        public IReadOnlyList<Guid> Planned { get; init; } = [];
    }

    /// <summary>Why somebody is not invited.</summary>
    public sealed record NotInvited(Guid UserId, string Code, string Detail);

    public sealed record Command(Guid InvitationId, string Way, string Channel, Guid By, string ByRole)
    {
        /// <summary>Until when the one-time password works, where one is to be sent.</summary>
        public DateTimeOffset? OneTimePasswordUntil { get; init; }

        /// <summary>Why mail to the person's address came back for good, if it did.</summary>
        public string? Undeliverable { get; init; }

        /// <summary>What the organizations of the person allow.</summary>
        public InvitationWishes Wishes { get; init; } = InvitationWishes.None;
    }

    /// <summary>What is asked of all whom it is about.</summary>
    public sealed record Start(Guid RunId, int Users, string Channel, bool OneTimePassword, bool DryRun, Guid By, string ByRole);

    public static Decision<InvitationRunEvent> Decide(InvitationRun run, Start c) => run.Status == InvitationRunStatus.None
        ? new InvitationRunEvent.Started(c.RunId, c.Users, c.Channel, c.OneTimePassword, c.DryRun, c.By, c.ByRole)
        : Nothing.Happened;

    public static Decision<UserEvent> Decide(User user, Command c) => user switch
    {
        { Exists: false } or { Email: PersonalDataAttribute.Erased } => new UserNotFound(),
        _ when user.Invitations.Contains(c.InvitationId) => Nothing.Happened,
        { HasOwnPassword: true } => new AccountInUse(),
        _ when c is { Channel: Sms, Wishes.AllowSms: false } => new SmsNotAllowed(),
        _ when c is { OneTimePasswordUntil: not null, Wishes.AllowOneTimePasswords: false } => new OneTimePasswordNotAllowed(),
        _ when c.Channel == Email && !EmailAddress.TryParse(user.Email, out _, out var why) => new EmailUnusable(why),
        _ when c is { Channel: Email, Undeliverable: { } reason } => new EmailUndeliverable(reason),
        { Phone: null } when c.Channel == Sms => new PhoneMissing(),
        _ when c.Channel == Sms && !PhoneNumber.TryParse(user.Phone, out _, out var why) => new PhoneUnusable(why),
        _ => Due(user.Id, PersonDetails.Of(user), c),
    };

    /// <summary>That somebody is to be invited: all that the invitation takes.</summary>
    public static UserEvent.InvitationDue Due(Guid userId, PersonDetails d, Command c) => new(
        userId, c.InvitationId, c.Way, c.Channel, d.Email, d.FirstName, d.LastName, d.Phone, d.Username, d.Language, c.By, c.ByRole)
    {
        OneTimePasswordUntil = c.OneTimePasswordUntil,
    };

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("/invitations", Handle).WithName(nameof(InviteUsers)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<Ok<Answer>, Accepted<InvitationRunProgress>, ProblemHttpResult>> Handle(
        Request request, bool? dryRun, CurrentUser caller, PreferWait wait, HttpContext http, PostgresEventStore store, UsersDirectory directory,
        Idempotency once, InvitationRuns runs, InvitationWorker worker, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand((request.UserIds is null) != (request.Filter is null), "userIds", "Name the users, or give a filter.");
        errors.Demand(request.Channel is null or Email or Sms, "channel", "The channel is email or sms.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var made = await once.Once(
            http, caller, id, request,
            async session =>
            {
                Guid[] chosen = request.Filter is { } f
                    ? [.. await directory.Ids(f.Search, FilterOf(f), MostAtOnce + 1, ct)]
                    : [.. request.UserIds!.Distinct()];
                var number = new FieldErrors();
                number.Demand(
                    chosen.Length is > 0 and <= MostAtOnce, request.Filter is null ? "userIds" : "filter",
                    chosen.Length == 0 ? "That is nobody." : $"At most {MostAtOnce} users are invited at once: choose fewer, and the others after them.");
                if (number.Refusal is { } no)
                    return no;
                var start = new Start(
                    id, chosen.Length, request.Channel ?? Email, request.OneTimePassword, request.DryRun || dryRun is true, caller.Id, caller.Role);
                await session.Decide<InvitationRun, InvitationRunEvent>(InvitationRun.Stream(id), run => Decide(run, start), ct);
                InvitationRuns.Keep(session.Sql, id, chosen);
                return null;
            },
            ct);
        return made.Refusal is { } refusal ? refusal.ToProblem() : await Tell(made.Id, wait, store, runs, worker, ct);
    }

    private static UserFilter FilterOf(Filter f) => new(f.Role, f.OrganizationId, f.InvitationStatus)
    {
        CreatedFrom = f.CreatedFrom, CreatedTo = f.CreatedTo, LastActivityFrom = f.LastActivityFrom, LastActivityTo = f.LastActivityTo,
        NeverActive = f.NeverActive,
    };

    /// <summary>What came of all, if they are not too many to wait for; else how far it is.</summary>
    public static async Task<Results<Ok<Answer>, Accepted<InvitationRunProgress>, ProblemHttpResult>> Tell(
        Guid id, PreferWait wait, PostgresEventStore store, InvitationRuns runs, InvitationWorker worker, CancellationToken ct)
    {
        var progress = (await runs.Progress(id, ct))!;
        if (progress is { Total: <= MostAnsweredAtOnce, Status: "running" })
        {
            // Who hangs up, or is given up on by a gateway, meant all of them and not some: what has begun is done.
            await worker.Do(id, CancellationToken.None);
            await store.WaitFor<InvitationRun, InvitationRunEvent>(
                InvitationRun.Stream(id), run => run.Status != InvitationRunStatus.Running, wait.Time, ct);
            progress = (await runs.Progress(id, ct))!;
        }

        if (progress is { Total: > MostAnsweredAtOnce } or { Status: "running" })
            return TypedResults.Accepted($"/api/v1/users/invitations/{id}", progress);
        var rows = await runs.Rows(id, state: null, offset: 0, MostAnsweredAtOnce, ct);
        return TypedResults.Ok(new Answer(
            (int)progress.Done, [.. rows.Where(row => row.State == "failed").Select(row => new NotInvited(row.UserId, row.Code!, row.Reason!))])
        {
            Id = id, Planned = [.. rows.Where(row => row.State == "planned").Select(row => row.UserId)],
        });
    }
}
