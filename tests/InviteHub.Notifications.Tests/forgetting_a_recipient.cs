using InviteHub.Contracts;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "GDP-05")]
[Collection(NotificationsService.Collection)]
public sealed class forgetting_a_recipient(NotificationsService service) : IAsyncLifetime
{
    private readonly string _email = $"canary-{Some.NewId():N}@example.com";

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task tells_them_once_more_and_says_that_it_did()
    {
        var person = await Known();
        var notice = Some.Due(NoticeKind.Anonymized, person.UserId, service.Clock.GetUtcNow().AddMinutes(1));

        var settled = await Heard<LastNoticeSettled>(m => m.RecipientId == person.UserId, () => service.Publish(notice));

        (settled.NoticeId, settled.Status).ShouldBe((notice.NoticeId, "sent"));
        service.MailsTo(_email).Count().ShouldBe(1);
    }

    [Fact]
    public async Task does_not_wait_longer_than_the_message_is_of_use()
    {
        var person = await Known();
        service.Smtp.Otherwise = Does.Later;
        var notice = Some.Due(NoticeKind.Anonymized, person.UserId, service.Clock.GetUtcNow().AddSeconds(3));

        var settled = await Heard<LastNoticeSettled>(m => m.RecipientId == person.UserId, async () =>
        {
            await service.Publish(notice);
            await Eventually.Is(async () => (await service.Notice(notice.NoticeId))?.Attempts == 1, "the first attempt is made");
            service.Clock.Advance(TimeSpan.FromSeconds(2));
        });

        settled.Status.ShouldBe("failed");
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task keeps_nothing_of_them_and_sends_nothing_more()
    {
        var person = await Known();
        var invitation = Some.Opened(_email) with { InviteeId = person.UserId };
        service.Smtp.Otherwise = Does.Later;
        await service.Publish(invitation);
        await Eventually.Is(async () => (await service.Delivery(invitation.InvitationId))?.Attempts == 1, "the first attempt is made");

        for (var again = 0; again < 2; again++)
        {
            var erased = await Heard<PersonErased>(
                m => m.UserId == person.UserId,
                () => service.Publish(new ErasureDue(person.UserId, ["notifications"], _email, [], Some.NewId(), service.Clock.GetUtcNow())));
            erased.What.Zip(erased.Items).ShouldBe([("keys", 1L), ("people", 1L)]);
        }

        service.Smtp.Otherwise = Does.Accepts;
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await service.Becomes(invitation.InvitationId, DeliveryStatus.Failed);
        await service.Publish(person);
        var late = Some.Due(NoticeKind.PasswordChanged, person.UserId);
        await service.Publish(late);
        await service.NoticeBecomes(late.NoticeId, DeliveryStatus.Failed);
        await Eventually.Is(async () => await service.Database.Ask<long>("select count(*) from inbox where consumer = 'PersonChangedConsumer'") > 1, "the late message is handled");
        (await service.Database.RowsWith(_email)).ShouldBeEmpty();
        service.MailsTo(_email).ShouldBeEmpty();
        service.Logged.ShouldNotContain(line => line.Contains(_email, StringComparison.Ordinal));
    }

    private async Task<PersonChanged> Known()
    {
        var person = Some.Person(_email);
        await service.Publish(person);
        await Eventually.Is(async () => await service.Database.Ask<long>("select count(*) from people where user_id = $1", person.UserId) == 1, "the person is known");
        return person;
    }

    private async Task<T> Heard<T>(Func<T, bool> which, Func<Task> afterwards) where T : class
    {
        var heard = new TaskCompletionSource<T>();
        var listening = service.Services.GetRequiredService<IReceiveEndpointConnector>().ConnectReceiveEndpoint(
            new TemporaryEndpointDefinition(), null, (_, endpoint) => endpoint.Handler<T>(m =>
            {
                if (which(m.Message))
                    heard.TrySetResult(m.Message);
                return Task.CompletedTask;
            }));
        await listening.Ready;
        await afterwards();
        var message = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await listening.StopAsync();
        return message;
    }
}
