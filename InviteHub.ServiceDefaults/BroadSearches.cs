using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// What searches with very many matches found: the ids, in the order that was asked for, kept for as long as somebody turns the pages. Those
/// that ask at once wait for one answer of the database.
/// </summary>
/// <remarks>A list belongs to a version of the table, so that whoever writes finds what they wrote; what changes no version shows half a minute late.</remarks>
public sealed class BroadSearches : IDisposable
{
    /// <summary>As many matches are gathered anew each time: it costs no more than to keep them.</summary>
    public const int Few = 500;

    // In memory, 16 bytes each: 32 MB at most.
    private const long MostIds = 2_000_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostIds });
    private readonly ConcurrentDictionary<object, Lazy<Task<Guid[]>>> _asked = [];

    /// <summary>What is kept of a search, or null.</summary>
    /// <param name="search">All that makes two searches differ: words, filters, order, who asks, version; with the equality of a value.</param>
    public Guid[]? Kept(object search) => _kept.Get<Guid[]>(search);

    /// <summary>Finds and keeps.</summary>
    /// <param name="search">As for <see cref="Kept"/>.</param>
    /// <param name="find">Asks the database for all ids, in order. It goes on when a single caller gives up.</param>
    /// <param name="ct">Gives up to wait.</param>
    public async Task<Guid[]> Find(object search, Func<CancellationToken, Task<Guid[]>> find, CancellationToken ct) =>
        await _asked.GetOrAdd(search, asked => new(() => Ask(asked, find))).Value.WaitAsync(ct);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private async Task<Guid[]> Ask(object search, Func<CancellationToken, Task<Guid[]>> find)
    {
        try
        {
            var ids = await find(CancellationToken.None);
            return _kept.Set(search, ids, new MemoryCacheEntryOptions { Size = ids.Length, AbsoluteExpirationRelativeToNow = KeptFor });
        }
        finally
        {
            _asked.TryRemove(search, out _);
        }
    }
}
