using System.Security.Cryptography;
using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Takes a file or a list of people to invite (INV-19, INV-20). It is checked as it streams in, and kept; Subscriptions says what would become
/// of it (<see cref="CheckBatch"/>), and the invitations are made behind it (<see cref="BatchWorker"/>). A row that is wrong is in the report and
/// holds up no other; a file that can't be read is refused as a whole. With <c>dryRun=true</c> nothing is done until it is committed (INV-24).
/// </summary>
internal static class StartBatch
{
    private const int RowsAtOnce = 500;
    private const int MostTargets = 100;
    private const int SideBySide = 3;

    /// <summary>A batch that has begun.</summary>
    public sealed record Answer(Guid Id, int Total);

    /// <summary>A row as API clients write it; it is read by its names, as a row of CSV is (<see cref="BatchFile"/>).</summary>
    public sealed record Row(
        string Email, string? Username, string FirstName, string LastName, string? Language, Guid? AppId, Guid? SubscriptionId, string? Role,
        string? Phone, string? Gender, bool? SwedishCitizen, bool? EuCitizen, string? PersonalNumber, string? LmaNumber);

    public sealed record Command(InvitationBatchEvent.Uploaded Upload);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch.Status == BatchStatus.None
        ? c.Upload
        : Nothing.Happened;

