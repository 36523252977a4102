using System.Runtime.CompilerServices;
using System.Text.Json;
using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations;

/// <summary>A row of a batch as it was read.</summary>
/// <param name="Line">Where it starts in the file, or which one of a list it is.</param>
/// <param name="Fields">What it says, by columns.</param>
/// <param name="Target">What it invites to.</param>
/// <param name="EmailKey">What two spellings of its address share; null when there is no right one.</param>
/// <param name="Existing">Who has an account with that address; null when nobody has.</param>
/// <param name="Code">Why it can't become an invitation, or null.</param>
/// <param name="Columns">The columns that are wrong.</param>
/// <param name="Reason">What is wrong, for people; without a word of what it says.</param>
internal sealed record BatchRow(
    int Line, IReadOnlyDictionary<string, string> Fields, BatchTarget Target, string? EmailKey,
    Guid? Existing = null, string? Code = null, string? Columns = null, string? Reason = null)
{
    /// <summary>The facts that decided that it can't, by name (INV-25).</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>What rows invite to where they don't say it themselves.</summary>
internal sealed record BatchDefaults(Guid OrganizationId, string Way, Guid? AppId, Guid? SubscriptionId, string? Role);

/// <summary>Reads the rows of a batch, each by the rules of one invitation of its way.</summary>
internal static class BatchFile
{
    /// <summary>A column of its own in files to correct: it says what was wrong, and is read over.</summary>
    public const string ReasonColumn = "reason";

    private const string Invalid = "validation-failed";
    private const string InviteePrefix = "invitee.";
    private static readonly string[] OfAll = ["email", "username", "firstName", "lastName", "language"];

    /// <summary>The columns of a way, by the names that POST /invitations has for them; none for one that there is not.</summary>
    public static IReadOnlyList<string> ColumnsOf(string? way) => way switch
    {
        "access" => [.. OfAll, "appId", "subscriptionId", "role"],
        "customer" => [.. OfAll, "phone", "gender", "swedishCitizen", "euCitizen", "personalNumber", "lmaNumber"],
        _ => [],
    };

    /// <summary>The rows of a CSV file.</summary>
    public static async IAsyncEnumerable<BatchRow> Rows(
        CsvFile file, BatchDefaults defaults, DateOnly today, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = new FirstLines();
        await foreach (var (line, fields, misshapen) in file.Rows(ct))
        {
            var row = Once(Read(line, fields, defaults, today).Row, lines);
            yield return misshapen is null ? row : row with { Code = Invalid, Reason = $"{row.Reason} {misshapen}".Trim() };
        }
    }

    /// <summary>The rows of a JSON array; texts, numbers and yes or no, by the names of the columns.</summary>
    /// <exception cref="JsonException">It is no such array.</exception>
    public static async IAsyncEnumerable<BatchRow> Rows(
        Stream json, BatchDefaults defaults, DateOnly today, [EnumeratorCancellation] CancellationToken ct)
    {
        var (lines, line, columns) = (new FirstLines(), 0, ColumnsOf(defaults.Way));
        await foreach (var given in JsonSerializer.DeserializeAsyncEnumerable<Dictionary<string, JsonElement>>(json, JsonSerializerOptions.Web, ct))
        {
            line++;
            var fields = (given ?? []).Where(field => field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array))
                .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
            var row = Once(Read(line, fields, defaults, today).Row, lines);
            var unknown = (given ?? []).Keys.Count(key => key != ReasonColumn && !columns.Contains(key));
            yield return unknown == 0 ? row : row with
            {
                Code = Invalid, Reason = $"{row.Reason} {unknown} of its fields are none of {string.Join(", ", columns)}.".Trim(),
            };
        }
    }

    /// <summary>One row, by the rules of one invitation. Pure.</summary>
    /// <param name="line">Where it is.</param>
    /// <param name="fields">What it says.</param>
    /// <param name="defaults">What it invites to where it does not say so.</param>
    /// <param name="today">The day, for personal numbers.</param>
    public static (BatchRow Row, CreateInvitation.Details? Details) Read(
        int line, IReadOnlyDictionary<string, string> fields, BatchDefaults defaults, DateOnly today)
    {
        var errors = new FieldErrors();
        var request = new CreateInvitation.Request(
            defaults.Way, defaults.OrganizationId, Given("firstName"), Given("lastName"), Given("email"), Given("email"),
            YesOrNo("swedishCitizen"), YesOrNo("euCitizen"), Given("lmaNumber"), Given("personalNumber"), Given("phone"), Given("gender"),
            Id("appId") ?? defaults.AppId, Id("subscriptionId") ?? defaults.SubscriptionId, Given("role") ?? defaults.Role, UserId: null,
            new(Given("firstName"), Given("lastName"), Given("email")), Given("language")?.ToLowerInvariant());
        var (details, refusal) = defaults.Way == "customer" ? CustomerInvitation.Read(request, today) : AccessInvitation.Read(request);
        // As in another way: proposed to whoever has no account yet (INV-18).
        var username = Fields.Username(Given("username"), "username", errors);
        foreach (var (field, reasons) in refusal?.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal))
        {
            var column = field.StartsWith(InviteePrefix, StringComparison.Ordinal) ? field[InviteePrefix.Length..] : field;
            foreach (var reason in reasons)
                errors.Add(column, reason);
        }

        var target = defaults.Way == "customer" ? new BatchTarget(null, null, null) : new BatchTarget(request.AppId, request.SubscriptionId, request.Role?.Trim());
        var row = new BatchRow(line, fields, target, details?.Email!.Key);
        return errors.Refusal is { Errors: var wrong }
            ? (row with { EmailKey = null, Code = Invalid, Columns = string.Join(' ', wrong.Keys), Reason = string.Join(' ', wrong.Select(column => $"{column.Key}: {string.Join(' ', column.Value)}")) }, null)
            : (row, details! with { Username = username });

        string? Given(string column) => fields.GetValueOrDefault(column)?.Trim() is { Length: > 0 } given ? given : null;

        bool? YesOrNo(string column) => Fields.YesOrNo(Given(column), column, errors);

        Guid? Id(string column)
        {
            if (Given(column) is not { } text)
                return null;
            if (Guid.TryParse(text, out var id))
                return id;
            errors.Add(column, "This is an id, or empty.");
            return null;
        }
    }

    private static BatchRow Once(BatchRow row, FirstLines lines) =>
        row is { Code: null, EmailKey: { } key } && lines.Before($"{row.Target.SubscriptionId} {key}", row.Line) is { } earlier
            ? row with { Code = Invalid, Columns = "email", Reason = $"Line {earlier} has this address already." }
            : row;
}
