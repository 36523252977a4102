using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Makes an account without asking its person (USR-03). The address counts as verified, the person is told, and the password that the
/// administrator chose lasts until the first sign-in. With an invitation instead, the person chooses the password by its link; the account can
/// be worked on before (INV-18). When asked, the registration is complete with it: the account and the digital identity
/// commit together (IDN-03).
/// </summary>
internal static class AddUser
{
    /// <summary>The account to make.</summary>
    public sealed record Request : PersonRequest
    {
        public string? EmailConfirmation { get; init; }

        public string? Password { get; init; }

        public string? PasswordConfirmation { get; init; }

        /// <summary>Whether the person is invited to choose the password, and none is given here (INV-18).</summary>
        public bool SendInvitation { get; init; }

        /// <summary>guest, which it is when not given, systemAdmin, economyAdmin or applicant.</summary>
        public Role? SystemRole { get; init; }

        /// <summary>Whether the details are those of the digital identity too, which is validated with it (IDN-03).</summary>
        public bool CompleteIdentity { get; init; }
    }

    public sealed record Command(Guid UserId, PersonDetails Details, string? PasswordHash, Role SystemRole, RegisteredBy How, InviteUsers.Command? Invitation = null);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (user.Exists)
            return Nothing.Happened;
        if (Roles.InTheWayOf(c.SystemRole, user.Roles) is { Count: > 0 } inTheWay)
            return new RoleConflict(c.SystemRole, inTheWay);
        var d = c.Details;
        var registered = new UserEvent.Registered(
            c.UserId, d.Email, d.FirstName, d.LastName, d.PersonalNumber, d.LmaNumber, d.Phone, d.Gender, d.SwedishCitizen, d.EuCitizen, d.Username,
            d.Language, c.SystemRole, EmailVerified: c.How == RegisteredBy.Administrator, PrivacyPolicyVersion: null, c.How, InvitationId: null);
        return (UserEvent[])[
            registered,
            .. c.PasswordHash is { } hash ? [new UserEvent.PasswordSet(c.UserId, hash, MustChange: true)] : Array.Empty<UserEvent>(),
            .. c.Invitation is { } invitation ? [InviteUsers.Due(c.UserId, d, invitation)] : Array.Empty<UserEvent>(),
        ];
    }

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("", Handle).WithName(nameof(AddUser)).WithTags("Users").Requires(Permission.ManageUsers);

    /// <summary>Decides in a session, the list of System admins included.</summary>
    public static async Task<Refusal?> Add(EventSession session, Command command, CancellationToken ct)
    {
        var stream = session.StartStream<User, UserEvent>(User.Stream(command.UserId));
        var decision = Decide(stream.Aggregate, command);
        stream.AppendMany(decision.Events);
        if (decision.Events.SelectMany(ChangeSystemRole.Follow).ToArray() is { Length: > 0 } follow)
            (await session.FetchForWriting<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, ct)).AppendMany(follow);
        return decision.Refusal;
    }

    private static async Task<Results<Created<UserProfile>, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, Passwords passwords, Idempotency once,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var errors = new FieldErrors();
        var details = PersonDetails.Read(request with { Language = request.Language ?? "en" }, DateOnly.FromDateTime(now.UtcDateTime), errors);
        errors.Demand(
            EmailAddress.TryParse(request.EmailConfirmation, out var again, out _) && again.Key == Users.KeyOf(details.Email),
            "emailConfirmation", "The two e-mail addresses are not the same.");
        foreach (var reason in request.SendInvitation ? [] : Passwords.Check(request.Password, request.Email, request.FirstName, request.LastName))
            errors.Add("password", reason);
        errors.Demand(
            !request.SendInvitation || request.Password is null, "password", "The person chooses the password by the invitation's link; give none, or send none.");
        errors.Demand(request.PasswordConfirmation == request.Password, "passwordConfirmation", "The two passwords are not the same.");
        errors.Demand(
            !request.CompleteIdentity || details.LmaNumber is not null || !string.IsNullOrWhiteSpace(request.PersonalNumber),
            "personalNumber", "A digital identity has a personal number or an LMA number; enter one.");
        var role = request.SystemRole ?? Role.Guest;
        errors.Demand(role.CanBeSet(), "systemRole", "The role is guest, systemAdmin, economyAdmin or applicant.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = request.SendInvitation
            ? new Command(
                Guid.CreateVersion7(now), details, PasswordHash: null, role, RegisteredBy.AdministratorInviting,
                new(Guid.CreateVersion7(now), InviteUsers.Created, InviteUsers.Email, caller.Id, caller.Role))
            : new Command(Guid.CreateVersion7(now), details, await passwords.Hash(request.Password!, ct), role, RegisteredBy.Administrator);
        try
        {
            var made = await once.Once(
                http, caller, command.UserId, request,
                async session =>
                {
                    var no = await Add(session, command, ct);
                    if (no is null && request.CompleteIdentity)
                        GiveIdentity.Complete(session, command.UserId, details, caller.Id);
                    return no;
                },
                ct);
            if (made.Refusal is { } refusal)
                return refusal.ToProblem();
            var profile = (await GetUser.Read(made.Id, http, store, users, ct))!;
            return TypedResults.Created($"/api/v1/users/{made.Id}", profile);
        }
        catch (UniqueRuleException broken) when (Users.Taken(broken) is { } taken)
        {
            return taken.ToProblem();
        }
    }
}
