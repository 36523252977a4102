using System.Text;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Bounces;

/// <summary>
/// Reads reports that a mail server puts into a Maildir. Each is noted first and deleted after, since it holds the address: should the process
/// die in between, it is read again, and the delivery knows it already. What is no report of a mail of ours is marked as seen, for whoever reads
/// that mailbox. Others may read the same folder at the same time.
/// </summary>
internal sealed class MaildirReader(
    BounceSettings settings, MailReference references, PostgresEventStore store, TimeProvider clock, ILogger<MaildirReader> log)
    : RecurringWork(TimeSpan.FromSeconds(5), clock, log)
{
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        if (settings.Maildir is not { } folder)
            return Timeout.InfiniteTimeSpan;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "new")))
            await Read(file, Path.Combine(folder, "cur", Path.GetFileName(file) + ":2,S"), ct);
        return Every;
    }

    private async Task Read(string file, string seen, CancellationToken ct)
    {
        try
        {
            if (new FileInfo(file).Length <= DeliveryReport.Longest && DeliveryReport.Read(await File.ReadAllTextAsync(file, Encoding.Latin1, ct)) is { } report
                && await RecordBounce.Handle(report, references, store, Clock, ct))
            {
                File.Delete(file);
            }
            else
            {
                File.Move(file, seen, overwrite: true);
            }
        }
        catch (FileNotFoundException)
        {
            // Somebody else was faster.
        }
    }
}
