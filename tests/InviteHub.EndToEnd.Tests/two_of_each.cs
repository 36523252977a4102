using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using InviteHub.Testing;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>The application with two of the gateway and of each service; the broker, the databases and the inboxes are one each.</summary>
public sealed class TwoOfEach() : RunningApplication(replicas: 2);

/// <summary>Alone: a second application beside it would take the time that restarts are given.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class TwoOfEachCollection : ICollectionFixture<TwoOfEach>
{
    public const string Collection = "two of each";
}

[Collection(TwoOfEachCollection.Collection)]
[Trait("Feature", "OPS-04")]
public sealed class two_of_each(TwoOfEach app)
{
    private static readonly string[] Services = ["identity", "subscriptions", "invitations", "notifications", "gateway"];
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    [Fact]
    public async Task know_a_session_of_one_at_the_other_until_it_ends()
    {
        var gateways = await Task.WhenAll(app.AddressOf("gateway-1"), app.AddressOf("gateway-2"));
        gateways[0].ShouldNotBe(gateways[1]);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new(), UseProxy = false });
        var credentials = new { email = AdminEmail, password = AdminPassword };

        (await browser.PostAsJsonAsync(new Uri(gateways[0], "/api/v1/session?cookie=true"), credentials)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Several times: behind a gateway, one or the other of the service may answer.
        var known = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => browser.GetAsync(new Uri(gateways[n % 2], "/api/v1/me"))));
        known.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);

        (await browser.DeleteAsync(new Uri(gateways[1], "/api/v1/session"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await browser.GetAsync(new Uri(gateways[0], "/api/v1/me"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task refuse_the_token_of_an_ended_session_within_seconds_whoever_ended_it()
    {
        var token = await app.AdminToken();
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Delete, "/session", token: token);

        await Eventually.Is(
            async () => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Send(HttpMethod.Get, "/organizations", token: token))))
                .All(answer => answer.Status == HttpStatusCode.Unauthorized),
            "every instance refuses it", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task speak_through_queues_of_the_type_that_a_cluster_keeps_on_several_nodes()
    {
        await using var broker = await new ConnectionFactory { Uri = new(await app.ConnectionString("identity-1", of: "messaging")) }.CreateConnectionAsync();
        foreach (var queue in (string[])["subscriptions-invitation-requested", "invitations-invite", "identity-anonymize", "notifications-invitation-opened"])
        {
            await using var channel = await broker.CreateChannelAsync();
            await channel.QueueDeclarePassiveAsync(queue);
            var otherwise = await Should.ThrowAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false));
            otherwise.Message.ShouldContain("current is the value 'quorum'");
        }
    }

    [Fact]
    [Trait("Feature", "INV-22")]
    public async Task invite_remind_and_register_each_person_once()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 12);
        var emails = Enumerable.Range(0, 12).Select(n => $"once{n}@two.example").ToArray();
        var answers = await Task.WhenAll(emails.Select(email => app.Send(HttpMethod.Post, "/invitations", Access(business, email), admin)));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created || answer.Status == HttpStatusCode.Accepted);
        var tokens = await Task.WhenAll(emails.Select(async email => Token(await app.Mail(email))));

        // A reminder of each is due, as many days before the end as make it so, and both instances look for what is due.
        (await Count(
            $"""
            with due as (
                insert into invitation_timers select id, organization_id, 3650, now(), 'infinity' from invitation_list
                where organization_id = '{business.Organization}' returning 1)
            select count(*) from due
            """)).ShouldBe(emails.Length);
        await Eventually.Is(async () => (await Task.WhenAll(emails.Select(app.Mails))).All(mails => mails.Count >= 2), "everybody is reminded", TimeSpan.FromSeconds(60));
        var sessions = await Task.WhenAll(tokens.Select(token => app.Send(HttpMethod.Post, $"/registrations/{token}", Form)));

        sessions.ShouldAllBe(session => session.Status == HttpStatusCode.Created || session.Status == HttpStatusCode.Accepted);
        await Eventually.Is(async () => await app.Seats(business.Subscription, admin) == (0, 12, 0), "everybody has a seat", TimeSpan.FromSeconds(60));
        (await Count("select count(*) from invitation_timers where days_before = 3650")).ShouldBe(0);
        (await Task.WhenAll(emails.Select(app.Mails))).ShouldAllBe(mails => mails.Count(mail => mail["text"]!.GetValue<string>().Contains("/registrations/")) == 2);
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task lose_nothing_that_may_be_asked_again_when_one_of_them_is_killed()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: null, "Killed");
        var load = new Load(app, admin, business, "killed");

        await load.During(async () =>
        {
            foreach (var service in Services)
                await app.KillAndAwait($"{service}-1", await app.ProcessId($"{service}-1"));
        });

        await ShouldHaveHappenedOnce(load, admin, business);
    }

    [Fact]
    [Trait("Feature", "OPS-06")]
    public async Task lose_nothing_at_all_when_each_is_replaced_one_after_the_other()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: null, "Replaced");
        var load = new Load(app, admin, business, "replaced") { IsWithRequestsThatMustNotBeRepeated = true };

        await load.During(async () =>
        {
            // The first of every service, then the second: there is never less than one of each.
            for (var replica = 1; replica <= 2; replica++)
            {
                await Task.WhenAll(Services.Select(async service =>
                {
                    var process = await app.ProcessId($"{service}-{replica}");
                    Signal(process, "TERM");
                    await app.Back($"{service}-{replica}", process);
                }));
            }
        });

        load.Organizations.ShouldNotBeEmpty();
        await ShouldHaveHappenedOnce(load, admin, business);
    }

    private async Task ShouldHaveHappenedOnce(Load load, string admin, (Guid Organization, Guid App, Guid Subscription) business)
    {
        load.Failures.ShouldBeEmpty();
        load.Reads.ShouldBeGreaterThan(50);
        load.Invited.Count.ShouldBeGreaterThan(5);
        await Eventually.Is(
            async () => (await app.Seats(business.Subscription, admin)).Reserved == load.Invited.Count, "there is a seat for each", TimeSpan.FromSeconds(60));
        foreach (var email in load.Invited)
            await app.Mail(email);
        (await Task.WhenAll(load.Invited.Select(app.Mails))).ShouldAllBe(mails => mails.Count == 1);
        var list = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={business.Organization}&pageSize=1", token: admin);
        list["total"]!.GetValue<int>().ShouldBe(load.Invited.Count);
    }

    private async Task<long> Count(string sql)
    {
        await using var database = NpgsqlDataSource.Create(await app.ConnectionString("invitations-1"));
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>What people do all the time; nobody tries anything again.</summary>
    private sealed class Load(RunningApplication app, string admin, (Guid Organization, Guid App, Guid Subscription) business, string name)
    {
        private int _reads;

        public bool IsWithRequestsThatMustNotBeRepeated { get; init; }

        public ConcurrentQueue<string> Failures { get; } = [];

        public ConcurrentQueue<string> Invited { get; } = [];

        public ConcurrentQueue<string> Organizations { get; } = [];

        public int Reads => _reads;

        public async Task During(Func<Task> happening)
        {
            using var end = new CancellationTokenSource();
            var people = new List<Task>
            {
                Repeat(n => Read(n % 2 == 0 ? "/me" : "/users"), end.Token),
                Repeat(n => Read(n % 2 == 0 ? "/organizations" : $"/subscriptions/{business.Subscription}"), end.Token),
                Repeat(n => Read(n % 2 == 0 ? "/messages" : $"/invitations?organizationId={business.Organization}"), end.Token),
                Repeat(Invite, end.Token),
            };
            if (IsWithRequestsThatMustNotBeRepeated)
                people.Add(Repeat(Add, end.Token));
            try
            {
                await happening();
            }
            finally
            {
                await end.CancelAsync();
                await Task.WhenAll(people);
            }
        }

        private async Task Repeat(Func<int, Task> work, CancellationToken end)
        {
            for (var n = 0; !end.IsCancellationRequested; n++)
            {
                try
                {
                    await work(n);
                }
                catch (HttpRequestException e)
                {
                    Failures.Enqueue(e.ToString());
                }

                await Task.Delay(50, CancellationToken.None);
            }
        }

        private async Task Read(string path)
        {
            await Ask(HttpMethod.Get, path);
            Interlocked.Increment(ref _reads);
        }

        private async Task Invite(int n)
        {
            var email = $"{name}{n}@load.example";
            await Ask(HttpMethod.Post, "/invitations", Access(business, email), ("Idempotency-Key", email));
            Invited.Enqueue(email);
            await Task.Delay(200, CancellationToken.None);
        }

        private async Task Add(int n)
        {
            await Ask(HttpMethod.Post, "/organizations", new { name = $"{name} {n}", kinds = new[] { "business" } });
            Organizations.Enqueue($"{name} {n}");
        }

        private async Task Ask(HttpMethod method, string path, object? body = null, params (string, string)[] headers)
        {
            var (status, answer, _) = await app.Send(method, path, body, admin, headers);
            if ((int)status >= 300)
                Failures.Enqueue($"{method} {path}: {(int)status} {answer.ToJsonString()}");
        }
    }
}
