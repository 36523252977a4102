using System.Net.Mail;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-03")]
[Collection(NotificationsService.Collection)]
public sealed class sending_mail(NotificationsService service) : IAsyncLifetime
{
    private static int _people;
    private readonly string _email = $"person{Interlocked.Increment(ref _people)}@example.com";

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Feature", "NOT-01")]
    public async Task an_opened_invitation_becomes_a_mail_with_its_link_in_text_and_html()
    {
        var opened = Some.Opened(_email, "Åsa", "Grace Hopper");

        await service.Publish(opened);
        await service.MailArrives(_email);

        var mail = service.MailsTo(_email).Single();
        var link = "https://hub.example/registrations/" + service.Services.GetRequiredService<LinkTokens>().ForInvitation(opened.InvitationId, 1);
        mail.Subject.ShouldBe("You are invited to Payroll at Acme");
        mail.Text.ShouldContain("Hello Åsa,");
        mail.Text.ShouldContain("Grace Hopper invites you to Payroll at Acme, as Clerk.");
        mail.Text.ShouldContain(link);
        mail.Html.ShouldContain($"""<a href="{link}" """);
        mail.Header("From").ShouldBe("\"InviteHub\" <no-reply@hub.example>");
        mail.Header("Content-Type").ShouldStartWith("multipart/alternative");
        mail.Header("Auto-Submitted").ShouldBe("auto-generated");
        mail.MessageId.ShouldMatch($"^<{Delivery.IdFor(opened.InvitationId, 1, "invitation", "email"):N}[0-9a-f]{{16}}@hub.example>$");
        await service.Becomes(opened.InvitationId, DeliveryStatus.Sent);
    }

    [Fact]
    [Trait("Feature", "INV-20")]
    public async Task those_of_a_batch_are_queued_together_and_each_is_sent_once_whatever_comes_again()
    {
        var (stopped, other) = (Some.Opened("stopped." + _email) with { IsBulk = true }, Some.Opened("other." + _email) with { IsBulk = true });
        var first = Some.Opened(_email) with { IsBulk = true };
        await service.Publish(new InvitationWithdrawn(stopped.InvitationId, Some.Organization, "revoked", By: null));
        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from mt_events where stream_id = 'mailing-' || $1", $"{stopped.InvitationId}") > 0, "it is stopped");
        var (chunk, message) = (new InvitationsOpened(Some.NewId(), Some.Organization, [first, stopped, other]), Some.NewId());

        await Task.WhenAll(service.Publish(chunk, message), service.Publish(chunk, message));
        await service.Publish(chunk with { ChunkId = Some.NewId(), Invitations = [other, first] });
        await service.Becomes(first.InvitationId, DeliveryStatus.Sent);
        await service.Becomes(other.InvitationId, DeliveryStatus.Sent);
        await service.Publish(chunk);
        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from inbox where consumer = 'InvitationsOpenedConsumer'") >= 3, "it came again");

        service.MailsTo(_email).Count().ShouldBe(1);
        service.MailsTo(other.Email).Count().ShouldBe(1);
        service.MailsTo(stopped.Email).ShouldBeEmpty();
        (await service.Database.Ask<long>(
            "select count(*) from mt_events where stream_id = 'delivery-' || $1 and type = 'delivery.queued.v1'",
            $"{Delivery.IdFor(first.InvitationId, 1, "invitation", "email")}")).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-27")]
    public async Task others_hear_that_it_is_queued_and_sent()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<InvitationDeliveryChanged>();
        var endpoint = service.Services.GetRequiredService<IBus>().ShouldBeAssignableTo<IReceiveConnector>()!
            .ConnectReceiveEndpoint($"test-{Some.NewId()}", e => e.Handler<InvitationDeliveryChanged>(context =>
            {
                heard.Enqueue(context.Message);
                return Task.CompletedTask;
            }));
        await endpoint.Ready;
        var opened = Some.Opened(_email, generation: 3);

        await service.Publish(opened);

        await Eventually.Is(() => heard.Count(h => h.InvitationId == opened.InvitationId) == 2, "both are heard");
        var told = heard.Where(h => h.InvitationId == opened.InvitationId).OrderBy(h => h.Status).ToArray();
        told.Select(t => t.Status).ShouldBe(["queued", "sent"]);
        told.ShouldAllBe(t => t.Generation == 3 && t.Channel == "email" && t.OrganizationId == opened.OrganizationId && t.Error == null);
        await endpoint.StopAsync();
    }

