using System.Diagnostics.Metrics;
using InviteHub.EventStore;
using Microsoft.Extensions.Logging;

namespace InviteHub.ServiceDefaults;

/// <summary>Measures how long sagas wait: in each state, the one that was not moved on for longest (OPS-05). Every instance measures.</summary>
public sealed class SagaAge(PostgresEventStore store, TimeProvider clock, ILogger<SagaAge> log) : RecurringWork(TimeSpan.FromSeconds(15), clock, log)
{
    private static readonly Meter Meter = new("InviteHub.Messaging");
    private static readonly Gauge<double> Age = Meter.CreateGauge<double>(
        "invitehub.saga.age", "s", "How long the saga that has waited longest in a state waits; 0 when none does");

    private readonly HashSet<(string Saga, string State)> _known = [];

    /// <summary>Measures once.</summary>
    public async Task Measure(CancellationToken ct)
    {
        var none = _known.ToHashSet();
        await using var command = store.Database.CreateCommand(
            """
            select type, state ->> 'currentState', greatest(0, extract(epoch from now() - min(updated_at)))::float8
            from sagas where state ->> 'currentState' <> 'Over' group by 1, 2
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var one = (Saga: reader.GetString(0), State: reader.GetString(1));
            _known.Add(one);
            none.Remove(one);
            Record(one, reader.GetDouble(2));
        }

        foreach (var one in none)
            Record(one, 0);
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        await Measure(ct);
        return Every;
    }

    private static void Record((string Saga, string State) one, double seconds) =>
        Age.Record(seconds, new("saga", one.Saga), new("state", one.State));
}