    public static void Map(RouteGroupBuilder batches)
    {
        batches.MapPost("", Handle).Accepts<IReadOnlyList<Row>>("text/csv", "application/json").WithMetadata(new RequestSizeLimitAttribute(CsvFile.LargestBytes))
            .Produces<Answer>(202).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422)
            .WithName(nameof(StartBatch)).WithTags("Batches").Requires(Permission.BulkInvite);
        batches.MapGet("/template.csv", Template).Produces<string>(200, "text/csv").ProducesProblem(422)
            .WithName("GetBatchTemplate").WithTags("Batches").Requires(Permission.OwnAccount);
    }

    private static async Task<IResult> Handle(
        Guid? organizationId, string? way, bool? dryRun, Guid? appId, Guid? subscriptionId, string? role, CurrentUser caller,
        HttpContext http, Idempotency once, InvitationBatches batches, InvitationPolicies policies, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(organizationId, "organizationId", "Choose the organization.", errors);
        errors.Demand(BatchFile.ColumnsOf(way).Count > 0, "way", "The way is customer or access.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await batches.WhyNot(caller, organization, ct) is { } no)
            return no.ToProblem();

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (started, dry) = (false, dryRun is true);
        using var hash = SHA256.Create();
        await using var body = new CryptoStream(http.Request.Body, hash, CryptoStreamMode.Read, leaveOpen: true);
        try
        {
            var (total, targets, unreadable) = await Keep(
                id, body, http.Request.ContentType, new(organization, way!, appId, subscriptionId, role), DateOnly.FromDateTime(now.UtcDateTime),
                await policies.Of(organization, caller, ct), batches, ct);
            if (unreadable is not null)
                return unreadable.ToProblem();
            if (total > RowsAtOnce)
                await batches.Analyze(ct);
            var upload = new InvitationBatchEvent.Uploaded(
                id, organization, way == "customer" ? Way.Customer : Way.Access, total, dry, targets, caller.Id, caller.Role);
            var made = await once.Once(
                http, caller, id, new { file = Convert.ToHexStringLower(hash.Hash!), dry, organization, way, appId, subscriptionId, role },
                async session => (await session.Decide<InvitationBatch, InvitationBatchEvent>(
                    InvitationBatch.Stream(organization, id), batch => Decide(batch, new(upload)), ct)).Refusal,
                ct);
            started = made.Id == id && made.Refusal is null;
            return made.Refusal is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Accepted($"/api/v1/invitations/batches/{made.Id}", new Answer(made.Id, total));
        }
        finally
        {
            if (!started)
                await batches.Drop(id);
        }
    }

    /// <summary>Reads the body to its end, and keeps each row with what is known of it here.</summary>
    private static async Task<(int Total, IReadOnlyList<BatchTarget> Targets, Refusal? Unreadable)> Keep(
        Guid id, Stream body, string? type, BatchDefaults defaults, DateOnly today, InvitationPolicy policy, InvitationBatches batches, CancellationToken ct)
    {
        var file = new CsvFile(body, [.. BatchFile.ColumnsOf(defaults.Way), BatchFile.ReasonColumn], ["email", "firstName", "lastName"]);
        var isJson = type?.Contains("json", StringComparison.OrdinalIgnoreCase) is true;
        var rows = isJson ? BatchFile.Rows(body, defaults, today, ct) : BatchFile.Rows(file, defaults, today, ct);
        var (total, targets) = (0, new HashSet<BatchTarget>());
        var (unreadable, gate) = ((Refusal?)null, new Lock());
        try
        {
            // The next rows are read while those before them are looked up and kept.
            await Parallel.ForEachAsync(
                CsvFile.InChunks(rows, RowsAtOnce, ct).TakeWhile(_ => unreadable is null), new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct },
                async (some, token) =>
                {
                    var known = await Look(some, defaults, policy, batches, token);
                    lock (gate)
                    {
                        total += some.Count;
                        targets.UnionWith(known.Where(row => row.Code is null).Select(row => row.Target));
                        if (targets.Count > MostTargets)
                            unreadable ??= new TooManyTargets(MostTargets);
                        else if (total > CsvFile.MostRows)
                            unreadable ??= new FileUnreadable(total, $"a batch has at most {CsvFile.MostRows} rows; split it.");
                    }

                    await batches.Keep(id, known, token);
                });
        }
        catch (JsonException e)
        {
            return (0, [], new FileUnreadable((int)(e.LineNumber ?? 0) + 1, "the body is no JSON array of rows, each an object of texts by the names of the template's columns."));
        }

        return (total, [.. targets], unreadable ?? file.Refusal ?? (total == 0 ? new FileUnreadable(1, "there are no rows.") : null));
    }

    /// <summary>What this service knows of some rows: who has an account, who may be invited, and who is invited already.</summary>
    private static async Task<IReadOnlyList<BatchRow>> Look(
        IReadOnlyList<BatchRow> some, BatchDefaults defaults, InvitationPolicy policy, InvitationBatches batches, CancellationToken ct)
    {
        var asked = some.Where(row => row.Code is null).Select(row => (ScopeOf(row.Target), row.EmailKey!)).ToArray();
        var people = await batches.People(asked.Select(one => one.Item2), ct);
        var open = await batches.OpenInvitations(defaults.OrganizationId, asked, ct);
        return [.. some.Select(row => row switch
        {
            { Code: not null } => row,
            _ when HoldToPolicy.WhyNot(policy, row.EmailKey!) is { } why => No(row, why),
            _ when people.ContainsKey(row.EmailKey!) && defaults.Way == "customer" => No(row, new EmailTaken()),
            _ when open.GetValueOrDefault((ScopeOf(row.Target), row.EmailKey!)) is { } known => No(row, known),
            _ => row with { Existing = people.GetValueOrDefault(row.EmailKey!)?.UserId },
        })];
    }

    private static BatchRow No(BatchRow row, Refusal why) => row with { Code = why.Code, Columns = "email", Reason = why.Detail, Facts = why.Facts };

    // As the list of invitations calls it, whose index decides in the end.
    private static string ScopeOf(BatchTarget target) => InvitationList.ScopeOf(target.SubscriptionId, Way.Customer.Name());

    private static IResult Template(string? way)
    {
        var columns = BatchFile.ColumnsOf(way ?? "access");
        if (columns.Count == 0)
        {
            var errors = new FieldErrors();
            errors.Add("way", "The way is customer or access.");
            return errors.Refusal!.ToProblem();
        }

        using var bytes = new MemoryStream();
        using (var csv = CsvFile.Write(bytes))
            csv.WriteHeader([.. columns]);
        return TypedResults.File(bytes.ToArray(), "text/csv; charset=utf-8", "invitations.csv");
    }
}
