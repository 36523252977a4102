namespace InviteHub.Testing;

/// <summary>
/// A clock that stands still until it is advanced. Its timers fire when it is advanced past them, or when their time has really
/// passed: a day's timer is tested in no time, and a retry that waits a few milliseconds still goes on by itself.
/// </summary>
/// <param name="start">The first instant; a fixed one in 2030 when not given.</param>
public sealed class FakeClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2030, 1, 1, 9, 0, 0, TimeSpan.Zero);
    private long _advancedBy;

    private TimeSpan AdvancedBy => TimeSpan.FromTicks(Volatile.Read(ref _advancedBy));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + AdvancedBy;

    /// <inheritdoc/>
    public override long GetTimestamp() => base.GetTimestamp() + (long)(AdvancedBy.TotalSeconds * TimestampFrequency);

    /// <summary>Moves the clock on and fires the timers that are due by then.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _advancedBy, by.Ticks);
        Timer[] timers;
        lock (_timers)
            timers = [.. _timers];
        foreach (var timer in timers)
            timer.FireIfDue();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_timers)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer : ITimer
    {
        private readonly FakeClock _clock;
        private readonly ITimer _real;
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public Timer(FakeClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _real = System.CreateTimer(fired =>
            {
                Next();
                callback(fired);
            }, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (_due, _period) = (dueTime < TimeSpan.Zero ? null : _clock.GetUtcNow() + dueTime, period);
            return _real.Change(dueTime, period);
        }

        public void FireIfDue()
        {
            if (_due <= _clock.GetUtcNow())
                _real.Change(TimeSpan.Zero, _period);
        }

        public void Dispose()
        {
            lock (_clock._timers)
                _clock._timers.Remove(this);
            _real.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Dispose();
            await _real.DisposeAsync();
        }

        private void Next() => _due = _period > TimeSpan.Zero ? _clock.GetUtcNow() + _period : null;
    }
}
