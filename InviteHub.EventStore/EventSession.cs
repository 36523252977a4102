using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore;

/// <summary>
/// A unit of work: reads streams, collects what is to happen, and commits all of it in one round trip or none of it:
/// events, inline read models, saga state, inbox, idempotency record, checkpoint.
/// It holds no connection between calls. Not for use by two threads at once.
/// </summary>
public sealed class EventSession
{
    private readonly PostgresEventStore _store;
    private readonly Dictionary<StreamId, IPendingStream> _streams = [];
    private readonly List<NpgsqlBatchCommand> _guards = [];
    private readonly List<IPendingStream> _trusted = [];
    private readonly List<string> _sagas = [];
    private readonly List<(string Type, Guid Id, string State)> _begun = [];
    private readonly List<StreamId> _archived = [];
    private readonly List<Action> _afterSaving = [];
    private readonly Dictionary<StreamId, Guid> _lastEvents = [];
    private string[] _subjects = [];

    internal EventSession(PostgresEventStore store, EventMetadata metadata) => (_store, Metadata) = (store, metadata);

    /// <summary>What every event of this session is stamped with.</summary>
    public EventMetadata Metadata { get; set; }

    /// <summary>Statements that commit with the events, after the inline projections.</summary>
    public SqlQueue Sql { get; } = new();

    internal Turns.Place? Turn { get; init; }

    /// <summary>Whether streams are decided on as this process last saw them, where it still knows.</summary>
    internal bool IsTrusting { get; init; }

    internal bool HasTrusted => _trusted.Count > 0;

    /// <summary>Whether there is a stream that was decided on as it was last seen, and that nothing was appended to: nobody checks its version.</summary>
    internal bool HasOnlyTrusted => _trusted.Any(stream => stream.Pending.Count == 0);

    /// <summary>Reads a stream and its state in order to append to it: saving fails if it has moved on meanwhile.</summary>
    public async Task<EventStream<TState, TEvent>> FetchForWriting<TState, TEvent>(StreamId id, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        if (_streams.TryGetValue(id, out var known))
            return (EventStream<TState, TEvent>)known;

        if (Turn is not null)
            await Turn.Take(id.Id, lost: false, ct);
        var kept = IsTrusting ? _store.States.Of<TState>(id) : null;
        var (state, version) = kept is null ? await Latest<TState, TEvent>(id, ct) : ((TState)kept.State, kept.Version);
        var stream = new EventStream<TState, TEvent>(id, state, version);
        if (kept is not null)
            _trusted.Add(stream);
        _streams.Add(id, stream);
        return stream;
    }

    /// <summary>Reads many short streams in one round trip, so that fetching each of them for writing needs none.</summary>
    public async Task FetchForWriting<TState, TEvent>(IReadOnlyCollection<StreamId> ids, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        var missing = ids.Where(id => !_streams.ContainsKey(id)).ToArray();
        if (missing.Length == 0)
            return;
        var streams = await FetchStreams(missing, ct);
        foreach (var id in missing)
        {
            _streams.Add(id, new EventStream<TState, TEvent>(
                id, streams[id].Fold<TState, TEvent>(), streams[id].Count()));
        }
    }

