using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-23")]
public sealed class what_an_organization_asks(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private OrganizationSettingsChanged Settings => InvitationsService.Settings(_organization);

    [Fact]
    [Trait("Feature", "SUB-01")]
    public async Task is_what_it_asked_last_in_whatever_order_that_is_heard()
    {
        Guid[] ids = [.. Enumerable.Range(0, 3).Select(n => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(60).AddSeconds(n)))];
        await service.Tell(Settings with { AllowedDomains = ["second.example"] }, ids[1]);
        await Known("second.example");
        await service.Tell(Settings with { AllowedDomains = ["first.example"] }, ids[0]);
        await service.Tell(Settings with { AllowedDomains = ["third.example"] }, ids[2]);
        await Known("third.example");
        await service.Tell(Settings with { AllowedDomains = ["second.example"] }, ids[1]);

        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from inbox where message_id = any($1)", ids) == 3, "all was heard");
        (await service.Database.Ask<string>("select allowed_domains[1] from organization_settings where organization_id = $1", _organization))
            .ShouldBe("third.example");
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public async Task about_domains_refuses_others_and_names_those_that_may()
    {
        await service.Ask(Settings with { AllowedDomains = ["acme.example"] });

        using var answer = await Invite("ada@example.org");

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await Body(answer);
        problem["code"]!.GetValue<string>().ShouldBe("domain-not-allowed");
        problem["facts"]!["allowedDomains"]!.GetValue<string>().ShouldBe("acme.example");
        (await Invite("ada@ACME.example")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public async Task about_an_hour_lets_exactly_so_many_through_however_many_come_at_once()
    {
        await service.Ask(Settings with { HourlyInvitationLimit = 5 });
        for (var n = 0; n < 4; n++)
            (await Invite($"ada{n}@example.org")).StatusCode.ShouldBe(HttpStatusCode.Created);

        // Two for the last place, then many more.
        var two = await Task.WhenAll(Invite("last1@example.org"), Invite("last2@example.org"));
        var many = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Invite($"late{n}@example.org")));

        two.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        many.ShouldAllBe(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        many[0].Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        var problem = await Body(many[0]);
        problem["code"]!.GetValue<string>().ShouldBe("hourly-limit-reached");
        problem["facts"]!["limit"]!.GetValue<int>().ShouldBe(5);
        (await service.Database.Ask<long>("select count(*) from invitation_list where organization_id = $1", _organization)).ShouldBe(5);

        service.Clock.Advance(TimeSpan.FromMinutes(61));
        (await Invite("next@example.org")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task about_an_hour_holds_when_all_come_at_once_on_connections_of_their_own()
    {
        await service.Ask(Settings with { HourlyInvitationLimit = 7 });

        // Straight at the rule, each in a transaction of its own that stays open a while: no queue of this process is in between.
        var taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            await using var connection = await service.Database.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var take = new Npgsql.NpgsqlCommand("select take_hourly_place($1, $2)", connection, transaction);
            take.Parameters.AddWithValue(_organization);
            take.Parameters.AddWithValue(service.Clock.GetUtcNow());
            try
            {
                await take.ExecuteNonQueryAsync();
                await Task.Delay(5);
                await transaction.CommitAsync();
                return true;
            }
            catch (Npgsql.PostgresException e) when (e.ConstraintName == "hourly_invitation_limit")
            {
                return false;
            }
        }));

        taken.Count(yes => yes).ShouldBe(7);
    }

    [Fact]
    public async Task about_an_hour_counts_nothing_that_was_refused()
    {
        await service.Ask(Settings with { HourlyInvitationLimit = 1 });
        service.Full(_organization);

        for (var n = 0; n < 3; n++)
            (await Body(await Invite($"ada{n}@example.org")))["code"]!.GetValue<string>().ShouldBe("seat-limit-reached");
    }

    [Fact]
    public async Task about_approval_takes_no_seat_and_sends_no_mail_before_a_second_person_said_yes()
    {
        await service.Ask(Settings with { RequiresApproval = true });
        var (inviter, second) = (await service.With(_organization, "founder"), await service.With(_organization, "user_registration"));
        using var told = Told();

        using var answer = await Invite("ada@example.org", inviter);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var invitation = await Body(answer);
        invitation["status"]!.GetValue<string>().ShouldBe("requested");
        invitation["approval"]!["status"]!.GetValue<string>().ShouldBe("awaited");
        var id = invitation["id"]!.GetValue<Guid>();
        (await List("approval=awaited"))["items"]!.AsArray().Select(i => i!["id"]!.GetValue<Guid>()).ShouldBe([id]);
        (await Code(await Post(inviter, id, "approve"))).ShouldBe("approval-needs-another");
        (await Code(await Post(await service.With(_organization, "member"), id, "approve"))).ShouldBe("not-permitted");
        told.Messages.ShouldBe(0);

        // Two at once: one approval, one seat.
        var yes = await Task.WhenAll(Post(second, id, "approve"), Post(InvitationsService.Admin, id, "approve"));

        yes.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var approved = await Body(yes[0]);
        approved["status"]!.GetValue<string>().ShouldBe("pending");
        approved["approval"]!["status"]!.GetValue<string>().ShouldBe("approved");
        (await service.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = 'invitation.approved.v1'", $"invitation-{id}")).ShouldBe(1);
        told.Messages.ShouldBe(1);
        (await Code(await Post(second, id, "reject"))).ShouldBe("nothing-to-approve");
    }

    [Fact]
    public async Task about_approval_ends_with_a_no_whose_reason_can_be_read()
    {
        await service.Ask(Settings with { RequiresApproval = true });
        var inviter = await service.With(_organization, "founder");
        var id = (await Body(await Invite("ada@example.org", inviter)))["id"]!.GetValue<Guid>();

        using var answer = await service.Client(InvitationsService.Admin).PostAsJsonAsync($"/api/v1/invitations/{id}/reject", new { reason = "We know Ada already" });

        var rejected = await Body(answer);
        rejected["status"]!.GetValue<string>().ShouldBe("rejected");
        rejected["refusal"]!["code"]!.GetValue<string>().ShouldBe("not-approved");
        rejected["approval"]!["reason"]!.GetValue<string>().ShouldBe("We know Ada already");
        (await service.Database.Ask<long>("select count(*) from mt_events where data::text like '%know Ada%'")).ShouldBe(0);
        // INV-26: what has ended blocks nothing.
        (await Invite("ada@example.org", inviter)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task about_an_hour_counts_each_that_is_sent_again_however_many_at_once()
    {
        var invitations = new List<JsonNode>();
        for (var n = 0; n < 6; n++)
            invitations.Add(await Body(await Invite($"ada{n}@example.org")));
        await service.Expire(invitations[5]);
        await service.Ask(Settings with { HourlyInvitationLimit = 8 });
        var before = await service.Database.Ask<long>("select coalesce(sum(invitations), 0) from hourly_invitations where organization_id = $1", _organization);
        before.ShouldBe(0);
        await service.Ask(Settings with { HourlyInvitationLimit = 2 });

        var answers = await Task.WhenAll(invitations.Select(one => service.Patient(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{one["id"]}/resend", null)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(2);
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(4);
        (await Code(await Invite("late@example.org"))).ShouldBe("hourly-limit-reached");
    }

    [Fact]
    public async Task about_an_hour_counts_no_renewal_that_was_refused()
    {
        var invitation = await Body(await Invite("ada@example.org"));
        await service.Expire(invitation);
        await service.Ask(Settings with { HourlyInvitationLimit = 1 });
        service.Full(_organization);

        for (var n = 0; n < 3; n++)
            (await Code(await service.Patient(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{invitation["id"]}/resend", null))).ShouldBe("seat-limit-reached");
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    public async Task about_domains_and_approval_holds_for_one_that_had_expired_too()
    {
        var (inviter, again, second) = (await service.With(_organization, "founder"), await service.With(_organization, "founder"), await service.With(_organization, "founder"));
        var invitation = await Body(await Invite("ada@example.org", inviter));
        var id = invitation["id"]!.GetValue<Guid>();
        await service.Expire(invitation);
        await service.Ask(Settings with { AllowedDomains = ["acme.example"] });
        (await Code(await Post(again, id, "resend"))).ShouldBe("domain-not-allowed");
        await service.Ask(Settings with { RequiresApproval = true });

        using var told = Told();
        using var answer = await Post(again, id, "resend");
        var asked = await Body(answer);
        (answer.StatusCode, asked["status"]!.GetValue<string>(), asked["approval"]!["status"]!.GetValue<string>()).ShouldBe((HttpStatusCode.OK, "requested", "awaited"));
        (await Code(await Post(again, id, "approve"))).ShouldBe("approval-needs-another");
        told.Messages.ShouldBe(0);

        var approved = await Body(await service.Patient(second).PostAsync($"/api/v1/invitations/{id}/approve", null));
        approved["status"]!.GetValue<string>().ShouldBe("pending");
        told.Messages.ShouldBe(1);
    }

    private Task<HttpResponseMessage> Invite(string email, CurrentUser? by = null) => service.Client(by ?? InvitationsService.Admin)
        .PostAsJsonAsync("/api/v1/invitations", InvitationsService.Access(_organization, email));

    private Task<HttpResponseMessage> Post(CurrentUser by, Guid id, string what) =>
        service.Client(by).PostAsync($"/api/v1/invitations/{id}/{what}", null);

    private Task Known(string domain) => Eventually.Is(
        async () => await service.Database.Ask<string>(
            "select allowed_domains[1] from organization_settings where organization_id = $1", _organization) == domain,
        $"{domain} is known");

    private async Task<JsonNode> List(string query) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations?organizationId={_organization}&{query}"))!;

    private static async Task<JsonNode> Body(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

    private static async Task<string> Code(HttpResponseMessage answer) => (await Body(answer))["code"]!.GetValue<string>();

    /// <summary>Counts what Subscriptions is asked for this organization.</summary>
    private Ear Told() => new(service.Services.GetRequiredService<IBus>(), _organization);

    private sealed class Ear : IPublishObserver, IDisposable
    {
        private readonly Guid _organization;
        private readonly ConnectHandle _handle;
        private int _messages;

        public Ear(IBus bus, Guid organization) => (_organization, _handle) = (organization, bus.ConnectPublishObserver(this));

        public int Messages => Volatile.Read(ref _messages);

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

        public Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            if (context.Message is InvitationRequested asked && asked.OrganizationId == _organization)
                Interlocked.Increment(ref _messages);
            return Task.CompletedTask;
        }

        public void Dispose() => _handle.Disconnect();
    }
}
