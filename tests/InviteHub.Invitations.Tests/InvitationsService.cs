using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.Integration;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace InviteHub.Invitations.Tests;

/// <summary>
/// Invitations as it runs, with a neighbour on the same broker that answers in the names of Subscriptions and Identity: how is up to the
/// test, by the organization and the invitation.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class InvitationsService() : TestService("invitations"), ICollectionFixture<InvitationsService>
{
    /// <summary>One service for all tests of it: two on one broker would take each other's messages.</summary>
    public const string Collection = "invitations";

    private readonly HashSet<Guid> _full = [];
    private readonly HashSet<Guid> _foreign = [];
    private readonly HashSet<Guid> _waitlisted = [];
    private readonly HashSet<Guid> _withoutAccount = [];
    private readonly Dictionary<Guid, int> _validFor = [];
    private Action<IWebHostBuilder>? _configure;
    private Running? _another;
    private IBusControl? _neighbour;

    /// <summary>The service's clock, from now on.</summary>
    internal FakeClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public static CurrentUser Admin { get; } = new(Guid.Parse("0198c2d0-0000-7000-8000-000000000001"), Guid.Parse("0198c2d0-0000-7000-8000-000000000002"), CurrentUser.SystemAdmin);

    /// <summary>What the one-time passwords were made from that messages carried.</summary>
    internal ConcurrentBag<Guid> OneTimePasswords { get; } = [];

    /// <summary>What was to be sent.</summary>
    internal ConcurrentBag<InvitationOpened> Opened { get; } = [];

    /// <summary>Whose one-time passwords ended, and what those were made from.</summary>
    internal ConcurrentBag<(Guid User, Guid Password)> EndedOneTimePasswords { get; } = [];

    /// <summary>What people were told.</summary>
    internal ConcurrentBag<NoticeDue> Notices { get; } = [];

    /// <summary>Makes every invitation of an organization meet a full subscription.</summary>
    internal void Full(Guid organizationId) => _full.Add(organizationId);

    /// <summary>Makes an organization one that only a System admin may know of.</summary>
    internal void Foreign(Guid organizationId) => _foreign.Add(organizationId);

    /// <summary>Makes every invitation of an organization wait for a seat.</summary>
    internal void Waitlisted(Guid organizationId) => _waitlisted.Add(organizationId);

    /// <summary>Makes the links of an organization live so many days.</summary>
    internal void ValidFor(Guid organizationId, int days) => _validFor[organizationId] = days;

    /// <summary>
    /// A second instance of the service on the same databases. It stays to the end: what MassTransit serializes with is one per process, and
    /// knows the keys of the instance that came last.
    /// </summary>
    internal Running Another => _another ??= Start(_configure!);

    /// <summary>Says as Subscriptions does that a seat came free.</summary>
    internal Task Admit(Guid invitationId, Guid organizationId) =>
        _neighbour!.Publish(new InvitationAdmitted(invitationId, organizationId, "Acme", "Planner", "Editor", 365));

    /// <summary>Says as Subscriptions does that there will be no seat.</summary>
    internal Task Refuse(Guid invitationId, Guid organizationId) => _neighbour!.Publish(
        new InvitationRefused(invitationId, organizationId, "conflict", "subscription-not-active", "The subscription ended on 2026-11-21."));

    /// <summary>Says as another service does that something happened; a later id is newer.</summary>
    internal Task Tell<T>(T message, Guid? id = null) where T : class =>
        _neighbour!.Publish(message, m => m.MessageId = id ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    /// <summary>Lets an organization ask something of its invitations, and waits until that is known.</summary>
    internal async Task Ask(OrganizationSettingsChanged settings)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await Tell(settings, id);
        await Eventually.Is(
            async () => await Database.Ask<long>("select count(*) from organization_settings where told_by = $1", id) == 1, "the settings are known");
    }

    /// <summary>The settings of an organization that chose nothing.</summary>
    internal static OrganizationSettingsChanged Settings(Guid organizationId) => new(
        organizationId, 365, "email", [], null, RequiresApproval: false, "authorized", RequiresValidatedIdentity: false, OneTimePasswords: false, [],
        BrandName: null, BrandLogoUrl: null, BrandColor: null, BrandWords: null);

    /// <summary>Somebody whom an organization lets do something.</summary>
    internal async Task<CurrentUser> With(Guid organizationId, params string[] permissions)
    {
        var user = new CurrentUser(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7(DateTimeOffset.UnixEpoch), "guest");
        await Tell(new OrganizationAccessChanged(organizationId, user.Id, permissions));
        await Eventually.Is(
            async () => await Database.Ask<long>("select count(*) from organization_access where user_id = $1", user.Id) == 1, "the user is known");
        return user;
    }

    /// <summary>Makes Identity refuse the accounts of an organization.</summary>
    internal void WithoutAccounts(Guid organizationId) => _withoutAccount.Add(organizationId);

    internal static JsonObject Access(Guid organization, string email, Guid? subscription = null) => new()
    {
        ["way"] = "access",
        ["organizationId"] = organization,
        ["appId"] = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        ["subscriptionId"] = subscription ?? Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        ["role"] = "editor",
        ["invitee"] = new JsonObject { ["firstName"] = "Ada", ["lastName"] = "Lovelace", ["email"] = email },
    };

    internal static JsonObject Customer(Guid organization, string email) => new()
    {
        ["way"] = "customer",
        ["organizationId"] = organization,
        ["firstName"] = "Ada",
        ["lastName"] = "Lovelace",
        ["email"] = email,
        ["emailConfirmation"] = email,
        ["personalNumber"] = "19811218-9876",
    };

    internal async Task<JsonNode> Invited(JsonObject request)
    {
        using var answer = await Patient(Admin).PostAsJsonAsync("/api/v1/invitations", request);
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>();
        if (answer.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"{answer.StatusCode}: {body}");
        return body!;
    }

    /// <summary>A client that waits for what comes of it, however busy the machine is.</summary>
    internal HttpClient Patient(CurrentUser? user = null)
    {
        var client = user is null ? Client() : Client(user);
        client.DefaultRequestHeaders.Add("Prefer", "wait=30");
        return client;
    }

    /// <summary>The token that the mail would carry.</summary>
    internal string Token(JsonNode invitation, int generation = 1) =>
        Services.GetRequiredService<LinkTokens>().ForInvitation(invitation["id"]!.GetValue<Guid>(), generation);

    /// <summary>A user as Identity tells of them, once the service knows.</summary>
    internal async Task<CurrentUser> Person(string email, string firstName = "Grace")
    {
        var user = new CurrentUser(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "guest");
        await _neighbour!.Publish(new PersonChanged(user.Id, email, firstName, "Hopper", null, "sv", "guest"), m => m.MessageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await Eventually.Is(async () => await Database.Ask<long>("select count(*) from people where user_id = $1", user.Id) == 1, "the person is known");
        return user;
    }

    /// <summary>Ends an invitation's time at once.</summary>
    internal Task Expire(JsonNode invitation) => Services.GetRequiredService<PostgresEventStore>().Transact(new EventMetadata(), async session =>
    {
        var stream = Invitation.Stream(invitation["organization"]!["id"]!.GetValue<Guid>(), invitation["id"]!.GetValue<Guid>());
        return await session.Decide<Invitation, InvitationEvent>(stream, _ => new InvitationEvent.Expired(TimeProvider.System.GetUtcNow()));
    });

    public override async Task DisposeAsync()
    {
        if (_another is not null)
            await _another.Stop();
        await base.DisposeAsync();
    }

    protected override Running Start(Action<IWebHostBuilder> configure)
    {
        _configure = configure;
        return Start<Invitation>(configure);
    }

    protected override void Configure(IWebHostBuilder host) => host.UseSetting("services:identity:http:0", "http://identity.test");

    protected override void Configure(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddHttpClient<IdentityClient>().ConfigurePrimaryHttpMessageHandler(() => new SignsIn());
    }

    protected override async Task Started()
    {
        var broker = new Uri(await TestRabbitMq.ConnectionString());
        _neighbour = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker);
            rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition(), endpoint =>
            {
                endpoint.Handler<InvitationRequested>(m => Answer(m, m.Message switch
                {
                    var full when _full.Contains(full.OrganizationId) =>
                        new InvitationRefused(full.InvitationId, full.OrganizationId, "conflict", "seat-limit-reached", "All 2 seats are taken.")
                        {
                            Facts = new Dictionary<string, string> { ["used"] = "2", ["founders"] = Admin.Id.ToString() },
                        },
                    var foreign when _foreign.Contains(foreign.OrganizationId) && foreign.InvitedByRole != CurrentUser.SystemAdmin =>
                        new InvitationRefused(foreign.InvitationId, foreign.OrganizationId, "notFound", "organization-not-found", "There is no such organization."),
                    var late when _waitlisted.Contains(late.OrganizationId) =>
                        new InvitationWaitlisted(late.InvitationId, late.OrganizationId, "Acme", "Planner", "Editor"),
                    var request => new InvitationAdmitted(
                        request.InvitationId, request.OrganizationId, "Acme", "Planner", "Editor", _validFor.GetValueOrDefault(request.OrganizationId, 365)),
                }));
                endpoint.Handler<NoticeDue>(m =>
                {
                    Notices.Add(m.Message);
                    return Task.CompletedTask;
                });
                endpoint.Handler<InvitationOpened>(m =>
                {
                    Opened.Add(m.Message);
                    if (m.Message.OneTimePasswordId is { } password)
                        OneTimePasswords.Add(password);
                    return Task.CompletedTask;
                });
                endpoint.Handler<InvitationWithdrawn>(m =>
                {
                    if (m.Message is { InviteeId: { } invitee, OneTimePasswordId: { } password })
                        EndedOneTimePasswords.Add((invitee, password));
                    return Answer(m, new WithdrawalSettled(m.Message.InvitationId, m.Message.OrganizationId));
                });
                endpoint.Handler<RegistrationStarted>(m => Answer(m, _withoutAccount.Contains(m.Message.OrganizationId)
                    ? new AccountRefused(m.Message.RegistrationId, m.Message.InvitationId, m.Message.OrganizationId, "conflict", "email-taken", "The address is taken.")
                    : new AccountProvisioned(m.Message.RegistrationId, m.Message.InvitationId, m.Message.OrganizationId, m.Message.UserId)));
                endpoint.Handler<InviteeProvisioned>(m => Answer(m,
                    new SeatConfirmed(m.Message.InvitationId, m.Message.OrganizationId, m.Message.SubscriptionId, m.Message.UserId)));
            });
        });
        await _neighbour.StartAsync();
        await base.Started();
    }

    private static async Task Answer(ConsumeContext context, object answer)
    {
        // Every answer comes twice, under one id: messages do.
        var id = NewId.NextGuid();
        for (var i = 0; i < 2; i++)
            await context.Publish(answer, answer.GetType(), Pipe.Execute<PublishContext>(publish => publish.MessageId = id));
    }

    private sealed class SignsIn : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new { accessToken = "a", refreshToken = "r", expiresIn = 900, tokenType = "Bearer", mustChangePassword = false }),
            });
    }
}
