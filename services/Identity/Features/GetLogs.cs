using System.Globalization;
using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Shows what happened to a person, made by replaying their stream, their digital identity's and their second factor's and nothing else (LOG-01):
/// who did what when, and each field before and after. Personal numbers are masked, a password only changes, and what was erased says so.
/// </summary>
internal static class GetLogs
{
    private const string Erased = "erased";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/logs", Handle).WithName("GetUserLogs").WithTags("Users").Requires(Permission.ManageUsers).NotesReader("logs");
        api.MapGet("/me/logs", (CurrentUser caller, ListQuery list, PostgresEventStore store, Names names, CancellationToken ct) => Handle(caller.Id, list, store, names, ct))
            .WithName("GetOwnLogs").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    /// <summary>The log of a user, oldest first.</summary>
    /// <param name="events">The user's stream.</param>
    /// <param name="identity">The stream of the digital identity.</param>
    /// <param name="factor">The stream of the second factor; codes that came and went are not of the log.</param>
    /// <param name="organizations">Names; an organization or service without one is shown by its id.</param>
    public static IEnumerable<LogEntry> Of(
        IReadOnlyList<RecordedEvent> events, IReadOnlyList<RecordedEvent> identity, IReadOnlyList<RecordedEvent> factor,
        IReadOnlyDictionary<Guid, string> organizations) =>
        ChangeLog.Replay<User, UserEvent>(events, user => Fields(user, organizations), Why)
            .Concat(ChangeLog.Replay<DigitalIdentity, DigitalIdentityEvent>(identity, Fields, Why))
            .Concat(ChangeLog.Replay<TwoFactor, TwoFactorEvent>(factor, Fields).Where(entry => entry.Changes.Count > 0))
            .OrderBy(entry => entry.At)
            .Select(entry => entry with { Changes = [.. entry.Changes.Select(Shown)], Why = entry.Why == PersonalDataAttribute.Erased ? Erased : entry.Why });

    /// <summary>The organizations and services that a stream is about.</summary>
    public static IEnumerable<Guid> Organizations(IEnumerable<RecordedEvent> events) => events.Select(happened => happened.Data switch
    {
        UserEvent.OrganizationJoined e => e.OrganizationId,
        UserEvent.AppRoleGranted e => e.OrganizationId,
        UserEvent.RoleGranted e => e.HolderId,
        _ => default(Guid?),
    }).OfType<Guid>();

    // Of those that somebody has several of, each is a field of its own until it is shown: "role/<id>".
    private static Dictionary<string, string?> Fields(User user, IReadOnlyDictionary<Guid, string> organizations)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["email"] = user.Exists ? user.Email : null,
            ["username"] = user.Username,
            ["firstName"] = user.Exists ? user.FirstName : null,
            ["lastName"] = user.Exists ? user.LastName : null,
            ["personalNumber"] = user.PersonalNumber,
            ["lmaNumber"] = user.LmaNumber,
            ["phone"] = user.Phone,
            ["gender"] = user.Gender,
            ["swedishCitizen"] = Text(user.SwedishCitizen),
            ["euCitizen"] = Text(user.EuCitizen),
            ["language"] = user.Exists ? user.Language : null,
            ["systemRole"] = user.Exists ? user.SystemRole.ToText() : null,
            ["password"] = user.PasswordHash,
            ["avatarId"] = user.AvatarId?.ToString(),
            ["mustChangePassword"] = user.MustChangePassword ? Text(true) : null,
        };
        foreach (var id in user.Organizations)
            fields[$"organization/{id}"] = Name(id);
        foreach (var role in user.AppRoles)
            fields[$"appRole/{role.SubscriptionId}/{role.Role}"] = $"{role.Role}, {Name(role.OrganizationId)}";
        foreach (var role in user.AssignedRoles)
            fields[$"role/{role.RequestId}"] = $"{role.Role.ToText()}, {Name(role.HolderId)}";
        return fields;

        string Name(Guid id) => organizations.GetValueOrDefault(id, id.ToString());
    }

    private static Dictionary<string, string?> Fields(DigitalIdentity identity) => new(StringComparer.Ordinal)
    {
        ["identity.status"] = identity.Status == IdentityStatus.Missing ? null : Identities.Text(identity.Status),
        ["identity.firstName"] = identity.Details.FirstName,
        ["identity.lastName"] = identity.Details.LastName,
        ["identity.personalNumber"] = identity.Details.PersonalNumber,
        ["identity.lmaNumber"] = identity.Details.LmaNumber,
        ["identity.gender"] = identity.Details.Gender,
        ["identity.swedishCitizen"] = Text(identity.Details.SwedishCitizen),
        ["identity.euCitizen"] = Text(identity.Details.EuCitizen),
    };

    private static Dictionary<string, string?> Fields(TwoFactor factor) => new(StringComparer.Ordinal)
    {
        ["secondFactor.authenticator"] = factor.Secret is null ? null : Text(true),
        ["secondFactor.emailCodes"] = factor.EmailCodes ? Text(true) : null,
        ["secondFactor.recoveryCodesLeft"] = factor.RecoveryHashes.Count.ToString(CultureInfo.InvariantCulture),
    };

    private static FieldChange Shown(FieldChange change) => change.Field switch
    {
        "password" => new(change.Field, null, "changed"),
        "personalNumber" or "identity.personalNumber" => new(change.Field, Masked(change.Before), Masked(change.After)),
        _ => new(change.Field.Split('/')[0], Marked(change.Before), Marked(change.After)),
    };

    private static string? Masked(string? number) => number is { Length: >= 8 } && number != PersonalDataAttribute.Erased ? $"{number[..8]}-****" : Marked(number);

    private static string? Marked(string? value) => value == PersonalDataAttribute.Erased ? Erased : value;

    private static string? Text(bool? value) => value?.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();

    private static string? Why(UserEvent happened) => happened switch
    {
        UserEvent.SystemRoleChanged e => e.Why,
        UserEvent.PasswordReplaced e => JsonNamingPolicy.CamelCase.ConvertName(e.By.ToString()),
        _ => null,
    };

    private static string? Why(DigitalIdentityEvent happened) => (happened as DigitalIdentityEvent.Returned)?.Reason;

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery list, PostgresEventStore store, Names names, CancellationToken ct)
    {
        _ = list.OrderBy(("at", "at"));
        var events = await store.OpenSession().FetchStream(User.Stream(id), ct: ct);
        if (events.Count == 0)
            return new UserNotFound().ToProblem();

        var identity = await store.OpenSession().FetchStream(DigitalIdentity.Stream(id), ct: ct);
        var factor = await store.OpenSession().FetchStream(TwoFactor.Stream(id), ct: ct);
        LogEntry[] log = [.. Of(events, identity, factor, await names.OfOrganizations(Organizations(events), ct))];
        LogEntry[] page = [.. (list.Descending ? log.AsEnumerable().Reverse() : log).Skip((int)list.Offset).Take(list.PageSize)];
        var people = await names.OfPeople(page.Select(entry => entry.By?.Id).OfType<Guid>(), ct);
        return TypedResults.Ok(new Page<LogEntry>(
            [.. page.Select(entry => entry with { By = entry.By is { } by ? by with { Name = people.GetValueOrDefault(by.Id) } : null })],
            list.Page, list.PageSize, log.Length));
    }
}
