using System.Globalization;
using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>Tells what each event changed in an invitation, resends and what became of each mail included, made only by replaying the stream (LOG-01, INV-08).</summary>
internal static class GetInvitationLogs
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/invitations/{id:guid}/logs", Handle).WithName(nameof(GetInvitationLogs)).WithTags("Invitations").Requires(Permission.Invite);

    /// <summary>What of an invitation is shown, by the names of the API; the personal number masked (INV-03).</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Invitation invitation) => invitation.Offer is not { } offer
        ? new Dictionary<string, string?>(StringComparer.Ordinal)
        : new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["status"] = JsonNamingPolicy.CamelCase.ConvertName(invitation.Status.ToString()),
            ["firstName"] = Shown(offer.FirstName),
            ["lastName"] = Shown(offer.LastName),
            ["personalNumber"] = InvitationList.Masked(offer.PersonalNumber),
            ["lmaNumber"] = Shown(offer.LmaNumber),
            ["phone"] = Shown(offer.Phone),
            ["gender"] = Shown(offer.Gender),
            ["swedishCitizen"] = Text(offer.SwedishCitizen),
            ["euCitizen"] = Text(offer.EuCitizen),
            ["language"] = offer.Language,
            ["link"] = invitation.Link?.Generation.ToString(CultureInfo.InvariantCulture),
            ["expiresOn"] = invitation.Link?.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
            ["delivery"] = invitation.Delivery is { } delivery ? $"{delivery.Channel} {delivery.Status}" : null,
            ["deliveryError"] = invitation.Delivery?.Error,
        };

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery list, CurrentUser user, PostgresEventStore store, InvitationQueries queries, CancellationToken ct)
    {
        _ = list.OrderBy(("at", "at"));
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();
        var events = await store.OpenSession().FetchStream(Invitation.Stream(visible.Organization.Id, id), ct: ct);
        var log = ChangeLog.Replay<Invitation, InvitationEvent>(events, Fields, Why);
        LogEntry[] page = [.. (list.Descending ? log.Reverse() : log).Skip((int)list.Offset).Take(list.PageSize)];
        var names = await queries.Names([.. page.Select(entry => entry.By?.Id).OfType<Guid>()], ct);
        return TypedResults.Ok(new Page<LogEntry>(
            [.. page.Select(entry => entry with { By = entry.By is { } by ? by with { Name = names.GetValueOrDefault(by.Id) } : null })],
            list.Page, list.PageSize, events.Count));
    }

    private static string? Why(InvitationEvent happened) => happened switch
    {
        InvitationEvent.Refused e => e.Detail,
        InvitationEvent.RenewalRefused e => e.Detail,
        InvitationEvent.RegistrationRefused e => e.Detail,
        InvitationEvent.Declined e => Shown(e.Reason),
        _ => null,
    };

    private static string? Shown(string? value) => value == PersonalDataAttribute.Erased ? "(erased)" : value;

    private static string? Text(bool? value) => value?.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
}
