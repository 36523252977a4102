using System.Text.RegularExpressions;
using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>What is asked of the logs.</summary>
internal sealed record LogQuery(string? Resource, int Level, string? Text, string? Trace, string? Span, int Limit);

/// <summary>The newest that fit, newest first: how many fit in all, and how many there are.</summary>
internal sealed record LogList(IReadOnlyList<LogRow> Items, int Matching, int Total, IReadOnlyList<string> Resources);

/// <summary>A log. Its level is OTLP's number of severity: 1 trace, 5 debug, 9 information, 13 warning, 17 error, 21 critical.</summary>
internal sealed record LogRow(
    long Number, double At, int Level, string Resource, string Category, string Message, string? Trace, string? Span, IReadOnlyList<Attribute> Attributes,
    IReadOnlyList<Attribute> Sender);

/// <summary>The logs that came: the newest 20,000, or fewer when they take more than 32 MB.</summary>
internal sealed partial class Logs(int mostLogs = Logs.MostLogs, long mostBytes = Logs.MostBytes)
{
    private const int MostLogs = 20_000;
    private const long MostBytes = 32 << 20;
    private const int MostOnPage = 1_000;

    private readonly Lock _gate = new();
    private readonly RecentItems<Kept> _logs = new(mostLogs, mostBytes, _ => { });
    private long _number;

    public void Add(ExportLogsServiceRequest request)
    {
        foreach (var from in request.ResourceLogs)
        {
            var sender = Values.Sender(from.Resource);
            foreach (var scope in from.ScopeLogs)
            {
                var category = Values.Text(scope.Scope?.Name ?? "");
                foreach (var record in scope.LogRecords)
                {
                    var attributes = Values.Attributes(record.Attributes);
                    var log = new Kept(
                        sender, category, record.TimeUnixNano > 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano, record.SeverityNumber,
                        Values.Text(Filled(Values.Text(record.Body), attributes)),
                        record.TraceId.IsEmpty ? null : Values.Hex(record.TraceId), record.SpanId.IsEmpty ? null : Values.Hex(record.SpanId), attributes);
                    lock (_gate)
                    {
                        log.Number = ++_number;
                        _logs.Add(log, log.Bytes);
                    }
                }
            }
        }
    }

    public LogList Find(LogQuery query)
    {
        lock (_gate)
        {
            var fitting = _logs.Where(log => Fits(log, query)).Reverse().ToList();
            var page = fitting.Take(Math.Clamp(query.Limit, 1, MostOnPage));
            var resources = _logs.Select(log => log.Sender.Resource).Distinct().Order(StringComparer.Ordinal);
            return new LogList([.. page.Select(View)], fitting.Count, _logs.Count, [.. resources]);
        }
    }

    private static bool Fits(Kept log, LogQuery query) =>
        log.Level >= query.Level
        && (query.Resource is not { Length: > 0 } resource || log.Sender.Resource == resource)
        && (query.Trace is not { Length: > 0 } trace || log.Trace == trace)
        && (query.Span is not { Length: > 0 } span || log.Span == span)
        && (query.Text is not { Length: > 0 } text
            || log.Message.Contains(text, StringComparison.OrdinalIgnoreCase)
            || log.Category.Contains(text, StringComparison.OrdinalIgnoreCase)
            || log.Attributes.Hold(text));

    // .NET sends the template, and the values beside it.
    private static string Filled(string text, Attribute[] attributes) =>
        !text.Contains('{') ? text : Placeholder().Replace(text, hole => Array.Find(attributes, attribute => attribute.Name == hole.Groups["name"].Value).Value ?? hole.Value);

    [GeneratedRegex("\\{@?(?<name>[A-Za-z0-9_.]+)(?:[,:][^{}]*)?\\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    private static LogRow View(Kept log) => new(
        log.Number, log.At / 1e6, log.Level, log.Sender.Resource, log.Category, log.Message, log.Trace, log.Span, log.Attributes, log.Sender.Attributes);

    private sealed record Kept(
        Sender Sender, string Category, ulong At, int Level, string Message, string? Trace, string? Span, Attribute[] Attributes)
    {
        public long Number { get; set; }

        public int Bytes => 300 + Values.Bytes(Message) + Values.Bytes(Attributes);
    }
}
