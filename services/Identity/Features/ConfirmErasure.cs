using System.Globalization;
using System.Text;
using InviteHub.Contracts.Identity;
using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>The last message went out, or never will: now the address may be forgotten too (GDP-05).</summary>
internal static class SettleLastNotice
{
    public sealed record Command(string Status, DateTimeOffset At);

    public static Decision<AnonymizationEvent> Decide(Anonymization anonymization, Command c) => anonymization is { Status: AnonymizationStatus.Notifying, Request: { } request }
        ? new AnonymizationEvent[] { new AnonymizationEvent.NoticeSettled(c.Status, c.At), ConfirmErasure.Due(request, Anonymization.Stages[0], []) }
        : Nothing.Happened;
}

/// <summary>
/// A service has erased what it kept of a person (GDP-03). When all of a stage have, the next are asked, with all ids that are known by then;
/// when all have, there is a certificate.
/// </summary>
internal static class ConfirmErasure
{
    public static Decision<AnonymizationEvent> Decide(Anonymization anonymization, PersonErased c)
    {
        if (anonymization is not { Status: AnonymizationStatus.Erasing, Request: { } request } || anonymization.Erased.ContainsKey(c.Service))
            return Nothing.Happened;
        var erased = new AnonymizationEvent.ServiceErased(c.Service, c.SubjectIds, c.What, c.Items, c.At);
        var then = anonymization.Apply(erased);
        var stage = Anonymization.Stages.First(services => services.Contains(c.Service));
        var next = Anonymization.Stages.SkipWhile(services => services != stage).Skip(1).FirstOrDefault();
        return next is not null && stage.All(then.Erased.ContainsKey)
            ? new AnonymizationEvent[] { erased, Due(request, next, then.SubjectIds) }
            : erased;
    }

    public static AnonymizationEvent.ErasureDue Due(AnonymizationEvent.Requested request, IReadOnlyList<string> services, IReadOnlyList<Guid> subjects) =>
        new(request.UserId, services, request.Emails, subjects, request.By, request.At);
}

/// <summary>Every service has confirmed: what was erased where and when is certified (GDP-04).</summary>
internal static class CertifyErasure
{
    public sealed record Command(string Statement, string Signature, DateTimeOffset At);

    public static bool IsDue(Anonymization anonymization) =>
        anonymization.Status == AnonymizationStatus.Erasing && Anonymization.Stages.SelectMany(services => services).All(anonymization.Erased.ContainsKey);

    public static Decision<AnonymizationEvent> Decide(Anonymization anonymization, Command c) => IsDue(anonymization)
        ? new AnonymizationEvent.Completed(c.Statement, c.Signature, c.At)
        : Nothing.Happened;

    /// <summary>What is signed: a line for each fact, ended by a line feed, in UTF-8. Ids and instants; nothing of the person.</summary>
    public static string Statement(Anonymization anonymization, DateTimeOffset at)
    {
        var (request, notice) = (anonymization.Request!, anonymization.Notice!);
        var text = new StringBuilder("InviteHub certificate of erasure v1\n")
            .Append(CultureInfo.InvariantCulture, $"person {request.UserId}\n")
            .Append(CultureInfo.InvariantCulture, $"requested {Instant(request.At)} by {request.By}\n")
            .Append(CultureInfo.InvariantCulture, $"sessions ended {Instant(request.At)} {request.EndedSessions}\n")
            .Append(CultureInfo.InvariantCulture, $"last message {notice.Status} {Instant(notice.At)}\n");
        foreach (var subject in anonymization.SubjectIds)
            text.Append(CultureInfo.InvariantCulture, $"also known as {subject}\n");
        foreach (var service in Anonymization.Stages.SelectMany(services => services).Select(service => anonymization.Erased[service]))
        {
            text.Append(CultureInfo.InvariantCulture, $"{service.Service} erased {Instant(service.At)}\n");
            foreach (var (what, items) in service.What.Zip(service.Items))
                text.Append(CultureInfo.InvariantCulture, $"{service.Service} {what} {items}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"completed {Instant(at)}\n").ToString();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
