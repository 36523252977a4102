using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Subscriptions.Tests.Api;

/// <summary>
/// The service as it runs, twice over one database and one broker, and an ear for what it tells the others. One for all tests: its
/// queues are the product's own.
/// </summary>
public sealed class SubscriptionsService : IAsyncLifetime
{
    private readonly First _first = new();
    private readonly ConcurrentDictionary<Type, ConcurrentQueue<(Guid? MessageId, object Message)>> _heard = [];
    private WebApplicationFactory<Subscription>? _second;
    private WebApplicationFactory<Subscription>? _narrow;
    private IBusControl? _ear;

    /// <summary>What Identity says to a role for a person.</summary>
    internal ConcurrentDictionary<Guid, IdentitySays> Identity { get; } = [];
    internal TestService Service => _first;

    internal IServiceProvider Services => _first.Services;

    internal static CurrentUser Admin { get; } = new(World.Admin, World.Id(900), CurrentUser.SystemAdmin);

    internal HttpClient AsAdmin() => _first.Client(Admin);

    internal HttpClient As(Guid user, string role = "guest") => _first.Client(new CurrentUser(user, World.Id(901), role));

    internal HttpClient AsNobody() => _first.Client();

    /// <summary>Publishes as another service does.</summary>
    internal Task Publish<T>(T message, Guid? messageId = null) where T : class => Services.GetRequiredService<IBus>().Publish(
        message, context => context.MessageId = messageId ?? NewId());

    /// <summary>The messages of a type that were heard so far, those of each id once.</summary>
    internal IReadOnlyList<T> Heard<T>(Func<T, bool> which) where T : class =>
        [.. _heard.GetValueOrDefault(typeof(T), []).DistinctBy(m => m.MessageId).Select(m => (T)m.Message).Where(which)];

    internal async Task<T> Hears<T>(Func<T, bool> which) where T : class
    {
        await Eventually.Is(() => Heard(which).Count > 0, $"hears {typeof(T).Name}");
        return Heard(which)[0];
    }

    /// <summary>Until a consumer has handled messages, whatever came of them.</summary>
    internal Task HasHandled(string consumer, Guid[] messages) => Eventually.Is(
        async () => await _first.Database.Ask<long>("select count(*) from inbox where consumer = $1 and message_id = any($2)", consumer, messages) == messages.Length,
        $"{consumer} has handled {messages.Length} messages");

    internal static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>Somebody of whom Identity told.</summary>
    internal async Task Person(Guid user, string firstName, string lastName, string systemRole = "guest", Guid? messageId = null)
    {
        var told = messageId ?? NewId();
        await Publish(new PersonChanged(user, $"{firstName}.{lastName}@example.test", firstName, lastName, Phone: null, "en", systemRole), told);
        await HasHandled("PersonChangedConsumer", [told]);
    }

