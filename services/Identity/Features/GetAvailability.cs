using System.Threading.RateLimiting;
using Dapper;
using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;

namespace InviteHub.Identity.Features;

/// <summary>
/// Says while somebody types whether an address or a username is taken, and proposes usernames (INV-18). It tells who has an account: so only
/// those who may invite ask, and not faster than people type.
/// </summary>
internal static class GetAvailability
{
    private const string Limit = "availability";
    private const int Questions = 30;
    private const int Proposals = 3;
    private const int LongestProposal = 60;
    private static readonly char[] BehindTheName = ['@', '+'];
    private static readonly TimeSpan Per = TimeSpan.FromSeconds(10);

    /// <summary>Whether something can be had, and why not.</summary>
    public sealed record Answer(bool Available, string? Reason);

    /// <summary>An answer to each question that was asked.</summary>
    public sealed record Availability(Answer? Email, Answer? Username, IReadOnlyList<string> Proposals);

    public static void Map(RouteGroupBuilder users) =>
        users.MapGet("/availability", Handle).WithName(nameof(GetAvailability)).WithTags("Users").Requires(Permission.Invite).RequireRateLimiting(Limit);

    /// <summary>How often each caller may ask.</summary>
    public static void AddLimit(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = $"{Per.TotalSeconds}";
            return ValueTask.CompletedTask;
        };
        limits.AddPolicy(Limit, http => RateLimitPartition.GetFixedWindowLimiter(
            CurrentUser.Of(http.User)?.Id, _ => new FixedWindowRateLimiterOptions { PermitLimit = Questions, Window = Per }));
    }

    private static async Task<Results<Ok<Availability>, ProblemHttpResult>> Handle(
        string? email, string? username, PostgresEventStore store, Users users, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(!string.IsNullOrWhiteSpace(email) || !string.IsNullOrWhiteSpace(username), "email", "Ask for an e-mail address, a username, or both.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var (byEmail, byUsername) = ((Answer?)null, (Answer?)null);
        if (!string.IsNullOrWhiteSpace(email))
        {
            byEmail = !EmailAddress.TryParse(email, out var address, out var why) ? new(false, why)
                : await users.IdOf(address.Text, ct) is null ? new(true, null)
                : new(false, new EmailTaken().Detail);
        }

        if (!string.IsNullOrWhiteSpace(username))
        {
            var name = Fields.Username(username, "username", errors)!;
            byUsername = errors.Refusal is { Errors: var reasons } ? new(false, reasons["username"][0])
                : (await Taken([name])).Count == 0 ? new(true, null)
                : new(false, new UsernameTaken().Detail);
        }

        return TypedResults.Ok(new Availability(byEmail, byUsername, byUsername is { Available: true } ? [] : await Free(username ?? email!)));

        async Task<IReadOnlyList<string>> Free(string from)
        {
            // The same folding as the search's: "Åsa.Öberg" is proposed as "asa.oberg".
            var folded = (await connection.ExecuteScalarAsync<string>(new CommandDefinition(
                "select users_fold(@text)", new { text = from.Split(BehindTheName)[0] }, cancellationToken: ct)))!;
            var stem = string.Concat(folded.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-').Take(LongestProposal)).Trim('.', '_', '-');
            if (stem.Length < 2)
                stem = $"user{stem}";
            for (var (free, next) = (new List<string>(), 1); ; next *= 4)
            {
                var candidates = Enumerable.Range(next, next * 3).Select(n => n == 1 ? stem : $"{stem}{n}").ToArray();
                free.AddRange(candidates.Except(await Taken(candidates), StringComparer.Ordinal));
                if (free.Count >= Proposals)
                    return [.. free.Take(Proposals)];
            }
        }

        async Task<IReadOnlyList<string>> Taken(string[] names) => [.. await connection.QueryAsync<string>(new CommandDefinition(
            "select lower(username) from users where lower(username) = any(@names)",
            new { names = names.Select(name => name.ToLowerInvariant()).ToArray() }, cancellationToken: ct))];
    }
}
