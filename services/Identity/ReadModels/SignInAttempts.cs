using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>
/// Waits that grow with failed attempts, per account and per network address (USR-08). An attempt is counted before the password is
/// looked at, so that a thousand at once are no way around. Whether the account exists makes no difference.
/// </summary>
internal sealed class SignInAttempts(PostgresEventStore store, TimeProvider clock)
{
    /// <summary>Counts attempts to sign in, with whatever belongs to that: password, second factor.</summary>
    public const string SignIn = "account";

    /// <summary>Counts links that were asked for; many of them keep nobody from signing in.</summary>
    public const string Reset = "reset";

    private const int FreePerAccount = 5;
    private const int FreePerAddress = 100; // An office, a school and a test run sit behind one.
    private const int LongestWait = 15 * 60;
    private static readonly TimeSpan RememberAccount = TimeSpan.FromDays(1);
    private static readonly TimeSpan RememberAddress = TimeSpan.FromHours(1);

    /// <summary>Counts an attempt.</summary>
    /// <returns>How long to wait when it must not be made, or null.</returns>
    public async Task<TimeSpan?> Take(string purpose, string account, IPAddress? address, CancellationToken ct) =>
        await Take(KeyOf("address", address?.ToString() ?? ""), FreePerAddress, RememberAddress, ct)
        ?? await Take(KeyOf(purpose, account), FreePerAccount, RememberAccount, ct);

    /// <summary>
    /// Forgets an account's failures: it was its owner. From the address it was one attempt that did not fail; what others failed there stays,
    /// so that an account of one's own is no way to guess at others'.
    /// </summary>
    public async Task Succeeded(string account, IPAddress? address, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from sign_in_attempts where key = @account;
            update sign_in_attempts set failures = greatest(failures - 1, 0) where key = @address
            """,
            new { account = KeyOf(SignIn, account), address = KeyOf("address", address?.ToString() ?? "") },
            cancellationToken: ct));
    }

    private async Task<TimeSpan?> Take(string key, int free, TimeSpan remember, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var failures = await connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            """
            insert into sign_in_attempts as a (key, failures, blocked_until, last_at) values (@key, 1, 'epoch', @now)
            on conflict (key) do update set
                failures = case when a.last_at < @forgotten then 1 else a.failures + 1 end,
                -- Not touched while attempts are free: one that looked at the clock first and came here second has nothing to wait for.
                blocked_until = case when a.last_at < @forgotten or a.failures < @free then a.blocked_until
                    else @now + make_interval(secs => least(@longest, power(2, least(a.failures - @free, 20)))) end,
                last_at = @now
            where a.blocked_until <= @now
            returning failures
            """,
            new { key, now, forgotten = now - remember, free, longest = LongestWait },
            cancellationToken: ct));
        if (failures is null)
        {
            var until = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
                "select blocked_until from sign_in_attempts where key = @key", new { key }, cancellationToken: ct));
            return until is { } blocked && blocked > now.UtcDateTime ? blocked - now.UtcDateTime : TimeSpan.FromSeconds(1);
        }

        if (failures == 1)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from sign_in_attempts where last_at < @forgotten", new { forgotten = now - RememberAccount }, cancellationToken: ct));
        }

        return null;
    }

    /// <summary>Under which an account's attempts are counted, by its addresses.</summary>
    internal static IEnumerable<string> KeysOf(IEnumerable<string> emails) =>
        from email in emails from purpose in (string[])[SignIn, Reset] select KeyOf(purpose, Users.KeyOf(email));

    internal static string KeyOf(string kind, string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {name}")));
}
