using System.Net.Mime;
using System.Text;
using InviteHub.EventStore;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>The kinds of messages, with their subjects in each language (NOT-02).</summary>
internal static class ListMessages
{
    /// <summary>One kind of message.</summary>
    public sealed record View(string Kind, IReadOnlyList<Version> Languages);

    /// <summary>Its subject in one language, with made-up facts.</summary>
    public sealed record Version(string Language, string Subject);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/messages", Handle).WithName(nameof(ListMessages)).WithTags("Messages").Requires(Permission.PreviewMessages);

    private static Ok<Page<View>> Handle(ListQuery list)
    {
        var found = Samples.All.Where(message => list.Search is null || message.Key.Contains(list.Search, StringComparison.OrdinalIgnoreCase)).ToArray();
        return TypedResults.Ok(new Page<View>(
            [.. found.Skip((int)list.Offset).Take(list.PageSize).Select(message => new View(
                message.Key, [.. Samples.Languages.Select(language => new Version(language, message.Value(language).Subject))]))],
            list.Page, list.PageSize, found.Length));
    }
}

/// <summary>One message as it would be read, with made-up facts: never those of a person (NOT-02).</summary>
internal static class PreviewMessage
{
    // Mails style themselves in place, which the console's own policy forbids: shown in a frame of it, they are held to this one.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src https:; form-action 'none'; frame-ancestors 'self'; sandbox";

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/messages/{kind}/preview", Handle).WithName(nameof(PreviewMessage)).WithTags("Messages").Requires(Permission.PreviewMessages);

    private static Results<ContentHttpResult, ProblemHttpResult> Handle(HttpResponse response, string kind, string language = "en", string format = "html")
    {
        if (!Samples.All.TryGetValue(kind, out var write))
            return new MessageUnknown().ToProblem();
        var errors = new FieldErrors();
        errors.Demand(Samples.Languages.Contains(language), "language", $"Choose one of {string.Join(", ", Samples.Languages)}.");
        var says = Samples.Texts.GetValueOrDefault(kind);
        errors.Demand(
            format is "html" or "text" || (format == "sms" && says is not null), "format",
            says is null ? "Choose html or text." : "Choose html, text or sms.");
        if (errors.Refusal is { } refusal)
            return refusal.ToProblem();

        var letter = write(language);
        response.Headers.ContentLanguage = letter.Language;
#pragma warning disable S7039 // Style attributes are how mails are styled; nothing runs, loads or leaves the frame.
        response.Headers.ContentSecurityPolicy = Policy;
#pragma warning restore S7039
        return format switch
        {
            "html" => TypedResults.Content(letter.Html, MediaTypeNames.Text.Html, Encoding.UTF8),
            "sms" => TypedResults.Content(says!(language), MediaTypeNames.Text.Plain, Encoding.UTF8),
            _ => TypedResults.Content(letter.Text, MediaTypeNames.Text.Plain, Encoding.UTF8),
        };
    }
}

/// <summary>There is no such message.</summary>
internal sealed record MessageUnknown()
    : Refusal(RefusalKind.NotFound, "message-not-found", "There is no message of this kind; GET /messages lists all.");
