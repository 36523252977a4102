using System.Net;
using InviteHub.Testing;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>
/// A saga is stopped at a step by freezing the service that has the next one; then a service is killed there, holding messages that it
/// never acknowledged. The host restarts it, RabbitMQ delivers again, and the end is the same.
/// </summary>
[Collection(Collection)]
public sealed class killing_services(RunningApplication app)
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };
    private static readonly (string, string) DoNotWait = ("Prefer", "wait=0");

    /// <summary>Which service stands still, so that the saga waits at its step, and which one is killed there.</summary>
    public static TheoryData<string, string> InviteSteps => new()
    {
        { "subscriptions", "subscriptions" }, // asked for the seat, dies with the question
        { "subscriptions", "invitations" }, // the asker dies while it waits for the answer
        { "notifications", "notifications" }, // asked for the mail, dies with the request
        { "notifications", "invitations" },
        { "notifications", "subscriptions" },
    };

    [Theory]
    [MemberData(nameof(InviteSteps))]
    [Trait("Feature", "OPS-03")]
    public async Task in_the_middle_of_an_invitation_ends_with_one_pending_invitation_one_seat_and_one_mail(string frozen, string killed)
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var email = $"{frozen}-{killed}@kill.example";
        var frozenId = await app.ProcessId(frozen);
        var killedId = await app.ProcessId(killed);

        Signal(frozenId, "STOP");
        var (status, _, headers) = await app.Send(HttpMethod.Post, "/invitations", Access(business, email), admin, DoNotWait);
        status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Created);
        var id = headers.Location!.ToString().Split('/')[^1];
        if (frozen == "notifications")
            await Status(id, admin, "pending");
        Signal(killedId, "KILL");
        if (frozen != killed)
            Signal(frozenId, "CONT");
        await app.Back(killed, killedId);

        await Status(id, admin, "pending");
        (await app.Mail(email)).ShouldNotBeNull();
        await Delivered(id, admin);
        (await app.Mails(email)).Count.ShouldBe(1);
        (await app.Seats(business.Subscription, admin)).ShouldBe((1, 0, 1));
    }

    public static TheoryData<string, string> RegisterSteps => new()
    {
        { "identity", "identity" }, // asked for the account
        { "identity", "invitations" },
        { "subscriptions", "subscriptions" }, // asked to occupy the seat
        { "subscriptions", "invitations" },
        { "subscriptions", "identity" },
    };

    [Theory]
    [MemberData(nameof(RegisterSteps))]
    [Trait("Feature", "OPS-03")]
    public async Task in_the_middle_of_a_registration_ends_with_one_account_on_one_seat(string frozen, string killed)
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var email = $"{frozen}-{killed}@register.example";
        var invitation = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, email), admin);
        var token = Token(await app.Mail(email));
        var frozenId = await app.ProcessId(frozen);
        var killedId = await app.ProcessId(killed);

        Signal(frozenId, "STOP");
        (await app.Send(HttpMethod.Post, $"/registrations/{token}", Form, token: null, DoNotWait)).Status.ShouldBe(HttpStatusCode.Accepted);
        if (frozen == "subscriptions")
            await Eventually.Is(async () => (await SignIn(email)).Status == HttpStatusCode.OK, "the account is made");
        Signal(killedId, "KILL");
        if (frozen != killed)
            Signal(frozenId, "CONT");
        await app.Back(killed, killedId);

        await Status(Id(invitation).ToString(), admin, "accepted");
        (await app.Seats(business.Subscription, admin)).ShouldBe((0, 1, 1));
        var me = await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me", token: Text((await SignIn(email)).Body, "accessToken"));
        me["appRoles"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task the_broker_itself_loses_neither_what_it_holds_nor_what_happens_meanwhile()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var notifications = await app.ProcessId("notifications");
        var broker = await app.ProcessId("messaging");

        // The request for the first mail lies in the broker, and nobody takes it.
        Signal(notifications, "STOP");
        var held = await Invite(business, "held@broker.example", admin, $"held-{business.Subscription}");
        await Status(held, admin, "pending");
        Signal(broker, "KILL");
        // Of the second one the broker can't be told: the stream keeps it.
        var meanwhile = await Invite(business, "meanwhile@broker.example", admin, $"meanwhile-{business.Subscription}");
        await app.Back("messaging", broker);
        Signal(notifications, "CONT");

        foreach (var (invitation, email) in new[] { (held, "held@broker.example"), (meanwhile, "meanwhile@broker.example") })
        {
            await Status(invitation, admin, "pending");
            await app.Mail(email);
            await Delivered(invitation, admin);
            (await app.Mails(email)).Count.ShouldBe(1);
        }

        (await app.Seats(business.Subscription, admin)).ShouldBe((2, 0, 0));
    }

    [Fact]
    [Trait("Feature", "SUB-03")]
    public async Task at_random_while_people_are_invited_and_revoked_leaves_the_seats_balanced()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 12);
        var random = new Random(20261121);
        string[] services = ["invitations", "subscriptions", "notifications"];
        var invited = new List<string>();

        for (var i = 0; i < 12; i++)
        {
            var key = $"kill-{i}-{business.Subscription}";
            var sending = Invite(business, $"random{i}@kill.example", admin, key);
            if (i % 3 == 0)
            {
                await Task.Delay(random.Next(0, 40));
                var service = services[i / 3 % services.Length];
                await app.KillAndAwait(service, await app.ProcessId(service));
            }

            invited.Add(await sending);
        }

        foreach (var id in invited)
            await Status(id, admin, "pending");
        foreach (var id in invited.Take(6))
            await app.Expect(HttpStatusCode.OK, HttpMethod.Post, $"/invitations/{id}/revoke", token: admin);
        await Eventually.Is(async () => await app.Seats(business.Subscription, admin) == (6, 0, 6), "every revoked seat is back, once", TimeSpan.FromSeconds(30));
        for (var i = 6; i < 12; i++)
        {
            await app.Mail($"random{i}@kill.example");
            (await app.Mails($"random{i}@kill.example")).Count.ShouldBe(1);
        }
    }

    private Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> SignIn(string email) =>
        app.Send(HttpMethod.Post, "/session", new { email, password = "correct horse battery staple" });

    /// <summary>What a sensible client does: the same request under the same key until it is answered.</summary>
    private async Task<string> Invite((Guid, Guid, Guid) business, string email, string admin, string key)
    {
        string? id = null;
        await Eventually.Is(
            async () =>
            {
                try
                {
                    var answer = await app.Send(HttpMethod.Post, "/invitations", Access(business, email), admin, ("Idempotency-Key", key));
                    id = answer.Status is HttpStatusCode.Created or HttpStatusCode.Accepted ? answer.Headers.Location!.ToString().Split('/')[^1] : null;
                }
                catch (HttpRequestException)
                {
                    // Cut off in the middle: asked again.
                }

                return id is not null;
            },
            $"{email} is invited", TimeSpan.FromSeconds(60));
        return id!;
    }

    private Task Status(string invitation, string admin, string status) => Eventually.Is(
        async () =>
        {
            var answer = await app.Send(HttpMethod.Get, $"/invitations/{invitation}", token: admin);
            return answer.Status == HttpStatusCode.OK && Text(answer.Body, "status") == status;
        },
        $"the invitation is {status}", TimeSpan.FromSeconds(60));

    private Task Delivered(string invitation, string admin) => Eventually.Is(
        async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/{invitation}", token: admin))["delivery"]!["status"]?.GetValue<string>() == "sent",
        "the mail counts as sent", TimeSpan.FromSeconds(30));
}
