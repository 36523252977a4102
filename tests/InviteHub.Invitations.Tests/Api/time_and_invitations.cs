using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-22")]
public sealed class time_and_invitations(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task ends_an_invitation_by_itself_and_gives_its_seat_back()
    {
        service.ValidFor(_organization, 30);
        var id = await Invited("ada@example.org");
        service.Clock.Advance(TimeSpan.FromDays(29));
        (await Status(id)).ShouldBe("pending");

        service.Clock.Advance(TimeSpan.FromDays(1));

        await Happened(id, "invitation.withdrawal_settled.v1", 1);
        await Happened(id, "invitation.expired.v1", 1);
        (await Status(id)).ShouldBe("expired");
        (await Timers(id)).ShouldBe(0);
    }

    [Fact]
    public async Task reminds_once_for_each_day_that_the_organization_wants()
    {
        await service.Ask(InvitationsService.Settings(_organization) with { ReminderDays = [7, 1] });
        var id = await Invited("ada@example.org");

        service.Clock.Advance(TimeSpan.FromDays(365 - 7));
        await Happened(id, "invitation.reminded.v1", 1);
        service.Clock.Advance(TimeSpan.FromDays(6));
        await Happened(id, "invitation.reminded.v1", 2);
        service.Clock.Advance(TimeSpan.FromDays(1));
        await Happened(id, "invitation.expired.v1", 1);
        await Happened(id, "invitation.reminded.v1", 2);
    }

    [Fact]
    public async Task that_stood_still_reminds_of_the_latest_day_alone()
    {
        await service.Ask(InvitationsService.Settings(_organization) with { ReminderDays = [30, 7, 1] });
        var id = await Invited("ada@example.org");

        service.Clock.Advance(TimeSpan.FromDays(365 - 5));

        await Eventually.Is(async () => await Timers(id) == 2, "those that are due are done");
        (await service.Database.Ask<string>("select data->>'daysBefore' from mt_events where stream_id = $1 and type = 'invitation.reminded.v1'", $"invitation-{id}"))
            .ShouldBe("7");
        await Happened(id, "invitation.reminded.v1", 1);
    }

    [Fact]
    public async Task reminds_nobody_whose_invitation_is_over()
    {
        await service.Ask(InvitationsService.Settings(_organization) with { ReminderDays = [7] });
        var revoked = await Invited("ada@example.org");
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{revoked}/revoke", null)).EnsureSuccessStatusCode();
        var accepted = await service.Invited(InvitationsService.Customer(_organization, "eve@example.org"));
        var form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };
        (await service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(accepted)}", form)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await service.Database.Ask<long>("select count(*) from invitation_timers where organization_id = $1", _organization)).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "NOT-02")]
    public async Task tells_the_inviter_once_a_day_of_all_that_expired_and_was_not_asked_for_again()
    {
        _ = service.Another;
        service.ValidFor(_organization, 30);
        foreach (var name in new[] { "ada", "eve", "joan", "mary" })
            await Invited($"{name}@example.org");
        service.Clock.Advance(TimeSpan.FromDays(30));
        await Eventually.Is(async () => await Ended() == 4, "all have expired");
        await Eventually.Is(async () => await service.Database.Ask<long>(
            "select count(*) from mt_events where tenant_id = $1 and type = 'invitation.withdrawal_settled.v1'", _organization.ToString()) == 4, "their seats are back");
        Told().ShouldBeEmpty("others may follow");
        var again = await service.Database.Ask<Guid>("select id from invitation_list where organization_id = $1 and email = 'eve@example.org'", _organization);
        (await service.Patient(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{again}/resend", null)).EnsureSuccessStatusCode();

        service.Clock.Advance(TimeSpan.FromHours(1));
        await Eventually.Is(() => Told() is ["3"], "the inviter is told");
        await Overdue(1);
        service.Clock.Advance(TimeSpan.FromHours(2));
        await Eventually.Is(async () => await Ended() == 5, "another has expired");
        Told().Count.ShouldBe(1, "there was a message today");

        service.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.Is(() => Told() is ["3", "1"], "the inviter is told of what came after");
    }

    [Fact]
    public async Task does_what_a_worker_that_died_had_in_its_hands()
    {
        service.ValidFor(_organization, 30);
        var id = await Invited("ada@example.org");
        await using (var died = service.Database.Source.CreateCommand("update invitation_timers set due_at = $2 where invitation_id = $1"))
        {
            died.Parameters.AddWithValue(id);
            died.Parameters.AddWithValue(service.Clock.GetUtcNow().AddDays(30) + DueTimers.Lease);
            await died.ExecuteNonQueryAsync();
        }

        service.Clock.Advance(TimeSpan.FromDays(30));
        (await service.Services.GetRequiredService<DueTimers>().Take(100, CancellationToken.None)).ShouldNotContain(t => t.InvitationId == id);
        service.Clock.Advance(DueTimers.Lease);

        await Happened(id, "invitation.expired.v1", 1);
    }

    [Fact]
    public async Task with_a_long_backlog_delays_no_new_invitation_and_does_nothing_twice()
    {
        const int real = 600, others = 29_400;
        _ = service.Another;
        await Overdue(real);
        // Behind them a long tail of timers that turn out not to matter.
        await using (var tail = service.Database.Source.CreateCommand(
            """
            insert into invitation_timers (invitation_id, organization_id, days_before, due_at, useful_until)
            select gen_random_uuid(), $1, 0, $2, 'infinity' from generate_series(1, $3)
            """))
        {
            tail.Parameters.AddWithValue(_organization);
            tail.Parameters.AddWithValue(service.Clock.GetUtcNow().AddHours(2));
            tail.Parameters.AddWithValue(others);
            await tail.ExecuteNonQueryAsync();
        }

        try
        {
            service.Clock.Advance(TimeSpan.FromDays(1));
            await Eventually.Is(async () => await Ended() > 0, "the backlog is being worked on", TimeSpan.FromMinutes(1));
            for (var n = 0; n < 5; n++)
                await Invited($"new{n}@example.org");

            (await Left()).ShouldBeGreaterThan(0, "the new ones came through before the backlog was done");
            await Eventually.Is(async () => await Ended() == real, "all are ended", TimeSpan.FromMinutes(3));
            (await service.Database.Ask<long>(
                "select count(*) from (select stream_id from mt_events where tenant_id = $1 and type = 'invitation.expired.v1' group by 1 having count(*) > 1) twice",
                _organization.ToString())).ShouldBe(0);
        }
        finally
        {
                await using var clear = service.Database.Source.CreateCommand("delete from invitation_timers where organization_id = $1");
            clear.Parameters.AddWithValue(_organization);
            await clear.ExecuteNonQueryAsync();
        }
    }

    /// <summary>So many pending invitations whose time is up in a day, written straight into their streams; Subscriptions is not asked for them.</summary>
    private async Task Overdue(int many)
    {
        var (store, now) = (service.Services.GetRequiredService<PostgresEventStore>(), service.Clock.GetUtcNow());
        foreach (var chunk in Enumerable.Range(0, many).Chunk(200))
        {
            var session = store.OpenSession();
            foreach (var n in chunk)
            {
                var id = Guid.CreateVersion7(now);
                var stream = session.StartStream<Invitation, InvitationEvent>(Invitation.Stream(_organization, id));
                stream.AppendOne(new InvitationEvent.ApprovalRequired(id, _organization, now));
                stream.AppendOne(Decisions.Some.Requested() with { InvitationId = id, OrganizationId = _organization, Email = $"old{n}@example.org", At = now });
                stream.AppendOne(Decisions.Some.Opened() with { TokenHash = $"{id}", ExpiresAt = now.AddHours(1), At = now });
                session.SaveSaga(id, new Sagas.InviteSaga { CorrelationId = id, CurrentState = nameof(Sagas.InviteMachine.Open) }, version: 0);
            }

            await session.SaveChanges();
        }
    }

    /// <summary>How many invitations the inviter was told of, a message each.</summary>
    private List<string> Told() =>
        [.. service.Notices.Where(n => n.OrganizationId == _organization && n.Facts["what"] == "expired").OrderBy(n => n.At).Select(n => n.Facts["count"])];

    private async Task<Guid> Invited(string email) =>
        (await service.Invited(InvitationsService.Access(_organization, email)))["id"]!.GetValue<Guid>();

    private async Task<string> Status(Guid id) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{id}"))!["status"]!.GetValue<string>();

    private Task Happened(Guid id, string type, long times) => Eventually.Is(
        async () => await service.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = $2", $"invitation-{id}", type) == times,
        $"{times} {type}");

    private async Task<long> Timers(Guid id) => await service.Database.Ask<long>("select count(*) from invitation_timers where invitation_id = $1", id);

    private async Task<long> Ended() => await service.Database.Ask<long>(
        "select count(*) from mt_events where tenant_id = $1 and type = 'invitation.expired.v1'", _organization.ToString());

    private async Task<long> Left() => await service.Database.Ask<long>(
        "select count(*) from invitation_timers where organization_id = $1 and due_at <= $2", _organization, service.Clock.GetUtcNow());
}
