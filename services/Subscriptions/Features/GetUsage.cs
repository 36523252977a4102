using System.Globalization;
using CsvHelper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Shows how many seats were used each UTC day, for billing, made by replaying the stream (SUB-04): as JSON, or as CSV where asked for by
/// <c>Accept: text/csv</c> or <c>.csv</c>.
/// </summary>
internal static class GetUsage
{
    private const int MostDays = 3700;

    /// <summary>One day.</summary>
    /// <param name="Date">The day, UTC.</param>
    /// <param name="Plan">The plan at its end.</param>
    /// <param name="Limit">The limit at its end; empty when none.</param>
    /// <param name="PeakUsed">The most seats that were reserved or occupied at once.</param>
    /// <param name="AverageUsed">The same over the time of the day.</param>
    /// <param name="PeakOccupied">The most seats that were occupied at once.</param>
    /// <param name="AverageOccupied">The same over the time of the day.</param>
    public sealed record Day(DateOnly Date, string Plan, int? Limit, int PeakUsed, decimal AverageUsed, int PeakOccupied, decimal AverageOccupied);

    public sealed record Usage(Guid SubscriptionId, DateOnly From, DateOnly To, IReadOnlyList<Day> Days);

    /// <summary>The days from one to another on which the subscription existed; the last counts as far as it has come.</summary>
    public static IReadOnlyList<Day> Replay(IReadOnlyList<RecordedEvent> events, DateOnly from, DateOnly to, DateTimeOffset now)
    {
        var (state, next, days) = (Subscription.Initial, 0, new List<Day>());
        for (var day = from; day <= to && Begin(day) < now; day = day.AddDays(1))
        {
            var (since, end) = (Begin(day), Begin(day.AddDays(1)) < now ? Begin(day.AddDays(1)) : now);
            while (next < events.Count && events[next].Timestamp <= since)
                Apply();
            var begin = since;
            var (peakUsed, peakOccupied, used, occupied) = (state.Used, state.Occupied, 0m, 0m);
            while (next < events.Count && events[next].Timestamp < end)
            {
                Pass(events[next].Timestamp);
                Apply();
                (peakUsed, peakOccupied) = (Math.Max(peakUsed, state.Used), Math.Max(peakOccupied, state.Occupied));
            }

            Pass(end);
            if (state.Exists)
                days.Add(new Day(day, state.Plan, state.SeatLimit, peakUsed, Average(used), peakOccupied, Average(occupied)));

            // Clocks of two writers may differ: time never goes back here.
            void Pass(DateTimeOffset to)
            {
                var passed = to > since ? (to - since).Ticks : 0;
                (used, occupied, since) = (used + (state.Used * (decimal)passed), occupied + (state.Occupied * (decimal)passed), to > since ? to : since);
            }

            decimal Average(decimal seatTicks) => Math.Round(seatTicks / (end - begin).Ticks, 3);
        }

        return days;

        void Apply() => state = state.Apply((SubscriptionEvent)events[next++].Data);
    }

    public static void Map(RouteGroupBuilder subscriptions)
    {
        subscriptions.MapGet("/{id:guid}/usage", (Guid id, DateOnly? from, DateOnly? to, HttpRequest request, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct) =>
                Handle(id, from, to, request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase), user, store, clock, ct))
            .Requires(Permission.SeeOrganizations).WithName(nameof(GetUsage)).Produces<Usage>().Produces(200, contentType: "text/csv").ProducesProblem(404);
        subscriptions.MapGet("/{id:guid}/usage.csv", (Guid id, DateOnly? from, DateOnly? to, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct) =>
                Handle(id, from, to, asCsv: true, user, store, clock, ct))
            .Requires(Permission.SeeOrganizations).WithName("GetUsageCsv").Produces(200, contentType: "text/csv").ProducesProblem(404);
    }

    /// <summary>With a line of names; a text that a spreadsheet would run as a formula is escaped (SEC-04).</summary>
    public static string Csv(IReadOnlyList<Day> days)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteHeader("date", "plan", "limit", "peakUsed", "averageUsed", "peakOccupied", "averageOccupied");
            foreach (var day in days)
            {
                csv.WriteField(day.Date, "yyyy-MM-dd");
                csv.WriteField(day.Plan);
                csv.WriteField(day.Limit, default);
                csv.WriteField(day.PeakUsed, default);
                csv.WriteField(day.AverageUsed, default);
                csv.WriteField(day.PeakOccupied, default);
                csv.WriteField(day.AverageOccupied, default);
                csv.EndRecord();
            }
        }

        return text.ToString();
    }

    private static async Task<IResult> Handle(
        Guid id, DateOnly? from, DateOnly? to, bool asCsv, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var last = to ?? clock.Today();
        var first = from ?? last.AddDays(-30);
        var errors = new FieldErrors();
        errors.Demand(first <= last && last.DayNumber - first.DayNumber < MostDays && last < DateOnly.MaxValue, "from", $"not after to, and at most {MostDays} days before it");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await GetSubscription.Events(store, id, user, null, ct) is not { } events)
            return new SubscriptionNotFound().ToProblem();

        var days = Replay(events, first, last, clock.GetUtcNow());
        return asCsv
            ? TypedResults.Text(Csv(days), "text/csv", System.Text.Encoding.UTF8)
            : TypedResults.Ok(new Usage(id, first, last, days));
    }

    private static DateTimeOffset Begin(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