    [Fact]
    public async Task whatever_is_redelivered_and_however_many_work_there_is_one_mail_for_each_cause()
    {
        using var second = ActivatorUtilities.CreateInstance<Sender>(service.Services);
        await second.StartAsync(CancellationToken.None);
        var opened = Enumerable.Range(0, 40).Select(n => (Message: Some.Opened($"{n}.{_email}"), Id: Some.NewId())).ToArray();

        // Each twice under its own id and once under another one, all at the same time.
        await Task.WhenAll(opened.SelectMany(o => new[] { service.Publish(o.Message, o.Id), service.Publish(o.Message, o.Id), service.Publish(o.Message) }));
        foreach (var (message, _) in opened)
            await service.Becomes(message.InvitationId, DeliveryStatus.Sent);
        await second.StopAsync(CancellationToken.None);

        opened.ShouldAllBe(o => service.MailsTo(o.Message.Email).Count() == 1);
        var ids = opened.Select(o => Delivery.IdFor(o.Message.InvitationId, 1, "invitation", "email")).ToArray();
        (await service.Database.Ask<long>("select count(*) from due_deliveries where id = any($1)", ids)).ShouldBe(0);
    }

    [Fact]
    public async Task of_many_who_take_one_message_up_at_once_exactly_one_may_hand_it_over()
    {
        var (stream, _) = await Queued(_email, due: false);

        var begun = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => service.Store.Transact(new EventMetadata(), async session =>
        {
            var delivery = await session.FetchForWriting<Delivery, DeliveryEvent>(stream);
            var decision = AttemptDelivery.Decide(delivery.Aggregate, service.Clock.GetUtcNow());
            delivery.AppendMany(decision.Events);
            return decision.Events.Count;
        })));

        begun.Sum().ShouldBe(1);
    }

    [Theory]
    [InlineData(Does.Later)]
    [InlineData(Does.LaterAfterTheDot)]
    [InlineData(Does.DropsBeforeTheDot)]
    [InlineData(Does.Hangs)]
    public async Task what_is_not_taken_now_is_tried_again_and_arrives_once(Does first)
    {
        service.Smtp.Script.Enqueue(first);
        var opened = Some.Opened(_email);

        await service.Publish(opened);
        if (first == Does.Hangs)
        {
            await service.Smtp.Hanging.WaitAsync();
            service.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        await Eventually.Is(async () => await service.Delivery(opened.InvitationId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");
        service.MailsTo(_email).ShouldBeEmpty();
        service.Clock.Advance(TimeSpan.FromSeconds(1));

        await service.Becomes(opened.InvitationId, DeliveryStatus.Sent);
        service.MailsTo(_email).Count().ShouldBe(1);
        (await service.Delivery(opened.InvitationId))!.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task when_the_line_is_lost_after_the_final_dot_both_mails_have_one_id()
    {
        service.Smtp.Script.Enqueue(Does.DropsAfterTheDot);
        var opened = Some.Opened(_email);

        await service.Publish(opened);
        await Eventually.Is(async () => await service.Delivery(opened.InvitationId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.MailArrives(_email, times: 2);

        service.MailsTo(_email).Select(m => m.MessageId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task what_is_refused_for_good_is_given_up_and_the_reason_names_nobody()
    {
        service.Smtp.Script.Enqueue(Does.Refuses);
        var opened = Some.Opened(_email);

        await service.Publish(opened);

        await service.Becomes(opened.InvitationId, DeliveryStatus.Failed);
        var failed = (await service.Store.OpenSession().FetchStream(Delivery.Stream(
            Some.Organization, Delivery.IdFor(opened.InvitationId, 1, "invitation", "email")))).Select(e => e.Data).OfType<DeliveryEvent.Failed>().Single();
        (failed.Reason, failed.IsHard).ShouldBe(("The mail server refused it (550).", true));
        service.Logged.ShouldNotContain(line => line.Contains(_email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task one_that_died_between_attempt_and_outcome_is_taken_over_after_its_lease()
    {
        var (stream, invitation) = await Queued(_email, due: false);
        await service.Store.Transact(new EventMetadata(), session => session.Decide<Delivery, DeliveryEvent>(
            stream, delivery => AttemptDelivery.Decide(delivery, service.Clock.GetUtcNow())));

        // Within the lease others are served, and this one is not.
        service.Clock.Advance(TimeSpan.FromSeconds(59));
        var other = Some.Opened("other." + _email);
        await service.Publish(other);
        await service.Becomes(other.InvitationId, DeliveryStatus.Sent);
        (await service.Delivery(invitation))!.Status.ShouldBe(DeliveryStatus.Sending);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.Becomes(invitation, DeliveryStatus.Sent);
        service.MailsTo(_email).Count().ShouldBe(1);
    }

    [Fact]
    public async Task a_stopping_worker_finishes_what_it_has_begun()
    {
        var transport = new SlowTransport();
        using var worker = ActivatorUtilities.CreateInstance<Sender>(service.Services, (IMailTransport)transport);
        var sent = Guid.Empty;
        await worker.StartAsync(CancellationToken.None);
        for (var n = 0; !transport.Begun.Task.IsCompleted; n++)
        {
            // The other worker may be faster; one of these comes to this one.
            var opened = Some.Opened($"{n}.{_email}");
            await service.Publish(opened);
            await Task.WhenAny(transport.Begun.Task, service.Becomes(opened.InvitationId, DeliveryStatus.Sent));
            sent = opened.InvitationId;
        }

        var stopped = worker.StopAsync(CancellationToken.None);
        transport.GoOn.SetResult();
        await stopped;

        (await service.Delivery(sent))!.Status.ShouldBe(DeliveryStatus.Sent);
    }

    [Fact]
    public async Task a_withdrawal_that_comes_first_keeps_the_mail_from_being_queued()
    {
        var opened = Some.Opened(_email);
        var marker = Some.Opened("marker." + _email);

        await service.Publish(new InvitationWithdrawn(opened.InvitationId, opened.OrganizationId, "revoked", By: null));
        await Eventually.Is(async () => (await Mailing(opened.InvitationId))?.IsStopped == true, "it is stopped");
        var id = Some.NewId();
        await service.Publish(opened, id);
        await Eventually.Is(async () => await service.Database.Ask<bool>("select true from inbox where message_id = $1", id), "it is handled");
        await service.Publish(marker);
        await service.Becomes(marker.InvitationId, DeliveryStatus.Sent);

        (await service.Delivery(opened.InvitationId)).ShouldBeNull();
        service.MailsTo(_email).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_withdrawal_stops_what_waits_for_its_next_attempt()
    {
        service.Smtp.Script.Enqueue(Does.Later);
        var opened = Some.Opened(_email);
        await service.Publish(opened);
        await Eventually.Is(async () => await service.Delivery(opened.InvitationId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");

        await service.Publish(new InvitationWithdrawn(opened.InvitationId, opened.OrganizationId, "revoked", By: null));

        await service.Becomes(opened.InvitationId, DeliveryStatus.Cancelled);
        (await service.Database.Ask<long>("select count(*) from due_deliveries where id = $1", Delivery.IdFor(opened.InvitationId, 1, "invitation", "email"))).ShouldBe(0);
    }

    [Fact]
    public async Task a_withdrawal_after_the_mail_was_sent_changes_nothing()
    {
        var opened = Some.Opened(_email);
        await service.Publish(opened);
        await service.Becomes(opened.InvitationId, DeliveryStatus.Sent);

        await service.Publish(new InvitationWithdrawn(opened.InvitationId, opened.OrganizationId, "revoked", By: null));

        await Eventually.Is(async () => (await Mailing(opened.InvitationId))?.IsStopped == true, "it is stopped");
        (await service.Delivery(opened.InvitationId))!.Status.ShouldBe(DeliveryStatus.Sent);
    }

    [Fact]
    public async Task opening_and_withdrawal_at_the_same_time_never_miss_each_other()
    {
        var invitations = Enumerable.Range(0, 50).Select(_ => Some.NewId()).ToArray();
        await Task.WhenAll(invitations.SelectMany(id => new Task[]
        {
            Task.Run(() => Queued($"{id}@example.com", due: false, id)),
            Task.Run(() => service.Store.Transact(new EventMetadata(), async session =>
            {
                await StopDeliveries.Handle(new(id, Some.Organization, "revoked", service.Clock.GetUtcNow()), session, CancellationToken.None);
                return true;
            })),
        }));

        foreach (var id in invitations)
            (await service.Delivery(id))?.Status.ShouldBe(DeliveryStatus.Cancelled);
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "NOT-04")]
    public async Task an_invitation_to_an_account_carries_username_and_one_time_password_that_stand_nowhere_else()
    {
        var opened = Some.Opened(_email, "Åsa") with { Way = "account", Username = "canaryname", OneTimePasswordId = Some.NewId() };
        await service.Publish(opened);
        await service.MailArrives(_email);

        var (mail, links) = (service.MailsTo(_email).Single(), service.Services.GetRequiredService<LinkTokens>());
        var password = links.OneTimePassword(opened.OneTimePasswordId.Value);
        mail.Text.ShouldContain("Your username is canaryname.");
        mail.Text.ShouldContain($"Your one-time password:\n{password}");
        mail.Html.ShouldContain(password);
        mail.Text.ShouldNotContain(links.ForInvitation(opened.InvitationId, 1));
        foreach (var canary in new[] { "canaryname", password })
        {
            (await service.Database.RowsWith(canary)).ShouldBeEmpty();
            service.Logged.ShouldNotContain(line => line.Contains(canary, StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("Feature", "NOT-04")]
    public async Task neither_person_nor_link_stands_anywhere_in_clear()
    {
        var opened = Some.Opened($"canary.{_email}", "Canaryfirst", "Canaryinviter");
        await service.Publish(opened);
        await service.Becomes(opened.InvitationId, DeliveryStatus.Sent);
        var token = service.Services.GetRequiredService<LinkTokens>().ForInvitation(opened.InvitationId, 1);

        foreach (var canary in new[] { opened.Email, "Canaryfirst", "Canaryinviter", token })
        {
            (await service.Database.RowsWith(canary)).ShouldBeEmpty();
            service.Logged.ShouldNotContain(line => line.Contains(canary, StringComparison.OrdinalIgnoreCase));
        }

        // Seen where it belongs: the looking itself works.
        service.MailsTo(opened.Email).Single().Text.ShouldContain(token);
        (await service.Database.RowsWith("Acme")).ShouldNotBeEmpty();
    }

    private Task<Mailing?> Mailing(Guid invitation) =>
        service.Store.OpenSession().AggregateStream<Mailing, MailingEvent>(Notifications.Mailing.Stream(Some.Organization, invitation));

    /// <summary>Queues a message past the consumer; not due, so that the service's own worker leaves it alone.</summary>
    private async Task<(StreamId Stream, Guid Invitation)> Queued(string email, bool due, Guid? invitation = null)
    {
        var id = invitation ?? Some.NewId();
        var delivery = Delivery.IdFor(id, 1, "invitation", "email");
        var now = service.Clock.GetUtcNow();
        await service.Store.Transact(new EventMetadata(), async session =>
        {
            await QueueInvitation.Handle(
                new(delivery, Some.Organization, Some.Message(email: email) with { InvitationId = id, At = now }), session, CancellationToken.None);
            if (!due)
                session.Sql.Execute("update due_deliveries set due_at = 'infinity' where id = $1", delivery);
            return true;
        });
        return (Delivery.Stream(Some.Organization, delivery), id);
    }

    private sealed class SlowTransport : IMailTransport
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource GoOn { get; } = new();

        public async Task<Handover> Send(MailMessage mail, bool urgent, CancellationToken ct)
        {
            Begun.TrySetResult();
            await GoOn.Task;
            return new Handover.Accepted();
        }
    }
}