    /// <summary>An organization of kind business and customer, entitled to an app with the roles reader and editor, with a subscription.</summary>
    internal async Task<Ids> Business(int? seats)
    {
        using var admin = AsAdmin();
        var organization = await admin.Make("organizations", new { name = "Acme", kinds = new[] { "business", "customer" } });
        var app = await admin.Make("apps", new { name = "CRM", roles = new[] { new { key = "reader", name = "Reader" }, new { key = "editor", name = "Editor" } } });
        (await admin.PutAsync($"api/v1/organizations/{organization}/apps/{app}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var subscription = await admin.Make(
            "subscriptions", new { organizationId = organization, appId = app, plan = "gold", seatLimit = seats, startsOn = "2020-01-01" });
        return new(organization, app, subscription);
    }

    /// <summary>
    /// An instance that works on two requests at once while two more wait. It stays until all end: what MassTransit serializes with is that of the
    /// process, and so of whichever instance came last.
    /// </summary>
    internal WebApplicationFactory<Subscription> Narrow => _narrow ??= Another(("Overload:AtOnce", "2"), ("Overload:Waiting", "2"));

    private WebApplicationFactory<Subscription> Another(params (string Key, string Value)[] own) => new WebApplicationFactory<Subscription>().WithWebHostBuilder(host =>
    {
        var settings = _first.Services.GetRequiredService<IConfiguration>();
        foreach (var key in new[] { "ConnectionStrings:subscriptionsdb", "ConnectionStrings:keyringdb", "ConnectionStrings:messaging", "MasterKey" })
            host.UseSetting(key, settings[key]);
        foreach (var (key, value) in own)
            host.UseSetting(key, value);
    });

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        var settings = _first.Services.GetRequiredService<IConfiguration>();
        _second = Another();
        _ = _second.Services;
        _ear = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(settings.GetConnectionString("messaging")!));
            rabbit.ReceiveEndpoint("tests-ear", ear =>
            {
                Hear<InvitationAdmitted>(ear);
                Hear<InvitationWaitlisted>(ear);
                Hear<InvitationRefused>(ear);
                Hear<SeatTransferred>(ear);
                Hear<SeatTakenBack>(ear);
                Hear<NoticeDue>(ear);
                Hear<WithdrawalSettled>(ear);
                Hear<SeatConfirmed>(ear);
                Hear<OrganizationChanged>(ear);
                Hear<OrganizationAccessChanged>(ear);
                Hear<OrganizationSettingsChanged>(ear);
                Hear<RoleAssignmentRequested>(ear);
                Hear<RoleAssignmentEnded>(ear);
                Hear<PersonErased>(ear);
                ear.Handler<RoleAssignmentRequested>(context => AnswerAsIdentity(context.Message));
            });
        });
        await _ear.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _ear!.StopAsync();
        if (_narrow is not null)
            await _narrow.DisposeAsync();
        await _second!.DisposeAsync();
        await _first.DisposeAsync();
    }

    // Stands in for Identity: a yes, unless a test said otherwise about the person.
    private Task AnswerAsIdentity(RoleAssignmentRequested asked) => Identity.GetValueOrDefault(asked.UserId, IdentitySays.Yes) switch
    {
        IdentitySays.Yes => Publish(new RoleAssignmentGranted(asked.RequestId, asked.UserId, asked.Role, asked.HolderId)),
        IdentitySays.No => Publish(new RoleAssignmentRefused(
            asked.RequestId, asked.UserId, asked.Role, asked.HolderId, "conflict", "role-conflict", "Remove the role Applicant first.")),
        _ => Task.CompletedTask,
    };

    private void Hear<T>(IReceiveEndpointConfigurator ear) where T : class => ear.Handler<T>(context =>
    {
        _heard.GetOrAdd(typeof(T), _ => []).Enqueue((context.MessageId, context.Message));
        return Task.CompletedTask;
    });

    private sealed class First() : TestService("subscriptions")
    {
        protected override Running Start(Action<IWebHostBuilder> configure) => Start<Subscription>(configure);
    }

    internal sealed record Ids(Guid Organization, Guid App, Guid Subscription);
}

internal enum IdentitySays
{
    Yes,
    No,
    Nothing,
}

[CollectionDefinition(Name)]
public sealed class OneService : ICollectionFixture<SubscriptionsService>
{
    public const string Name = "the service";
}

internal static class Talking
{
    /// <summary>Makes a thing and answers its id.</summary>
    public static async Task<Guid> Make(this HttpClient client, string what, object body)
    {
        var response = await client.PostAsJsonAsync($"api/v1/{what}", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var made = await response.Json();
        var id = (Guid)made["id"]!;
        response.Headers.Location.ShouldNotBeNull().ToString().ShouldBe($"/api/v1/{what}/{id}");
        id.Version.ShouldBe(7);
        return id;
    }

    public static async Task<JsonObject> Json(this HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonObject>())!;

    public static async Task<JsonObject> Read(this HttpClient client, string path)
    {
        var response = await client.GetAsync($"api/v1/{path}");
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Json();
    }

    /// <summary>A problem with its status and code, as every error is (API-01).</summary>
    public static async Task<JsonObject> ShouldBeProblem(this Task<HttpResponseMessage> responding, HttpStatusCode status, string code)
    {
        var response = await responding;
        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType.ShouldNotBeNull().MediaType.ShouldBe("application/problem+json");
        var problem = await response.Json();
        ((string?)problem["code"]).ShouldBe(code);
        ((string?)problem["traceId"]).ShouldNotBeNullOrEmpty();
        return problem;
    }

    public static async Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, object body, string? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, $"api/v1/{path}") { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request);
    }

    public static IReadOnlyList<Guid> Ids(this JsonObject page) => [.. page["items"]!.AsArray().Select(item => (Guid)item!["id"]!)];
}
