using System.Collections.Concurrent;
using InviteHub.Contracts.Identity;
using MassTransit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// The sessions whose tokens are refused although they have not run out (USR-08). Each instance hears of them over a queue of its own;
/// Identity writes them down before it tells, and an instance reads that whenever its queue is (again) there: so none is missed, neither
/// by a restart nor by an outage of RabbitMQ.
/// </summary>
public sealed class EndedSessions(KeyRing keys, TimeProvider clock, ILogger<EndedSessions> log) : IReceiveEndpointObserver
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _until = new();

    /// <summary>Whether a session has ended.</summary>
    public bool Contains(Guid sessionId) => _until.ContainsKey(sessionId);

    /// <summary>Refuses a session's tokens in this process from now on.</summary>
    public void Add(SessionEnded ended)
    {
        _until[ended.SessionId] = ended.TokensUntil;
        var now = clock.GetUtcNow();
        foreach (var (session, until) in _until)
        {
            if (until <= now)
                _until.TryRemove(session, out _);
        }
    }

    /// <summary>Writes a session down for every process that starts before its last token has run out.</summary>
    public async Task Keep(SessionEnded ended, CancellationToken ct)
    {
        await using var batch = keys.Database.CreateBatch();
        batch.BatchCommands.Add(new("insert into ended_sessions (session_id, user_id, tokens_until) values ($1, $2, $3) on conflict do nothing")
        {
            Parameters = { new() { Value = ended.SessionId }, new() { Value = ended.UserId }, new() { Value = ended.TokensUntil } },
        });
        batch.BatchCommands.Add(new("delete from ended_sessions where tokens_until <= $1") { Parameters = { new() { Value = clock.GetUtcNow() } } });
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Reads what was written down.</summary>
    public async Task Load(CancellationToken ct = default)
    {
        await using var command = keys.Database.CreateCommand("select session_id, user_id, tokens_until from ended_sessions where tokens_until > $1");
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2)));
    }

    /// <summary>The queue is there: what was told before is written down.</summary>
    async Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        try
        {
            await Load();
        }
        catch (NpgsqlException e)
        {
            log.LogError(e, "Could not read which sessions have ended; those that ended while RabbitMQ was away stay good until their tokens run out");
        }
    }

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    /// <summary>Reads tokens as before, but for those of ended sessions.</summary>
    internal sealed class Guard(ISecureDataFormat<AuthenticationTicket> inner, EndedSessions ended) : ISecureDataFormat<AuthenticationTicket>
    {
        public string Protect(AuthenticationTicket data) => inner.Protect(data);

        public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);

        public AuthenticationTicket? Unprotect(string? protectedText) => Open(inner.Unprotect(protectedText));

        public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Open(inner.Unprotect(protectedText, purpose));

        private AuthenticationTicket? Open(AuthenticationTicket? ticket) =>
            ticket is not null && CurrentUser.Of(ticket.Principal) is { } user && !ended.Contains(user.SessionId) ? ticket : null;
    }
}
