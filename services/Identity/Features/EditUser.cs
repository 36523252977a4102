using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Changes what an account says about its person (USR-05), by the rules of adding one. The request is a merge patch (RFC 7396): what is not in
/// it stays, null takes away. A changed address counts as verified, as one that an administrator typed does.
/// </summary>
internal static class EditUser
{
    private static readonly IReadOnlySet<string> Changeable = FieldsOf<PersonRequest>();

    public sealed record Command(PersonDetails Details);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (!user.Exists)
            return new UserNotFound();
        var d = c.Details;
        return d == PersonDetails.Of(user)
            ? Nothing.Happened
            : new UserEvent.DetailsChanged(
                user.Id, d.Email, d.FirstName, d.LastName, d.PersonalNumber, d.LmaNumber, d.Phone, d.Gender, d.SwedishCitizen, d.EuCitizen, d.Username,
                d.Language, user.SystemRole);
    }

    public static void Map(RouteGroupBuilder users) =>
        users.MapPatch("/{id:guid}", Handle).Accepts<PersonRequest>("application/json", "application/merge-patch+json")
            .WithName(nameof(EditUser)).WithTags("Users").Requires(Permission.ManageUsers);

    /// <summary>Applies a patch to somebody's details; only of the fields that this caller may change.</summary>
    public static async Task<Results<Ok<UserProfile>, ProblemHttpResult>> Change(
        Guid id, JsonObject patch, IReadOnlySet<string> changeable, IfMatch ifMatch, CurrentUser caller, HttpContext http, PostgresEventStore store,
        Users users, TimeProvider clock, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        try
        {
            var refusal = await store.Transact(
                caller.Metadata(http),
                async session =>
                {
                    var stream = await session.FetchForWriting<User, UserEvent>(User.Stream(id), ct);
                    if (!stream.Aggregate.Exists)
                        return new UserNotFound();
                    var errors = new FieldErrors();
                    var details = Patched(PersonDetails.Of(stream.Aggregate), patch, changeable, today, errors);
                    if ((errors.Refusal ?? ifMatch.WhyNot(stream.CurrentVersion)) is { } no)
                        return no;
                    var decision = Decide(stream.Aggregate, new(details));
                    stream.AppendMany(decision.Events);
                    return decision.Refusal;
                },
                ct);
            return refusal is null ? TypedResults.Ok((await GetUser.Read(id, http, store, users, ct))!) : refusal.ToProblem();
        }
        catch (UniqueRuleException broken) when (Users.Taken(broken) is { } taken)
        {
            return taken.ToProblem();
        }
    }

    /// <summary>The names in the API of what a request holds.</summary>
    public static IReadOnlySet<string> FieldsOf<T>() =>
        typeof(T).GetProperties().Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name)).ToHashSet(StringComparer.Ordinal);

    private static PersonDetails Patched(PersonDetails now, JsonObject patch, IReadOnlySet<string> changeable, DateOnly today, FieldErrors errors)
    {
        var merged = JsonSerializer.SerializeToNode(now, JsonSerializerOptions.Web)!.AsObject();
        foreach (var (field, value) in patch)
        {
            errors.Demand(changeable.Contains(field), field, $"This can't be changed here; what can is {string.Join(", ", changeable)}.");
            merged[field] = value?.DeepClone();
        }

        try
        {
            return PersonDetails.Read(merged.Deserialize<PersonRequest>(JsonSerializerOptions.Web)!, today, errors);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"{e.Path?.TrimStart('$', '.')} has a value of another kind", e);
        }
    }

    private static async Task<Results<Ok<UserProfile>, ProblemHttpResult>> Handle(
        Guid id, JsonObject patch, IfMatch ifMatch, CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, TimeProvider clock,
        CancellationToken ct) =>
        id == caller.Id
            ? new OwnAccount("change your details with PATCH /me/profile, or ask another System admin").ToProblem()
            : await Change(id, patch, Changeable, ifMatch, caller, http, store, users, clock, ct);
}
