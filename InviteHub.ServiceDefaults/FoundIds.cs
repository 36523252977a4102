using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// What searches of long lists found: the ids, in the order that was asked for, kept for as long as somebody turns the pages. Those that ask at
/// once wait for one answer of the database.
/// </summary>
/// <remarks>
/// What was found belongs to a version of the list, so that whoever writes finds what they wrote; what changes no version shows half a minute late.
/// A sequence tells the version, and counts before what it counts is committed: while somebody writes, nothing is kept.
/// </remarks>
public sealed class FoundIds : IDisposable
{
    /// <summary>SQL: no transaction of this database is writing, so that the sequence has counted nothing that can't be seen yet.</summary>
    public const string NobodyWrites = "not exists (select from pg_stat_activity where datname = current_database() and backend_xid is not null)";

    // In memory, 16 bytes each: 32 MB at most. What found nothing costs a little too.
    private const long MostIds = 2_000_000;
    private const int Overhead = 20;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostIds });
    private readonly ConcurrentDictionary<object, Lazy<Task<Guid[]>>> _asked = [];

    /// <summary>What is kept of a search, or else what is found now.</summary>
    /// <param name="search">All that makes two searches differ: words, filters, order, who asks, version; with the equality of a value. Null keeps nothing.</param>
    /// <param name="find">Asks the database for all ids, in order. What others may wait for too goes on when one of them gives up.</param>
    /// <param name="ct">Gives up to wait.</param>
    public async Task<Guid[]> Of(object? search, Func<CancellationToken, Task<Guid[]>> find, CancellationToken ct) =>
        search is null ? await find(ct) : _kept.Get<Guid[]>(search) ?? await _asked.GetOrAdd(search, asked => new(() => Find(asked, find))).Value.WaitAsync(ct);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private async Task<Guid[]> Find(object search, Func<CancellationToken, Task<Guid[]>> find)
    {
        try
        {
            var ids = await find(CancellationToken.None);
            return _kept.Set(search, ids, new MemoryCacheEntryOptions { Size = ids.Length + Overhead, AbsoluteExpirationRelativeToNow = KeptFor });
        }
        finally
        {
            _asked.TryRemove(search, out _);
        }
    }
}
