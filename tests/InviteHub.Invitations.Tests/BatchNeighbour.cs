using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Invitations.Tests;

/// <summary>
/// Answers batches in the name of Subscriptions, with as many seats an organization as a test says, and hears what is told to others. Every answer
/// comes twice, as messages do.
/// </summary>
internal sealed class BatchNeighbour(InvitationsService service)
{
    private readonly ConcurrentDictionary<Guid, (int? Free, bool Waits)> _seats = [];
    private readonly Dictionary<Guid, Guid> _taken = [];
    private readonly ConcurrentDictionary<Guid, string> _roles = [];
    private readonly ConcurrentQueue<(Guid MessageId, object Message)> _heard = [];
    private HostReceiveEndpointHandle? _listening;

    /// <summary>An organization with so many seats left; those beyond wait or are refused.</summary>
    public Guid Organization(int? free = null, bool waits = false)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        _seats[id] = (free, waits);
        return id;
    }

    /// <summary>Changes how many seats are left, as others do meanwhile.</summary>
    public void Left(Guid organization, int? free, bool waits = false) => _seats[organization] = (free, waits);

    /// <summary>Lets somebody hold a role on every subscription.</summary>
    public void Holds(Guid person, string role) => _roles[person] = role;

    /// <summary>All messages of a kind, each under its id.</summary>
    public IEnumerable<(Guid MessageId, T Message)> Heard<T>() => _heard.Where(m => m.Message is T).Select(m => (m.MessageId, (T)m.Message));

    public async Task Listen()
    {
        _listening = service.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint(
            new TemporaryEndpointDefinition("batches"), null, (_, endpoint) =>
            {
                // What an earlier test left on its way is nobody's any more.
                endpoint.Handler<InvitationBatchUploaded>(m => _seats.ContainsKey(m.Message.OrganizationId) ? Answer(m, Check(m.Message)) : Task.CompletedTask);
                endpoint.Handler<InvitationsRequested>(m => _seats.ContainsKey(m.Message.OrganizationId) ? Answer(m, Admit(m.Message)) : Task.CompletedTask);
                endpoint.Handler<InvitationsOpened>(Hear);
                endpoint.Handler<InvitationOpened>(Hear);
                endpoint.Handler<InvitationWithdrawn>(Hear);
                endpoint.Handler<NoticeDue>(Hear);
            });
        await _listening.Ready;
    }

    public Task Leave() => _listening!.StopAsync();

    /// <summary>A batch as a file, answered with its id.</summary>
    public async Task<Guid> Upload(
        Guid organization, string file, bool dryRun = false, HttpClient? client = null, Encoding? encoding = null, string way = "access", Guid? subscription = null)
    {
        using var answer = await Post(organization, file, dryRun, client, encoding, way, subscription);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
    }

    public async Task<HttpResponseMessage> Post(
        Guid organization, string file, bool dryRun = false, HttpClient? client = null, Encoding? encoding = null, string way = "access",
        Guid? subscription = null)
    {
        var content = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(file));
        content.Headers.ContentType = new MediaTypeHeaderValue(file.StartsWith('[') ? "application/json" : "text/csv");
        var to = way == "access" ? $"&appId={App}&subscriptionId={subscription ?? Subscription}&role=editor" : "";
        return await (client ?? service.Client(InvitationsService.Admin)).PostAsync(
            $"/api/v1/invitations/batches?organizationId={organization}&way={way}&dryRun={(dryRun ? "true" : "false")}{to}", content);
    }

    /// <summary>The batch, once it has come so far.</summary>
    public async Task<JsonNode> Is(Guid batch, string status, TimeSpan? within = null)
    {
        await Eventually.Is(async () => (await Batch(batch))["status"]!.GetValue<string>() == status, $"the batch is {status}", within ?? TimeSpan.FromSeconds(60));
        return await Batch(batch);
    }

    public async Task<JsonNode> Batch(Guid batch) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches/{batch}"))!;

    public static Guid App { get; } = Guid.Parse("0198c2d0-0000-7000-8000-00000000b001");

    public static Guid Subscription { get; } = Guid.Parse("0198c2d0-0000-7000-8000-00000000b002");

    public static string Email() => $"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}@batch.example";

    /// <summary>A file of so many people.</summary>
    public static string File(int rows) =>
        $"email,username,firstName,lastName\n{string.Join('\n', Enumerable.Range(0, rows).Select(_ => $"{Email()},,Ada,Lovelace"))}";

    private InvitationBatchChecked Check(InvitationBatchUploaded batch)
    {
        _heard.Enqueue((batch.BatchId, batch));
        var (free, waits) = _seats[batch.OrganizationId];
        var held = batch.People.Zip(batch.PeopleTargets).Where(one => _roles.GetValueOrDefault(one.First) == batch.Roles[one.Second]).ToArray();
        var forbidden = batch.Roles.Select(role => role is "king");
        return new(
            batch.BatchId, batch.OrganizationId, [.. batch.Roles.Select(_ => free)], [.. batch.Roles.Select(_ => waits)],
            [.. forbidden.Select(no => no ? "unknown-role" : "")], [.. forbidden.Select(no => no ? "Planner has no such role; it has editor." : "")])
        {
            RefusedPeople = [.. held.Select(one => one.First)],
            RefusedTargets = [.. held.Select(one => one.Second)],
            PeopleCodes = [.. batch.Roles.Select(_ => "role-already-held")],
            PeopleDetails = [.. batch.Roles.Select(role => $"This person has the role {role} on this subscription already.")],
            Facts = forbidden.Index().Where(target => target.Item).ToDictionary(target => $"{target.Index}.roles", _ => "editor"),
            PeopleFacts = batch.SubscriptionIds.Index().ToDictionary(target => $"{target.Index}.subscriptionId", target => $"{target.Item}"),
            Through = batch.Through,
        };
    }

    private InvitationsAnswered Admit(InvitationsRequested chunk)
    {
        _heard.Enqueue((chunk.ChunkId, chunk));
        var (admitted, waiting, refused) = (new List<Guid>(), new List<Guid>(), new List<Guid>());
        lock (_taken)
        {
            foreach (var id in chunk.InvitationIds)
            {
                var (free, waits) = _seats[chunk.OrganizationId];
                var fits = _taken.ContainsKey(id) || free is null or > 0;
                if (fits && !chunk.Waits && _taken.TryAdd(id, chunk.OrganizationId))
                    _seats[chunk.OrganizationId] = (free - 1, waits);
                (fits == chunk.Waits ? refused : fits ? admitted : waits ? waiting : refused).Add(id);
            }
        }

        return new(
            chunk.ChunkId, chunk.BatchId, chunk.OrganizationId, "Acme", chunk.AppId is null ? null : "Planner", chunk.Role, 365, admitted, waiting, refused,
            [.. refused.Select(_ => "conflict")], [.. refused.Select(_ => "seat-limit-reached")], [.. refused.Select(_ => "All seats are taken.")])
        {
            Facts = refused.Index().ToDictionary(one => $"{one.Index}.limit", _ => "2"),
        };
    }

    private Task Hear<T>(ConsumeContext<T> context) where T : class
    {
        _heard.Enqueue((context.MessageId!.Value, context.Message));
        return Task.CompletedTask;
    }

    private static async Task Answer(ConsumeContext context, object answer)
    {
        var id = NewId.NextGuid();
        for (var i = 0; i < 2; i++)
            await context.Publish(answer, answer.GetType(), Pipe.Execute<PublishContext>(publish => publish.MessageId = id));
    }
}
