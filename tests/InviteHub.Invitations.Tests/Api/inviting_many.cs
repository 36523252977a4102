using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-19")]
[Trait("Feature", "INV-20")]
public sealed class inviting_many(InvitationsService service) : IAsyncLifetime
{
    private readonly BatchNeighbour _batches = new(service);

    private HttpClient Admin => service.Client(InvitationsService.Admin);

    public Task InitializeAsync() => _batches.Listen();

    public Task DisposeAsync() => _batches.Leave();

    [Fact]
    [Trait("Feature", "INV-24")]
    [Trait("Feature", "INV-25")]
    public async Task shows_row_by_row_what_would_happen_and_does_exactly_that_when_it_is_committed()
    {
        var organization = _batches.Organization(free: 2);
        var (åsa, bo, late) = (BatchNeighbour.Email(), BatchNeighbour.Email(), BatchNeighbour.Email());
        var id = await _batches.Upload(
            organization,
            $"email;username;firstName;lastName;language;role\r\n{åsa};;Åsa;Öberg;sv;\r\n{bo};;B;Berg;;\r\n{bo};;Bo;Berg;;\r\n{late};;Kim;Ek;;\r\nx@king.example;;Kim;Ek;;king\r\n",
            dryRun: true, encoding: Encoding.Latin1);

        var shown = await _batches.Is(id, "ready");
        (Number(shown, "total"), Number(shown, "planned"), Number(shown, "done"), Number(shown, "failed"), shown["dryRun"]!.GetValue<bool>()).ShouldBe((5, 2, 0, 3, true));
        var seats = shown["seats"]!.AsArray().ShouldHaveSingleItem()!;
        (Number(seats, "free"), Number(seats, "taken"), Number(seats, "refused")).ShouldBe((2, 2, 1));
        var rows = (await Admin.GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches/{id}/rows"))!["items"]!.AsArray();
        rows.Select(row => (Number(row!, "line"), row!["state"]!.GetValue<string>(), row["code"]?.GetValue<string>())).ShouldBe(
        [
            (2, "planned", null), (3, "failed", "validation-failed"), (4, "planned", null), (5, "failed", "seat-limit-reached"), (6, "failed", "unknown-role"),
        ]);
        rows[3]!["reason"]!.GetValue<string>().ShouldContain("Raise the limit by 1");
        (Fact(rows[3]!, "free"), Fact(rows[3]!, "missing"), Fact(rows[4]!, "roles")).ShouldBe(("2", "1", "editor"));
        (await Invitations(organization)).ShouldBe(0);
        _batches.Heard<InvitationsRequested>().ShouldBeEmpty();

        for (var i = 0; i < 2; i++)
            (await Admin.PostAsync($"/api/v1/invitations/batches/{id}/commit", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var finished = await _batches.Is(id, "finished");
        (Number(finished, "done"), Number(finished, "failed")).ShouldBe((2, 3));
        (await Invitations(organization)).ShouldBe(2);
        var report = (await Admin.GetStringAsync($"/api/v1/invitations/batches/{id}/report.csv")).TrimStart('\uFEFF').Split("\r\n");
        report[0].ShouldBe("line,status,plan,account,invitationId,code,columns,reason,facts");
        var invitation = await service.Database.Ask<Guid>("select id from invitation_list where email = $1", åsa);
        report[1].ShouldBe($"2,done,invite,new,{invitation},,,,");
        report[2].ShouldStartWith("3,failed,,new,,validation-failed,firstName,");
        report[4].ShouldEndWith(",free=2; missing=1");

        await Eventually.Is(() => Opened().Any(), "the mails are asked for");
        var mails = Opened().DistinctBy(m => m.MessageId).ShouldHaveSingleItem().Message.Invitations;
        mails.Count.ShouldBe(2);
        _batches.Heard<InvitationOpened>().ShouldNotContain(m => m.Message.OrganizationId == organization, "they are asked for together");
        (await service.Database.Ask<string>("select delivery_status from invitation_list where email = $1", åsa)).ShouldBe("queued");
        var mail = mails.Single(one => one.Email == åsa);
        (mail.IsBulk, mail.Language, mail.FirstName, mail.AppName).ShouldBe((true, "sv", "Åsa", "Planner"));
        await Eventually.Is(() => _batches.Heard<NoticeDue>().Any(m => m.Message.Facts.GetValueOrDefault("batchId") == id.ToString()), "who started it is told");
        var notice = _batches.Heard<NoticeDue>().First(m => m.Message.Facts.GetValueOrDefault("batchId") == id.ToString()).Message;
        (notice.Kind, notice.RecipientId, notice.Facts["total"], notice.Facts["done"], notice.Facts["failed"])
            .ShouldBe(("bulkFinished", InvitationsService.Admin.Id, "5", "2", "3"));
        (await service.Database.Ask<long>("select count(*) from invitation_batch_rows where batch_id = $1 and state = 'done' and sealed is not null", id)).ShouldBe(0);

        IEnumerable<(Guid MessageId, InvitationsOpened Message)> Opened() =>
            _batches.Heard<InvitationsOpened>().Where(m => m.Message.OrganizationId == organization);
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    [Trait("Feature", "INV-24")]
    public async Task shows_who_holds_the_role_already_and_counts_no_seat_for_them()
    {
        var organization = _batches.Organization(free: 2);
        var (editor, reader, first, second) = (BatchNeighbour.Email(), BatchNeighbour.Email(), BatchNeighbour.Email(), BatchNeighbour.Email());
        _batches.Holds((await service.Person(editor)).Id, "editor");
        _batches.Holds((await service.Person(reader)).Id, "reader");

        var id = await _batches.Upload(
            organization, $"email,firstName,lastName\n{editor},Ada,Ek\n{first},Bo,Ek\n{reader},Cid,Ek\n{second},Didi,Ek", dryRun: true);

        var shown = await _batches.Is(id, "ready");
        (Number(shown, "planned"), Number(shown, "failed")).ShouldBe((2, 2));
        (await Codes(id)).ShouldBe(["role-already-held", null, null, "seat-limit-reached"]);
        var row = (await Admin.GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches/{id}/rows"))!["items"]![0]!;
        (row["plan"], row["columns"]!.GetValue<string>(), row["isExisting"]!.GetValue<bool>()).ShouldBe((null, "role", true));
        row["reason"]!.GetValue<string>().ShouldContain("editor");
        Fact(row, "subscriptionId").ShouldBe(BatchNeighbour.Subscription.ToString());
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    [Trait("Feature", "INV-24")]
    public async Task asks_about_many_people_some_at_a_time_and_plans_when_all_are_known()
    {
        const int All = 5001;
        var organization = _batches.Organization(free: 3);
        var (prefix, ids) = ($"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}-", Enumerable.Range(0, All).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToArray());
        await service.Database.Ask<long>(
            """
            with kept as (
                insert into people (user_id, email, email_key, first_name, last_name, language, system_role, told_by)
                select id, $2 || n || '@batch.example', $2 || n || '@batch.example', 'Ada', 'Ek', 'en', 'guest', id
                from unnest($1) with ordinality as new (id, n) returning 1)
            select count(*) from kept
            """, ids, prefix);
        foreach (var person in ids[1..])
            _batches.Holds(person, "editor");

        var id = await _batches.Upload(
            organization, $"email,firstName,lastName\n{string.Join('\n', Enumerable.Range(1, All).Select(n => $"{prefix}{n}@batch.example,Ada,Ek"))}", dryRun: true);

        var shown = await _batches.Is(id, "ready");
        (Number(shown, "planned"), Number(shown, "failed")).ShouldBe((1, All - 1));
        var asked = _batches.Heard<InvitationBatchUploaded>().Where(m => m.Message.BatchId == id).Select(m => (m.Message.People.Count, m.Message.Through)).ToArray();
        asked.ShouldBe([(5000, 5001), (1, null)]);
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task leaves_a_row_undone_when_the_world_has_changed_since_it_was_shown()
    {
        var organization = _batches.Organization(free: 3);
        var (invited, registered, fits, tooLate) = (BatchNeighbour.Email(), BatchNeighbour.Email(), BatchNeighbour.Email(), BatchNeighbour.Email());
        var id = await _batches.Upload(
            organization, $"email,firstName,lastName\n{invited},Ada,Ek\n{registered},Bo,Ek\n{fits},Cid,Ek", dryRun: true);
        (await _batches.Is(id, "ready"))["planned"]!.GetValue<int>().ShouldBe(3);

        var open = (await service.Invited(InvitationsService.Access(organization, invited, BatchNeighbour.Subscription)))["id"]!.GetValue<string>();
        await service.Services.GetRequiredService<IBus>().Publish(
            new Contracts.Identity.PersonChanged(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), registered, "Bo", "Ek", null, "en", "guest"),
            m => m.MessageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await Eventually.Is(async () => await service.Database.Ask<long>("select count(*) from people where email = $1", registered) == 1, "the account is known");
        await Admin.PostAsync($"/api/v1/invitations/batches/{id}/commit", null);
        var finished = await _batches.Is(id, "finished");
        (Number(finished, "done"), Number(finished, "failed")).ShouldBe((1, 2));
        (await Codes(id)).ShouldBe(["invitation-open", "not-as-shown", null]);
        var rows = await Rows(id);
        (Fact(rows[0]!, "invitationId"), Fact(rows[1]!, "changed")).ShouldBe((open, "account"));

        var other = await _batches.Upload(organization, $"email,firstName,lastName\n{tooLate},Ada,Ek", dryRun: true);
        await _batches.Is(other, "ready");
        _batches.Left(organization, free: 0, waits: true);
        await Admin.PostAsync($"/api/v1/invitations/batches/{other}/commit", null);
        Number(await _batches.Is(other, "finished"), "failed").ShouldBe(1);
        Fact((await Rows(other))[0]!, "limit").ShouldBe("2");
        // Known before the upload, it says the same.
        var again = await _batches.Upload(organization, $"email,firstName,lastName\n{invited},Ada,Ek", dryRun: true);
        await _batches.Is(again, "ready");
        Fact((await Rows(again))[0]!, "invitationId").ShouldBe(open);
    }

    [Fact]
    public async Task takes_rows_as_json_and_goes_on_without_being_looked_at()
    {
        var organization = _batches.Organization();
        var id = await _batches.Upload(
            organization,
            $$"""[{"email":"{{BatchNeighbour.Email()}}","firstName":"Ada","lastName":"Ek"},{"email":"{{BatchNeighbour.Email()}}","firstName":"Bo","lastName":"Ek","shoe":40}]""");
        var finished = await _batches.Is(id, "finished");
        (Number(finished, "done"), Number(finished, "failed")).ShouldBe((1, 1));
        var listed = (await Admin.GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches?organizationId={organization}"))!;
        (listed["total"]!.GetValue<int>(), listed["items"]![0]!["id"]!.GetValue<Guid>()).ShouldBe((1, id));
    }

    [Fact]
    [Trait("Feature", "INV-03")]
    public async Task holds_each_row_to_the_rules_of_its_way()
    {
        var organization = _batches.Organization();
        var id = await _batches.Upload(
            organization,
            $"email,firstName,lastName,personalNumber,phone\n{BatchNeighbour.Email()},Ada,Ek,198112189876,'+46701234567\n{BatchNeighbour.Email()},Bo,Ek,198112189877,",
            way: "customer");
        (Number(await _batches.Is(id, "finished"), "done"), (await Codes(id))[1]).ShouldBe((1, "validation-failed"));
        (await service.Database.Ask<string>("select phone from invitation_list where organization_id = $1", organization)).ShouldBe("+46701234567");
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task lets_rows_wait_where_a_waitlist_is_kept_in_the_order_of_the_file()
    {
        var organization = _batches.Organization(free: 2, waits: true);
        var id = await _batches.Upload(organization, BatchNeighbour.File(5));
        (Number(await _batches.Is(id, "finished"), "done")).ShouldBe(5);
        (await service.Database.Ask<string>(
            "select string_agg(l.status, ' ' order by r.line) from invitation_batch_rows r join invitation_list l on l.id = r.invitation_id where r.batch_id = $1", id))
            .ShouldBe("pending pending waiting waiting waiting");
    }

    [Fact]
    public async Task hands_out_what_failed_ready_to_be_corrected_and_uploaded_again()
    {
        var (organization, phone) = (_batches.Organization(), "+46701234567");
        var id = await _batches.Upload(
            organization, $"email,firstName,lastName,lmaNumber,phone\n{BatchNeighbour.Email()},A,Ek,50-1,{phone}\n{BatchNeighbour.Email()},Bo,Ek,50-2,", way: "customer");
        await _batches.Is(id, "finished");
        var file = await Admin.GetStringAsync($"/api/v1/invitations/batches/{id}/failed.csv");
        var lines = file.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("email,username,firstName,lastName,");
        lines[0].ShouldEndWith(",reason");
        lines[1].ShouldContain("2 to 70");

        var again = await _batches.Upload(organization, file.Replace(",A,Ek,", ",Ada,Ek,", StringComparison.Ordinal), way: "customer");
        (Number(await _batches.Is(again, "finished"), "done")).ShouldBe(1);
        (await service.Database.Ask<long>("select count(*) from invitation_list where organization_id = $1 and phone = $2", organization, phone)).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-03")]
    public async Task hands_out_personal_numbers_to_nobody_but_who_uploaded_them()
    {
        var (organization, uploader, other) = (_batches.Organization(), Somebody(), Somebody());
        await Knows(organization, (uploader, "can_bulk_invite"), (other, "can_bulk_invite"));
        var id = await _batches.Upload(
            organization, $"email,firstName,lastName,personalNumber\n{BatchNeighbour.Email()},A,Ek,19811218-9876\n{BatchNeighbour.Email()},Bo,Ek,8112189876", way: "customer",
            client: service.Client(uploader));
        await _batches.Is(id, "finished");

        var given = await service.Client(uploader).GetStringAsync($"/api/v1/invitations/batches/{id}/failed.csv");
        (given.Contains("19811218-9876"), given.Contains("8112189876")).ShouldBe((true, true));
        var masked = await service.Client(other).GetStringAsync($"/api/v1/invitations/batches/{id}/failed.csv");
        masked.ShouldContain(",19811218-****,");
        masked.ShouldContain(",**********,");
        masked.ShouldNotContain("9876");
    }

    [Fact]
    public async Task takes_the_permission_that_a_founder_has_and_grants()
    {
        var organization = _batches.Organization();
        var (founder, granted, member) = (Somebody(), Somebody(), Somebody());
        await Knows(organization, (founder, "founder"), (granted, "can_bulk_invite"), (member, "user_registration"));
        (await Try(founder)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = await Try(granted);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        (await Try(member)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Try(Somebody())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Client(founder).GetAsync($"/api/v1/invitations/batches/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Client(member).GetAsync($"/api/v1/invitations/batches/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        Task<HttpResponseMessage> Try(CurrentUser user) => _batches.Post(organization, BatchNeighbour.File(1), client: service.Client(user));
    }

    [Theory]
    [InlineData("email,firstName,lastName\na@b.se,Kim,Berg\nb@b.se,\"Bo,Berg")]
    [InlineData("email,firstName\na@b.se,Kim")]
    [InlineData("email,firstName,lastName\n")]
    [InlineData("[{\"email\":")]
    [InlineData("[]")]
    public async Task refuses_a_file_that_can_t_be_read_and_keeps_nothing_of_it(string file)
    {
        var before = await service.Database.Ask<long>("select count(*) from invitation_batch_rows");
        using var answer = await _batches.Post(_batches.Organization(), file);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>().ShouldBe("file-unreadable");
        (await service.Database.Ask<long>("select count(*) from invitation_batch_rows")).ShouldBe(before);
    }

    [Theory]
    [InlineData("access")]
    [InlineData("customer")]
    public async Task hands_out_a_template_that_it_reads_itself(string way)
    {
        var template = (await Admin.GetStringAsync($"/api/v1/invitations/batches/template.csv?way={way}")).TrimStart('\uFEFF').TrimEnd();
        template.ShouldStartWith("email,username,firstName,lastName,");
        var row = string.Join(',', template.Split(',').Select(column => column switch
        {
            "email" => BatchNeighbour.Email(), "firstName" or "lastName" => "Ada", "lmaNumber" => "50-1", _ => "",
        }));
        var id = await _batches.Upload(_batches.Organization(), $"{template}\n{row}", dryRun: true, way: way);
        Number(await _batches.Is(id, "ready"), "planned").ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task starts_one_batch_under_one_key()
    {
        var (client, organization, file) = (Admin, _batches.Organization(), BatchNeighbour.File(3));
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString());
        var ids = await Task.WhenAll(_batches.Upload(organization, file, client: client), _batches.Upload(organization, file, client: client));
        ids[0].ShouldBe(ids[1]);
        Number(await _batches.Is(ids[0], "finished"), "done").ShouldBe(3);
        (await Invitations(organization)).ShouldBe(3);
        using var reused = await _batches.Post(organization, BatchNeighbour.File(1), client: client);
        reused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    [Trait("Feature", "INV-02")]
    public async Task the_same_file_twice_at_once_invites_each_person_once()
    {
        var (organization, file) = (_batches.Organization(), BatchNeighbour.File(300));
        var ids = await Task.WhenAll(_batches.Upload(organization, file), _batches.Upload(organization, file));
        var done = 0;
        foreach (var id in ids)
            done += Number(await _batches.Is(id, "finished"), "done");
        (done, await Invitations(organization)).ShouldBe((300, 300));
    }

    [Fact]
    public async Task rows_that_two_workers_hold_are_begun_by_one()
    {
        var (organization, batches) = (_batches.Organization(), service.Services.GetRequiredService<InvitationBatches>());
        var id = await _batches.Upload(organization, BatchNeighbour.File(1500));
        IReadOnlyList<TakenBatchRow> held = [];
        await Eventually.Is(
            async () =>
            {
                held = await batches.Take(20, CancellationToken.None);
                return held.Count > 0;
            },
            "there are rows to take");
        var worker = service.Services.GetServices<IHostedService>().OfType<BatchWorker>().Single();
        await Task.WhenAll(worker.Begin(held, CancellationToken.None), worker.Begin(held, CancellationToken.None), worker.Begin([held[0]], CancellationToken.None));
        Number(await _batches.Is(id, "finished", TimeSpan.FromMinutes(3)), "done").ShouldBe(1500);
        (await Invitations(organization)).ShouldBe(1500);
    }

    [Fact]
    public async Task is_cancelled_and_leaves_out_the_rows_that_nobody_began()
    {
        var organization = _batches.Organization();
        var shown = await _batches.Upload(organization, BatchNeighbour.File(3), dryRun: true);
        await _batches.Is(shown, "ready");
        for (var i = 0; i < 2; i++)
            (await Admin.DeleteAsync($"/api/v1/invitations/batches/{shown}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(async () => Number(await _batches.Batch(shown), "cancelled") == 3, "no row is left");
        (await Admin.PostAsync($"/api/v1/invitations/batches/{shown}/commit", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Invitations(organization)).ShouldBe(0);
        (await service.Database.Ask<long>("select count(*) from invitation_batch_rows where batch_id = $1 and sealed is not null", shown)).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task is_held_until_a_second_person_approves_it_where_the_organization_asks_for_one()
    {
        var organization = _batches.Organization();
        await service.Ask(InvitationsService.Settings(organization) with { RequiresApproval = true });
        var (inviter, second, clerk) = (Somebody(), Somebody(), Somebody());
        await Knows(organization, (inviter, "founder"), (second, "founder"), (clerk, "can_bulk_invite"));
        var (shown, direct, unwanted) = (await Upload(dryRun: true), await Upload(dryRun: false), await Upload(dryRun: false));

        await _batches.Is(shown, "ready");
        (await Say(inviter, shown, "commit")).ShouldBe(HttpStatusCode.Accepted);
        foreach (var id in new[] { shown, direct, unwanted })
        {
            await Eventually.Is(async () => (await _batches.Is(id, "ready"))["approval"]?.GetValue<string>() == "awaited", "it waits for an approval");
            (await Say(inviter, id, "approve")).ShouldBe(HttpStatusCode.Forbidden);
            (await Say(clerk, id, "approve")).ShouldBe(HttpStatusCode.Forbidden);
            (await Awaited()).ShouldContain(id);
        }

        (await Invitations(organization)).ShouldBe(0);
        // Two at once: one word.
        (await Task.WhenAll(Say(second, shown, "approve"), Say(second, shown, "approve"), Say(second, direct, "approve"))).ShouldAllBe(s => s == HttpStatusCode.Accepted);
        (await Say(second, unwanted, "reject")).ShouldBe(HttpStatusCode.Accepted);

        foreach (var id in new[] { shown, direct })
        {
            var finished = await _batches.Is(id, "finished");
            (Number(finished, "done"), finished["approval"]!.GetValue<string>(), finished["approvalDecidedBy"]!.GetValue<Guid>()).ShouldBe((2, "approved", second.Id));
        }

        var rejected = await _batches.Is(unwanted, "cancelled");
        rejected["approval"]!.GetValue<string>().ShouldBe("rejected");
        (await Invitations(organization)).ShouldBe(4);
        (await Awaited()).ShouldBeEmpty();
        // Nobody's word is awaited on what was taken back.
        var dropped = await Upload(dryRun: false);
        await Eventually.Is(async () => (await Awaited()).Contains(dropped), "it waits for an approval");
        (await service.Client(inviter).DeleteAsync($"/api/v1/invitations/batches/{dropped}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Awaited()).ShouldBeEmpty();

        async Task<IReadOnlyList<Guid>> Awaited() =>
            [.. (await Admin.GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches?organizationId={organization}&approval=awaited"))!["items"]!.AsArray()
                .Select(one => one!["id"]!.GetValue<Guid>())];

        Task<Guid> Upload(bool dryRun) => _batches.Upload(organization, BatchNeighbour.File(2), dryRun, service.Client(inviter));

        async Task<HttpStatusCode> Say(CurrentUser who, Guid id, string word)
        {
            using var answer = await service.Client(who).PostAsync($"/api/v1/invitations/batches/{id}/{word}", null);
            return answer.StatusCode;
        }
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    [Trait("Feature", "INV-24")]
    [Trait("Feature", "INV-25")]
    public async Task shows_which_rows_the_organization_s_domains_and_limit_of_an_hour_refuse_before_it_is_committed()
    {
        var organization = _batches.Organization();
        await service.Ask(InvitationsService.Settings(organization) with { AllowedDomains = ["batch.example"], HourlyInvitationLimit = 3 });
        await service.Invited(InvitationsService.Access(organization, BatchNeighbour.Email()));

        var id = await _batches.Upload(
            organization, $"{BatchNeighbour.File(2)}\nstranger{BatchNeighbour.Email()[..32]}@elsewhere.example,,Bo,Ek\n{BatchNeighbour.Email()},,Cid,Ek", dryRun: true);

        Number(await _batches.Is(id, "ready"), "planned").ShouldBe(2);
        (await Codes(id)).ShouldBe([null, null, "domain-not-allowed", "hourly-limit-reached"]);
        await Admin.PostAsync($"/api/v1/invitations/batches/{id}/commit", null);
        Number(await _batches.Is(id, "finished"), "done").ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task is_cancelled_when_nobody_commits_it_within_the_day_that_it_names()
    {
        var id = await _batches.Upload(_batches.Organization(), BatchNeighbour.File(2), dryRun: true);
        var until = (await _batches.Is(id, "ready"))["readyUntil"]!.GetValue<DateTimeOffset>();
        (until - service.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromHours(23), TimeSpan.FromHours(24));

        await service.Database.Ask<object>("update invitation_batches set ready_until = $2 where id = $1 returning id", id, service.Clock.GetUtcNow());

        var lapsed = await _batches.Is(id, "cancelled");
        lapsed["readyUntil"].ShouldBeNull();
        await Eventually.Is(async () => Number(await _batches.Batch(id), "cancelled") == 2, "its rows are left out");
        (await Admin.PostAsync($"/api/v1/invitations/batches/{id}/commit", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    [Trait("Feature", "INV-18")]
    public async Task proposes_the_usernames_of_the_file()
    {
        var (good, bad) = (BatchNeighbour.Email(), BatchNeighbour.Email());
        var id = await _batches.Upload(_batches.Organization(), $"email,username,firstName,lastName\n{good},ada.ek,Ada,Ek\n{bad},a b,Bo,Ek");
        await _batches.Is(id, "finished");
        (await Codes(id)).ShouldBe([null, "validation-failed"]);
        var link = new JsonObject { ["id"] = await service.Database.Ask<Guid>("select id from invitation_list where email = $1", good) };
        (await service.Client().GetFromJsonAsync<JsonNode>($"/api/v1/registrations/{service.Token(link)}"))!["username"]!.GetValue<string>().ShouldBe("ada.ek");
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task is_undone_as_far_as_it_was_not_accepted()
    {
        var organization = _batches.Organization();
        var (accepts, file) = (BatchNeighbour.Email(), BatchNeighbour.File(4));
        var id = await _batches.Upload(organization, $"{file}\n{accepts},,Ada,Ek");
        await _batches.Is(id, "finished");
        var accepted = new JsonObject { ["id"] = await service.Database.Ask<Guid>("select id from invitation_list where email = $1", accepts) };
        (await service.Client().PostAsJsonAsync(
            $"/api/v1/registrations/{service.Token(accepted)}", new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true }))
            .StatusCode.ShouldBe(HttpStatusCode.Created);

        for (var i = 0; i < 2; i++)
            (await Admin.PostAsync($"/api/v1/invitations/batches/{id}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var undone = await _batches.Is(id, "undone");
        (Number(undone, "undone"), Number(undone, "done")).ShouldBe((4, 1));
        (await Codes(id))[4].ShouldBe("accepted");
        (await service.Database.Ask<long>("select count(*) from invitation_list where organization_id = $1 and status = 'revoked'", organization)).ShouldBe(4);
        // Seats come back and unsent mail is stopped by this word, once for each.
        await Eventually.Is(() => _batches.Heard<InvitationWithdrawn>().Count(m => m.Message.OrganizationId == organization) == 4, "the withdrawals are told");
        var link = new JsonObject { ["id"] = await service.Database.Ask<Guid>("select invitation_id from invitation_batch_rows where batch_id = $1 and line = 2", id) };
        (await service.Client().GetAsync($"/api/v1/registrations/{service.Token(link)}")).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task keeps_nothing_in_clear_of_rows_that_wait()
    {
        var canary = BatchNeighbour.Email();
        var id = await _batches.Upload(_batches.Organization(), $"email,firstName,lastName\n{canary},Kim,Berg\n{canary},K,Berg", dryRun: true);
        await _batches.Is(id, "ready");
        (await service.Database.RowsWith(canary)).ShouldBeEmpty();
    }

    private static int Number(JsonNode of, string field) => of[field]!.GetValue<int>();

    private static CurrentUser Somebody() =>
        new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "guest");

    private async Task Knows(Guid organization, params (CurrentUser User, string Permission)[] people)
    {
        foreach (var (user, permission) in people)
        {
            await service.Services.GetRequiredService<IBus>().Publish(
                new OrganizationAccessChanged(organization, user.Id, [permission]), m => m.MessageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        }

        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from organization_access where organization_id = $1", organization) == people.Length,
            "who may do what is known");
    }

    private Task<long> Invitations(Guid organization) => service.Database.Ask<long>(
        "select count(*) from mt_events where type = 'invitation.requested.v1' and tenant_id = $1 and data->>'batchId' is not null", organization.ToString());

    private async Task<JsonArray> Rows(Guid batch) =>
        (await Admin.GetFromJsonAsync<JsonNode>($"/api/v1/invitations/batches/{batch}/rows"))!["items"]!.AsArray();

    private async Task<string?[]> Codes(Guid batch) => [.. (await Rows(batch)).Select(row => row!["code"]?.GetValue<string>())];

    private static string? Fact(JsonNode row, string name) => row["facts"]?[name]?.GetValue<string>();
}
