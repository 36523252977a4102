using System.Security.Cryptography;
using System.Text;
using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using PersonalDataAttribute = InviteHub.EventStore.PersonalData.PersonalDataAttribute;

namespace InviteHub.Identity.Features;

/// <summary>
/// Invites users to accounts that were made for them (INV-14): by the link they choose a password. Each is decided alone, so that who can't be
/// invited is named with the reason while the others are (INV-15); who was invited before and has not answered is sent a new link. Under one
/// <c>Idempotency-Key</c> each is invited once, also when the first request broke off half-way: the second does the rest. Instead of the link, the
/// message may carry a one-time password, where all organizations of the person allow it.
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

    private const int MostAtOnce = 10_000;
    private const int SideBySide = 8;

    /// <summary>Whom to invite.</summary>
    /// <param name="UserIds">By hand.</param>
    /// <param name="Filter">Or all whom the directory shows for this.</param>
    /// <param name="Channel">email, which it is when not given, or sms.</param>
    public sealed record Request(IReadOnlyList<Guid>? UserIds, Filter? Filter, string? Channel)
    {
        /// <summary>Whether the message carries a password that works for a day and is changed at the first sign-in, instead of a link.</summary>
        public bool OneTimePassword { get; init; }
    }

    /// <summary>The directory's own filter; what is not given is any.</summary>
    public sealed record Filter(string? Search, string? Role, Guid? OrganizationId, string? InvitationStatus);

    /// <summary>What came of it.</summary>
    /// <param name="Invited">How many are being invited.</param>
    /// <param name="Refused">Who is not, and why.</param>
    public sealed record Answer(int Invited, IReadOnlyList<NotInvited> Refused);

    /// <summary>Why somebody is not invited.</summary>
    public sealed record NotInvited(Guid UserId, string Code, string Detail);

    public sealed record Command(Guid InvitationId, string Way, string Channel, Guid By, string ByRole)
    {
        /// <summary>Until when the one-time password works, where one is to be sent.</summary>
        public DateTimeOffset? OneTimePasswordUntil { get; init; }

        /// <summary>What the organizations of the person allow.</summary>
        public InvitationWishes Wishes { get; init; } = InvitationWishes.None;
    }

    public static Decision<UserEvent> Decide(User user, Command c) => user switch
    {
        { Exists: false } or { Email: PersonalDataAttribute.Erased } => new UserNotFound(),
        _ when user.Invitations.Contains(c.InvitationId) => Nothing.Happened,
        { HasOwnPassword: true } => new AccountInUse(),
        _ when c is { Channel: Sms, Wishes.AllowSms: false } => new SmsNotAllowed(),
        _ when c is { OneTimePasswordUntil: not null, Wishes.AllowOneTimePasswords: false } => new OneTimePasswordNotAllowed(),
        _ when c.Channel == Email && !EmailAddress.TryParse(user.Email, out _, out var why) => new EmailUnusable(why),
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

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, UsersDirectory directory, Idempotency once, TimeProvider clock,
        CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand((request.UserIds is null) != (request.Filter is null), "userIds", "Name the users, or give a filter.");
        errors.Demand(request.Channel is null or Email or Sms, "channel", "The channel is email or sms.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        var chosen = request.Filter is { } f
            ? await directory.Ids(f.Search, new(f.Role, f.OrganizationId, f.InvitationStatus), MostAtOnce + 1, ct)
            : [.. request.UserIds!.Distinct()];
        errors.Demand(
            chosen.Count is > 0 and <= MostAtOnce, request.Filter is null ? "userIds" : "filter",
            chosen.Count == 0 ? "That is nobody." : $"At most {MostAtOnce} users are invited at once: choose fewer, and the others after them.");
        if (errors.Refusal is { } tooMany)
            return tooMany.ToProblem();

        var made = await once.Once(http, caller, Guid.CreateVersion7(clock.GetUtcNow()), request, _ => Task.FromResult<Refusal?>(null), ct);
        if (made.Refusal is { } reused)
            return reused.ToProblem();
        var wishes = await directory.Wishes(chosen, ct);
        DateTimeOffset? until = request.OneTimePassword ? clock.GetUtcNow() + OneTimePasswordIsGoodFor : null;
        var refused = new NotInvited?[chosen.Count];
        // Who hangs up, or is given up on by a gateway, meant all of them and not some: what has begun is done.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, chosen.Count), new ParallelOptions { MaxDegreeOfParallelism = SideBySide },
            async (n, token) =>
            {
                var command = new Command(IdOf(made.Id, chosen[n]), Account, request.Channel ?? Email, caller.Id, caller.Role)
                {
                    OneTimePasswordUntil = until, Wishes = wishes.GetValueOrDefault(chosen[n], InvitationWishes.None),
                };
                var outcome = await store.Transact(
                    caller.Metadata(http, made.Id), session => session.Decide<User, UserEvent>(User.Stream(chosen[n]), user => Decide(user, command), token), token);
                refused[n] = outcome.Refusal is { } no ? new(chosen[n], no.Code, no.Detail) : null;
            });
        NotInvited[] left = [.. refused.OfType<NotInvited>()];
        return TypedResults.Ok(new Answer(chosen.Count - left.Length, left));
    }

    /// <summary>The one invitation that a request makes for a user: a UUID version 7 of the request's time (RFC 9562).</summary>
    private static Guid IdOf(Guid request, Guid user)
    {
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{request} {user}"), id);
        request.ToByteArray(bigEndian: true).AsSpan(0, 6).CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