    /// <summary>Takes part in a stream that must not exist yet: one round trip less than reading it first.</summary>
    public EventStream<TState, TEvent> StartStream<TState, TEvent>(StreamId id)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        var stream = new EventStream<TState, TEvent>(id, TState.Initial, 0);
        _streams.Add(id, stream);
        return stream;
    }

    /// <summary>Reads a stream, asks the rule, and takes its events up for saving. A refusal leaves the session as it was.</summary>
    public async Task<Outcome<TState>> Decide<TState, TEvent>(StreamId id, Func<TState, Decision<TEvent>> decide, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        var stream = await FetchForWriting<TState, TEvent>(id, ct);
        var decision = decide(stream.Aggregate);
        stream.AppendMany(decision.Events);
        return new(stream.Aggregate, decision.Refusal);
    }

    /// <summary>The state of a stream now, or as it was at a version or an instant (LOG-02).</summary>
    /// <returns>The state, or null when the stream did not exist (then).</returns>
    public async Task<TState?> AggregateStream<TState, TEvent>(
        StreamId id, long? version = null, DateTimeOffset? timestamp = null, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        if (version is null && timestamp is null)
        {
            var latest = await Latest<TState, TEvent>(id, ct);
            return latest.Version == 0 ? null : latest.State;
        }

        var events = await FetchStream(id, version, timestamp, ct: ct);
        return events.Count == 0 ? null : events.Fold<TState, TEvent>();
    }

    /// <summary>
    /// The events of a stream in order, up to a version or an instant when given. Clocks of two writers may differ: the events at an
    /// instant are those before the first later one, so that they always are a state that once was.
    /// </summary>
    /// <param name="id">The stream.</param>
    /// <param name="version">The last version.</param>
    /// <param name="timestamp">The last instant.</param>
    /// <param name="after">The version before the first one, to read a long stream piece by piece.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<RecordedEvent>> FetchStream(
        StreamId id, long? version = null, DateTimeOffset? timestamp = null, long after = 0, CancellationToken ct = default)
    {
        await using var command = _store.Database.CreateCommand(
            $"select {PostgresEventStore.EventColumns} from mt_events where tenant_id = $1 and stream_id = $2 and version <= $3 and version > $4 order by version");
        command.Parameters.AddWithValue(id.TenantId);
        command.Parameters.AddWithValue(id.Id);
        command.Parameters.AddWithValue(version ?? long.MaxValue);
        command.Parameters.AddWithValue(after);
        var (events, _) = await _store.ReadEvents(command, ct);
        return timestamp is { } instant ? [.. events.TakeWhile(e => e.Timestamp <= instant)] : events;
    }

    /// <summary>The events of many short streams, each in order, in one round trip.</summary>
    public async Task<ILookup<StreamId, RecordedEvent>> FetchStreams(IReadOnlyCollection<StreamId> ids, CancellationToken ct = default)
    {
        await using var command = _store.Database.CreateCommand(
            $"""
            select {PostgresEventStore.EventColumns} from mt_events join unnest($1, $2) as wanted (tenant, stream) on tenant_id = tenant and stream_id = stream
            order by stream_id, version
            """);
        command.Parameters.AddWithValue(ids.Select(id => id.TenantId).ToArray());
        command.Parameters.AddWithValue(ids.Select(id => id.Id).ToArray());
        var (events, _) = await _store.ReadEvents(command, ct);
        return events.ToLookup(e => e.Stream);
    }

    /// <summary>
    /// Archives a stream when the session saves, behind what it appends: from then on appends to it are refused
    /// (<see cref="StreamArchivedException"/>). Its events stay where they are; asynchronous projections read them no more.
    /// Like Marten's it expects no version and no stream.
    /// </summary>
    public void ArchiveStream(StreamId id) => _archived.Add(id);

    /// <summary>Notes that a consumer has handled a message: saving throws <see cref="DuplicateMessageException"/> when it had before.</summary>
    public void HandledBy(string consumer, Guid messageId) =>
        Guard("insert into inbox (consumer, message_id) values ($1, $2)", consumer, messageId);

    /// <summary>Keeps the answer to a request that named an Idempotency-Key (INV-21); the same key again breaks <c>idempotency_pkey</c>.</summary>
    public void Answers(string caller, string key, byte[] requestHash, string resource) =>
        Guard("insert into idempotency (caller, key, request_hash, resource) values ($1, $2, $3, $4)", caller, key, requestHash, resource);

    /// <summary>Loads a saga instance with the version to save it under.</summary>
    public async Task<(TSaga? Saga, long Version)> LoadSaga<TSaga>(Guid correlationId, CancellationToken ct = default) where TSaga : class
    {
        await using var command = _store.Database.CreateCommand("select state, version from sagas where type = $1 and correlation_id = $2");
        command.Parameters.AddWithValue(typeof(TSaga).Name);
        command.Parameters.AddWithValue(correlationId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (JsonSerializer.Deserialize<TSaga>(reader.GetString(0), EventJson.Options), reader.GetInt64(1))
            : (null, 0);
    }

    /// <summary>Saves a saga instance with the rest, a new one as version 0; <see cref="ConcurrencyConflictException"/> when another message changed it meanwhile.</summary>
    public void SaveSaga<TSaga>(Guid correlationId, TSaga saga, long version) where TSaga : class
    {
        _sagas.Add($"saga {typeof(TSaga).Name} {correlationId}");
        var state = JsonSerializer.Serialize(saga, EventJson.Options);
        if (version == 0)
            _begun.Add((typeof(TSaga).Name, correlationId, state));
        else
            Guard("select ih_save_saga($1, $2, $3, $4)", typeof(TSaga).Name, correlationId, version, Jsonb(state));
    }

    /// <summary>Does something once what is to be saved is saved, such as counting it; never for an attempt that lost a race.</summary>
    public void AfterSaving(Action what) => _afterSaving.Add(what);

    /// <summary>Commits everything, in one round trip.</summary>
    /// <exception cref="ConcurrencyConflictException">A stream, saga or checkpoint has moved on.</exception>
    /// <exception cref="UniqueRuleException">A unique index of a read model was broken.</exception>
    /// <exception cref="DuplicateMessageException">The message was handled before.</exception>
    /// <exception cref="StreamArchivedException">A stream is archived.</exception>
    public async Task SaveChanges(CancellationToken ct = default)
    {
        // New ones with one event first: many of them go in together.
        var streams = InOrder(_streams.Values.Where(s => s.Pending.Count > 0), s => s.Id).OrderBy(s => !IsNewWithOne(s)).ToArray();
        if (streams.Length == 0 && _guards.Count == 0 && _begun.Count == 0 && _archived.Count == 0 && Sql.Commands.Count == 0)
            return;

        using var activity = PostgresEventStore.Activities.StartActivity("eventstore.append");
        List<NpgsqlBatchCommand> statements = [.. _guards];
        if (_begun.Count > 0)
        {
            statements.Add(Statement(
                "select ih_begin_sagas($1, $2, $3)", _begun.Select(saga => saga.Type).ToArray(), _begun.Select(saga => saga.Id).ToArray(),
                new NpgsqlParameter { Value = _begun.Select(saga => saga.State).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb }));
        }

        if (streams.Length > 0)
            await AddAppend(statements, streams, ct);
        foreach (var id in InOrder(_archived, id => id))
            statements.Add(Statement("select mt_archive_stream($1, $2)", id.Id, id.TenantId));
        statements.AddRange(Sql.Commands);

        try
        {
            await _store.Commits.Commit(
                statements, [.. _sagas, .. InOrder(streams.Select(s => s.Id).Concat(_archived), id => id).Select(id => $"{id.TenantId} {id.Id}")], ct);
        }
        catch (PostgresException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.SqlState);
            if (e.SqlState == "IH004")
                _store.Forgotten(_subjects);
            if (Conflict(e) is { } conflict)
                throw conflict;
            throw;
        }

        _guards.Clear();
        _sagas.Clear();
        _begun.Clear();
        _archived.Clear();
        Sql.Commands.Clear();
        foreach (var stream in streams)
        {
            stream.Saved();
            if (_lastEvents.TryGetValue(stream.Id, out var last))
                _store.States.Keep(stream.Id, new(stream.State, stream.CurrentVersion, last));
        }

        if (streams.Length > 0)
            _store.Signal.Raise(streams.Select(s => s.Id.Id));
        _lastEvents.Clear();
        foreach (var what in _afterSaving)
            what();
        _afterSaving.Clear();
    }

    internal void MoveCheckpoint(string subscription, EventPosition from, EventPosition to) =>
        Guard("select ih_move_checkpoint($1, $2, $3, $4, $5)", subscription,
            Xid8(from.TransactionId), from.Sequence, Xid8(to.TransactionId), to.Sequence);

    private static NpgsqlParameter Jsonb(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    internal static NpgsqlParameter Xid8(ulong id) => new() { Value = id, NpgsqlDbType = NpgsqlDbType.Xid8 };

    private void Guard(string sql, params ReadOnlySpan<object?> parameters) => _guards.Add(Statement(sql, parameters));

    private static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object?> parameters)
    {
        var queue = new SqlQueue();
        queue.Execute(sql, parameters);
        return queue.Commands[0];
    }

    // One order for everybody, so that two sessions on the same streams wait for each other instead of deadlocking.
    private static IEnumerable<T> InOrder<T>(IEnumerable<T> of, Func<T, StreamId> id) =>
        of.OrderBy(one => id(one).TenantId, StringComparer.Ordinal).ThenBy(one => id(one).Id, StringComparer.Ordinal);

    private async Task<(TState State, long Version)> Latest<TState, TEvent>(StreamId id, CancellationToken ct)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        if (_store.Types.SnapshotsOf(typeof(TState)) is not { } rule)
            return await ReadOn<TState, TEvent>(id, TState.Initial, 0, ct);
        if (_store.States.Of<TState>(id) is { } kept)
        {
            if (await ReadOn<TState, TEvent>(id, (TState)kept.State, kept.Version, ct, last: kept.EventId) is { Version: > 0 } latest)
                return latest;
            _store.States.Drop(id, kept);
        }

        var (state, version) = await Snapshot<TState>(id, rule, ct) ?? (TState.Initial, 0);
        return await ReadOn<TState, TEvent>(id, state, version, ct);
    }

    /// <summary>The state after the events behind a version; with the version 0 where the event of that version is not the one that was the last.</summary>
    private async Task<(TState State, long Version)> ReadOn<TState, TEvent>(StreamId id, TState state, long version, CancellationToken ct, Guid? last = null)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        await using var command = _store.Database.CreateCommand(
            "select id, type, data, version from mt_events where tenant_id = $1 and stream_id = $2 and version > $3 order by version");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last is null ? version : version - 1 });
        var stored = new List<(Guid Id, string Type, string Body)>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            if (last is not null && !(await reader.ReadAsync(ct) && reader.GetGuid(0) == last))
                return (state, 0);
            for (; await reader.ReadAsync(ct); version = reader.GetInt64(3))
                stored.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        }

        foreach (var happened in await _store.Serializer.Read(stored, ct))
            state = state.Apply((TEvent)happened);
        if (stored.Count > 0 && _store.Types.SnapshotsOf(typeof(TState)) is not null)
            _store.States.Keep(id, new(state, version, stored[^1].Id));
        return (state, version);
    }

    private async Task<(TState State, long Version)?> Snapshot<TState>(StreamId id, SnapshotRule rule, CancellationToken ct) where TState : class
    {
        await using var command = _store.Database.CreateCommand("select version, state from ih_snapshot($1, $2, $3, $4)");
        command.Parameters.AddWithValue(id.TenantId);
        command.Parameters.AddWithValue(id.Id);
        command.Parameters.AddWithValue(rule.Category);
        command.Parameters.AddWithValue(rule.SchemaVersion);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        try
        {
            return JsonSerializer.Deserialize<TState>(reader.GetFieldValue<byte[]>(1), rule.Json) is { } state ? (state, reader.GetInt64(0)) : null;
        }
        catch (Exception)
        {
            // Another shape under the same version, or a state that refuses what it is given: the stream says what the state is.
            return null;
        }
    }

    private async ValueTask AddAppend(List<NpgsqlBatchCommand> statements, IPendingStream[] streams, CancellationToken ct)
    {
        var now = _store.Now();
        var metadata = WithTrace(Metadata);
        var events = streams.SelectMany(s => s.Pending).Select(data => (Id: Guid.CreateVersion7(now), Data: data)).ToArray();
        (var names, var bodies, var readable, _subjects) = await _store.Serializer.Write(events, ct);

        var queue = new SqlQueue();
        if (_subjects.Length > 0)
            queue.Execute("select ih_hold_keys($1)", (object)_subjects);
        var together = streams.TakeWhile(IsNewWithOne).Count();
        if (together > 1)
            Append(..together, ..together);
        else
            together = 0;
        if (together < streams.Length)
            Append(together.., together..);

        var n = 0;
        var alike = new List<RecordedEvent>();
        foreach (var stream in streams)
        {
            for (var k = 1; k <= stream.Pending.Count; k++, n++)
            {
                if (alike.Count > 0 && alike[0].Type != names[n])
                    Project();
                alike.Add(new(events[n].Id, stream.Id, stream.CurrentVersion + k, names[n], readable[n], now, metadata));
            }
        }

        Project();

        n = 0;
        foreach (var stream in streams)
        {
            n += stream.Pending.Count;
            if (_store.Types.SnapshotsOf(stream.State.GetType()) is not { } rule)
                continue;
            _lastEvents[stream.Id] = events[n - 1].Id;
            var after = stream.CurrentVersion + stream.Pending.Count;
            if (rule.IsDue(stream.CurrentVersion, after))
            {
                queue.Execute(
                    """
                    select ih_save_snapshot($1, $2, $3, $4, $5, (
                        select convert_from(string_agg(piece, ''::bytea order by nth), 'UTF8') from unnest($6) with ordinality as pieces (piece, nth)))
                    """,
                    stream.Id.TenantId, stream.Id.Id, rule.Category, rule.SchemaVersion, after, await Json(stream.State, rule.Json, ct));
            }
        }

        statements.AddRange(queue.Commands);

        void Project()
        {
            foreach (var projection in alike.Count > 0 ? _store.InlineProjections : [])
                projection.Project(alike, queue);
            alike.Clear();
        }

        void Append(Range some, Range theirs)
        {
            var appended = streams[some];
            queue.Execute(
                "select ih_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                Array.ConvertAll(appended, s => s.Id.TenantId),
                Array.ConvertAll(appended, s => s.Id.Id),
                Array.ConvertAll(appended, s => s.AggregateType),
                Array.ConvertAll(appended, s => s.CurrentVersion),
                Array.ConvertAll(appended, s => s.Pending.Count),
                Array.ConvertAll(events[theirs], e => e.Id),
                names[theirs],
                new NpgsqlParameter { Value = bodies[theirs], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                now,
                new NpgsqlParameter { Value = (object?)metadata.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter { Value = (object?)metadata.CausationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter
                {
                    Value = metadata.Headers is { Count: > 0 } headers ? JsonSerializer.Serialize(headers) : DBNull.Value,
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                });
        }
    }

    // Megabytes of a large state, in pieces: in one it would be held twice over while it grows, and its buffers be kept for the next by each thread.
    private static async Task<byte[][]> Json(object state, JsonSerializerOptions json, CancellationToken ct)
    {
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 64 * 1024, pauseWriterThreshold: 0));
        await JsonSerializer.SerializeAsync(pipe.Writer, state, state.GetType(), json, ct);
        await pipe.Writer.CompleteAsync();
        var written = await pipe.Reader.ReadAsync(ct);
        var pieces = new List<byte[]>();
        foreach (var piece in written.Buffer)
            pieces.Add(piece.ToArray());
        await pipe.Reader.CompleteAsync();
        return [.. pieces];
    }

    private static bool IsNewWithOne(IPendingStream stream) => stream.CurrentVersion == 0 && stream.Pending.Count == 1;

    private static EventMetadata WithTrace(EventMetadata metadata)
    {
        if (Activity.Current is not { } activity)
            return metadata;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in metadata.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
            headers[name] = value;
        headers[EventMetadata.TraceParent] = activity.Id!;
        return metadata with { Headers = headers };
    }

    private static Exception? Conflict(PostgresException e) => e.SqlState switch
    {
        // What moved is in the hint: Npgsql blanks the detail of every error.
        "IH001" or "IH003" or "IH004" => new ConcurrencyConflictException(e.Hint ?? e.MessageText, e),
        "IH002" => new StreamArchivedException(e.Hint ?? e.MessageText, e),
        // Only a writer that does not go through ih_append can have taken the version of a stream that was locked for us.
        PostgresErrorCodes.UniqueViolation when e.ConstraintName == "pk_mt_events_stream_and_version" => new ConcurrencyConflictException("a stream", e),
        PostgresErrorCodes.UniqueViolation when e.ConstraintName == "inbox_pkey" => new DuplicateMessageException(e),
        PostgresErrorCodes.UniqueViolation when e.ConstraintName is { } name => new UniqueRuleException(name, e),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => new ConcurrencyConflictException("the unit of work", e),
        _ => null,
    };
}
