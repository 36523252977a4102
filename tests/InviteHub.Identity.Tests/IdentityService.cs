using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests;

/// <summary>Identity as it runs, and what it tells the others.</summary>
[CollectionDefinition(Collection)]
public sealed class IdentityService() : TestService("identity"), ICollectionFixture<IdentityService>
{
    /// <summary>One service for all tests of it: two on one broker would take each other's messages.</summary>
    public const string Collection = "identity";

    public const string AdminEmail = "Admin@invitehub.example";

    private readonly ConcurrentQueue<object> _heard = [];
    private readonly ConcurrentBag<Running> _others = [];
    private Action<IWebHostBuilder>? _configure;

    /// <summary>The service's clock.</summary>
    public FakeClock Clock { get; } = new();

    internal PostgresEventStore Store => Services.GetRequiredService<PostgresEventStore>();

    /// <summary>All messages of a kind that Identity has published.</summary>
    public IEnumerable<T> Heard<T>() => _heard.OfType<T>();

    public async Task<T> Hears<T>(Func<T, bool> which)
    {
        await Eventually.Is(() => Heard<T>().Any(which), typeof(T).Name);
        return Heard<T>().First(which);
    }

    /// <summary>Says what happened elsewhere; every message comes twice, as messages do.</summary>
    internal async Task Tell<T>(T message, Guid? messageId = null) where T : class
    {
        var id = messageId ?? NewId.NextGuid();
        for (var i = 0; i < 2; i++)
            await Services.GetRequiredService<IBus>().Publish(message, publish => publish.MessageId = id);
    }

    /// <summary>Somebody with an account whose password is <see cref="Some.Password"/>.</summary>
    internal async Task<(Guid Id, string Email)> Person(Role role = Role.Guest)
    {
        // All tests come from one address: what earlier ones failed at must not make this one wait.
        await Database.Ask<int>("delete from sign_in_attempts where key = $1", SignInAttempts.KeyOf("address", ""));
        var registration = Some.Registration() with { PasswordHash = await Services.GetRequiredService<Passwords>().Hash(Some.Password) };
        await Tell(registration);
        await Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        if (role != Role.Guest)
            (await (await Admin()).PutAsJsonAsync($"/api/v1/users/{registration.UserId}/system-role", new { role = role.ToText() })).EnsureSuccessStatusCode();
        return (registration.UserId, registration.Email);
    }

    /// <summary>The first System admin, signed in without a password's work.</summary>
    internal async Task<HttpClient> Admin() => Client(new CurrentUser(
        await Database.Ask<Guid>("select id from users where email = $1", AdminEmail), Guid.CreateVersion7(Clock.GetUtcNow()), CurrentUser.SystemAdmin));

    public Task<HttpResponseMessage> SignIn(string email, string password, HttpClient? client = null) =>
        (client ?? Client()).PostAsJsonAsync("/api/v1/session", new { email, password });

    internal async Task<(HttpClient Client, SessionTokens Tokens)> SignedIn(string email, string password = Some.Password)
    {
        using var answer = await SignIn(email, password);
        answer.EnsureSuccessStatusCode();
        return With((await answer.Content.ReadFromJsonAsync<SessionTokens>())!);
    }

    internal (HttpClient Client, SessionTokens Tokens) With(SessionTokens tokens, HttpClient? client = null)
    {
        client ??= Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        return (client, tokens);
    }

    /// <summary>A second instance of the service on the same databases.</summary>
    public Running AnotherInstance()
    {
        var other = Start(_configure!);
        _others.Add(other);
        return other;
    }

    public override async Task DisposeAsync()
    {
        foreach (var other in _others)
            await other.Stop();
        await base.DisposeAsync();
    }

    protected override Running Start(Action<IWebHostBuilder> configure)
    {
        _configure = configure;
        return Start<User>(configure);
    }

    protected override void Configure(IWebHostBuilder host)
    {
        host.UseSetting(BootstrapAdmin.EmailKey, AdminEmail);
        host.UseSetting(BootstrapAdmin.PasswordKey, Some.Password);
    }

    protected override void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    protected override async Task Started()
    {
        var listening = Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint(
            new TemporaryEndpointDefinition("listening"), null, (_, endpoint) =>
            {
                Hear<AccountProvisioned>(endpoint);
                Hear<AccountRefused>(endpoint);
                Hear<PersonChanged>(endpoint);
                Hear<SessionEnded>(endpoint);
                Hear<RoleAssignmentGranted>(endpoint);
                Hear<RoleAssignmentRefused>(endpoint);
                Hear<NoticeDue>(endpoint);
                Hear<AccountInvitationDue>(endpoint);
                Hear<AccountTakenOver>(endpoint);
                Hear<ErasureDue>(endpoint);
            });
        await listening.Ready;
    }

    private void Hear<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
    {
        _heard.Enqueue(context.Message);
        return Task.CompletedTask;
    });
}

internal static class Answers
{
    /// <summary>The stable code of a problem.</summary>
    public static async Task<string> Code(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
}
