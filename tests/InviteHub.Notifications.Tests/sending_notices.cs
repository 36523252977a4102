using InviteHub.Contracts;
using InviteHub.Contracts.Identity;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-02")]
[Collection(NotificationsService.Collection)]
public sealed class sending_notices(NotificationsService service) : IAsyncLifetime
{
    private readonly string _email = $"{Some.NewId():N}@example.com";
    private LinkTokens Links => service.Services.GetRequiredService<LinkTokens>();

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Feature", "USR-08")]
    public async Task a_password_reset_brings_its_link_in_the_person_s_language()
    {
        var person = await Known(language: "sv");
        var notice = Some.Due(NoticeKind.PasswordReset, person.UserId, service.Clock.GetUtcNow().AddHours(1));

        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);

        var mail = service.MailsTo(_email).Single();
        mail.Subject.ShouldBe("Välj ett nytt lösenord");
        mail.Text.ShouldContain("Hej Ada,");
        mail.Text.ShouldContain("https://hub.example/password-reset/" + Links.ForNotice(notice.NoticeId));
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    [Trait("Feature", "NOT-04")]
    public async Task a_code_is_in_the_mail_and_nowhere_else()
    {
        var person = await Known();
        // A code of six digits may stand in some other number: one that does not is looked for.
        var notice = Some.Due(NoticeKind.TwoFactorCode, person.UserId, service.Clock.GetUtcNow().AddMinutes(10));
        while ((await service.Database.RowsWith(Links.CodeForNotice(notice.NoticeId))).Count > 0)
            notice = notice with { NoticeId = Some.NewId() };
        var code = Links.CodeForNotice(notice.NoticeId);

        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);

        var mail = service.MailsTo(_email).Single();
        mail.Text.ShouldContain($"\n{code}\n");
        mail.Html.ShouldContain($">{code}</strong>");
        mail.Subject.ShouldNotContain(code);
        mail.Text.ShouldNotContain(Links.ForNotice(notice.NoticeId));
        (await service.Database.RowsWith(code)).ShouldBeEmpty();
        service.Logged.ShouldNotContain(line => line.Contains($"\n{code}", StringComparison.Ordinal) || line.Contains(_email, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "ROL-04")]
    public async Task a_new_role_is_told_by_its_name()
    {
        var person = await Known();
        var notice = Some.Due(NoticeKind.RoleChanged, person.UserId, expires: null, ("from", "guest"), ("to", "economyAdmin"));

        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);

        service.MailsTo(_email).Single().Text.ShouldContain("is now Economy admin; before it was Guest.");
    }

    [Fact]
    [Trait("Feature", "NOT-03")]
    public async Task whatever_is_redelivered_there_is_one_mail_for_a_notice()
    {
        var person = await Known();
        var notice = Some.Due(NoticeKind.PasswordChanged, person.UserId);
        var id = Some.NewId();

        await Task.WhenAll(service.Publish(notice, id), service.Publish(notice, id), service.Publish(notice), service.Publish(notice));
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);
        await service.Publish(notice);
        await Another();

        service.MailsTo(_email).Count().ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "NOT-03")]
    public async Task a_notice_for_a_person_not_known_yet_waits_for_the_person()
    {
        var person = Some.Person(_email);
        var notice = Some.Due(NoticeKind.AccountCreated, person.UserId);

        await service.Publish(notice);
        await Eventually.Is(async () => await service.Notice(notice.NoticeId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");
        await Told(person);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);

        service.MailsTo(_email).Count().ShouldBe(1);
    }

    [Fact]
    public async Task it_goes_to_the_latest_address_whichever_is_told_last()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (earlier, later) = (Guid.CreateVersion7(now.AddSeconds(-1)), Guid.CreateVersion7(now));
        var person = Some.Person("old." + _email);
        await Told(person with { Email = _email, FirstName = "Augusta" }, later);
        await Told(person, earlier);
        var notice = Some.Due(NoticeKind.PasswordChanged, person.UserId);

        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);

        service.MailsTo(_email).Single().Text.ShouldContain("Hello Augusta,");
        service.MailsTo(person.Email).ShouldBeEmpty();
    }

    [Fact]
    public async Task one_that_has_run_out_is_not_sent()
    {
        var person = await Known();
        var notice = Some.Due(NoticeKind.TwoFactorCode, person.UserId, service.Clock.GetUtcNow());

        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Failed);

        service.MailsTo(_email).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "OPS-04")]
    public async Task a_kind_of_a_newer_version_waits_for_one_that_knows_it()
    {
        var person = await Known();
        var notice = Some.Due("somethingNew", person.UserId);

        await service.Publish(notice);

        await Eventually.Is(async () => await service.Notice(notice.NoticeId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");
        service.MailsTo(_email).ShouldBeEmpty();
    }

    private Task<PersonChanged> Known(string language = "en") => Told(Some.Person(_email, language: language));

    private async Task<PersonChanged> Told(PersonChanged person, Guid? id = null)
    {
        var message = id ?? Some.NewId();
        await service.Publish(person, message);
        await Eventually.Is(async () => await service.Database.Ask<bool>("select true from inbox where message_id = $1", message), "it is handled");
        return person;
    }

    /// <summary>What was published before is handled once this is sent.</summary>
    private async Task Another()
    {
        var other = Some.Person("other." + _email);
        await Told(other);
        var notice = Some.Due(NoticeKind.PasswordChanged, other.UserId);
        await service.Publish(notice);
        await service.NoticeBecomes(notice.NoticeId, DeliveryStatus.Sent);
    }
}
