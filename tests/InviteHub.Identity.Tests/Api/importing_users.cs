using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "INV-17")]
public class importing_users(IdentityService identity)
{
    [Fact]
    public async Task makes_an_account_without_a_password_of_each_row_and_tells_what_became_of_it()
    {
        var (kim, taken) = (Some.Email(), (await identity.Person()).Email);
        var admin = await identity.Admin();
        var id = await Upload(
            admin, $"email;firstName;lastName;systemRole;phone\r\n{kim};Åsa;Öberg;applicant;+46701234567\r\n{taken.ToUpperInvariant()};Bo;Berg;;\r\nx;K;Berg;;\r\n",
            Encoding.Latin1);
        var progress = await Finished(admin, id);
        (Number("total"), Number("done"), Number("failed"), progress["sendInvitation"]!.GetValue<bool>()).ShouldBe((3, 1, 2, true));

        var report = (await admin.GetStringAsync($"/api/v1/users/imports/{id}/report.csv")).TrimStart('\uFEFF').Split("\r\n");
        var user = await identity.Database.Ask<Guid>("select id from users where email = $1", kim);
        report[0].ShouldBe("line,status,userId,code,columns,reason");
        report[1].ShouldBe($"2,done,{user},,,");
        report[2].ShouldStartWith("3,failed,,email-taken,email,");
        report[3].ShouldStartWith("4,failed,,validation-failed,email firstName,");

        var profile = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{user}"))!;
        (profile["firstName"]!.GetValue<string>(), profile["systemRole"]!.GetValue<string>(), profile["emailVerified"]!.GetValue<bool>())
            .ShouldBe(("Åsa", "applicant", false));
        (await identity.SignIn(kim, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.Hears<PersonChanged>(m => m.UserId == user)).Email.ShouldBe(kim);
        (await identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1 and sealed is not null", id)).ShouldBe(0);

        int Number(string field) => progress[field]!.GetValue<int>();
    }

    [Fact]
    public async Task shows_errors_by_line_and_column_before_anything_is_done()
    {
        var (kim, taken) = (Some.Email(), (await identity.Person()).Email);
        using var answer = await Post(await identity.Admin(), $"email,firstName,lastName\n{kim},Kim,Berg\n{taken},Bo,Berg\n{kim},B,Berg", "?preview=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var preview = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        (preview["total"]!.GetValue<int>(), preview["valid"]!.GetValue<int>(), preview["failed"]!.GetValue<int>(), preview["moreErrors"]!.GetValue<bool>())
            .ShouldBe((3, 1, 2, false));
        preview["errors"]!.AsArray().Select(e => (e!["line"]!.GetValue<int>(), e["column"]!.GetValue<string>()))
            .ShouldBe([(3, "email"), (4, "firstName"), (4, "email")]);
        (await identity.Database.RowsWith(kim)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task that_were_shown_are_registered_as_shown_once_however_often_it_is_committed()
    {
        var (admin, file) = (await identity.Admin(), File(40));
        using var looked = await Post(admin, $"{file}\nnobody,K,Berg", "?preview=true");
        var preview = (await looked.Content.ReadFromJsonAsync<JsonNode>())!;
        var id = preview["id"]!.GetValue<Guid>();
        (await Accounts(file)).ShouldBe(0);

        var elsewhere = identity.AnotherInstance().Client();
        elsewhere.DefaultRequestHeaders.Authorization = admin.DefaultRequestHeaders.Authorization;
        var committed = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => (n % 2 == 0 ? admin : elsewhere).PostAsync($"/api/v1/users/imports/{id}/commit?sendInvitation=true", null)));
        foreach (var answer in committed)
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var done = await Finished(admin, id);
        (done["total"]!.GetValue<int>(), done["done"]!.GetValue<int>(), done["failed"]!.GetValue<int>(), done["sendInvitation"]!.GetValue<bool>()).ShouldBe((41, 40, 1, true));
        (await Accounts(file)).ShouldBe(40);
        (await admin.PostAsync($"/api/v1/users/imports/{id}/commit", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = 'userimport.started.v1'", $"userimport-{id}")).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task that_were_shown_a_day_ago_are_forgotten()
    {
        var (admin, file) = (await identity.Admin(), File(3));
        using var looked = await Post(admin, $"{file}\nnobody,K,Berg", "?preview=true");
        var id = (await looked.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();

        identity.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        using var late = await (await identity.Admin()).PostAsync($"/api/v1/users/imports/{id}/commit", null);
        (late.StatusCode, await late.Code()).ShouldBe((HttpStatusCode.NotFound, "import-not-found"));
        await Are(0, () => identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1", id));
        using var hopeless = await Post(await identity.Admin(), "email,firstName,lastName\nnobody,K,Berg\n", "?preview=true");
        (await hopeless.Content.ReadFromJsonAsync<JsonNode>())!["id"].ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?preview=true")]
    public async Task refuses_a_file_that_can_t_be_read_and_keeps_nothing_of_it(string query)
    {
        var before = await identity.Database.Ask<long>("select count(*) from user_import_rows");
        using var answer = await Post(await identity.Admin(), $"email,firstName,lastName\n{Some.Email()},Kim,Berg\n{Some.Email()},\"Bo,Berg", query);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        (problem["code"]!.GetValue<string>(), problem["facts"]!["line"]!.GetValue<int>()).ShouldBe(("file-unreadable", 3));
        (await identity.Database.Ask<long>("select count(*) from user_import_rows")).ShouldBe(before);
    }

    [Fact]
    public async Task hands_out_a_template_that_it_reads_itself()
    {
        var admin = await identity.Admin();
        var template = await admin.GetStringAsync("/api/v1/users/import/template.csv");
        template.TrimStart('\uFEFF').ShouldStartWith("email,username,firstName,lastName,");
        using var preview = await Post(admin, $"{template}{Some.Email()},,Kim,Berg,,,,,,,,", "?preview=true");
        (await preview.Content.ReadFromJsonAsync<JsonNode>())!["valid"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task the_same_file_twice_at_once_makes_each_user_once()
    {
        var (admin, file) = (await identity.Admin(), File(60));
        var ids = await Task.WhenAll(Upload(admin, file), Upload(admin, file));
        var done = 0;
        foreach (var id in ids)
            done += (await Finished(admin, id))["done"]!.GetValue<int>();
        done.ShouldBe(60);
        (await Accounts(file)).ShouldBe(60);
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task starts_one_import_under_one_key()
    {
        var (admin, file) = (await identity.Admin(), File(3));
        admin.DefaultRequestHeaders.Add("Idempotency-Key", Some.Id().ToString());
        var ids = await Task.WhenAll(Upload(admin, file), Upload(admin, file));
        ids[0].ShouldBe(ids[1]);
        (await Finished(admin, ids[0]))["done"]!.GetValue<int>().ShouldBe(3);
        using var reused = await Post(admin, File(1));
        (await reused.Code()).ShouldBe("idempotency-key-reused");
    }

    [Fact]
    public async Task goes_on_where_a_worker_died_and_makes_nobody_twice()
    {
        var (admin, file) = (await identity.Admin(), File(400));
        var other = identity.AnotherInstance();
        var id = await Upload(admin, file);
        // This one dies with rows in its hands; the second instance between two of its own.
        var abandoned = await identity.Services.GetRequiredService<UserImports>().Take(20, CancellationToken.None);
        await other.Services.GetServices<IHostedService>().OfType<ImportWorker>().Single().StopAsync(CancellationToken.None);
        abandoned.ShouldNotBeEmpty();
        await Are(0, () => identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1 and state = 'waiting' and taken_until is null", id));
        (await Status(admin, id)).ShouldBe("running");

        identity.Clock.Advance(UserImports.Lease);
        (await Finished(admin, id))["done"]!.GetValue<int>().ShouldBe(400);
        (await Accounts(file)).ShouldBe(400);
        (await identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1 and sealed is not null", id)).ShouldBe(0);
    }

    [Fact]
    public async Task a_row_that_two_workers_hold_is_registered_by_one()
    {
        var (admin, file) = (await identity.Admin(), File(1000));
        var id = await Upload(admin, file);
        var held = await identity.Services.GetRequiredService<UserImports>().Take(10, CancellationToken.None);
        held.ShouldNotBeEmpty();
        var workers = new[] { identity.Services, identity.AnotherInstance().Services }
            .Select(services => services.GetServices<IHostedService>().OfType<ImportWorker>().Single()).ToArray();
        await Task.WhenAll(from row in held from worker in workers select worker.Register(row, CancellationToken.None));
        (await Finished(admin, id))["done"]!.GetValue<int>().ShouldBe(1000);
        (await Accounts(file)).ShouldBe(1000);
        (await identity.Database.Ask<long>(
            "select count(*) from mt_events where type = 'user.registered.v1' and stream_id = any($1)",
            (object)held.Select(row => $"user-{row.UserId}").ToArray())).ShouldBe(held.Count);
    }

    [Fact]
    public async Task is_cancelled_and_forgets_the_rows_that_nobody_began()
    {
        var (admin, file) = (await identity.Admin(), File(1500));
        var id = await Upload(admin, file);
        (await admin.DeleteAsync($"/api/v1/users/imports/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync($"/api/v1/users/imports/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Are(0, () => Rows(id, "waiting"));
        (await Rows(id, "cancelled")).ShouldBeGreaterThan(0);
        (await Status(admin, id)).ShouldBe("cancelled");
        (await Accounts(file)).ShouldBe(await Rows(id, "done"));
        (await identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1 and sealed is not null", id)).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "SEC-04")]
    public async Task takes_nothing_but_csv() =>
        (await (await identity.Admin()).PostAsJsonAsync("/api/v1/users/import", new { email = Some.Email() })).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task keeps_nothing_in_clear_of_rows_that_wait()
    {
        var (imports, id, canary) = (identity.Services.GetRequiredService<UserImports>(), Some.Id(), Some.Email());
        var file = new ImportFile(new MemoryStream(Encoding.UTF8.GetBytes($"email,firstName,lastName\n{canary},Kim,Berg")), new(2030, 1, 1));
        await foreach (var row in file.Rows(CancellationToken.None))
            await imports.Keep(id, [row], CancellationToken.None);
        (await Rows(id, "waiting")).ShouldBe(1);
        (await identity.Database.RowsWith(canary)).ShouldBeEmpty();
        await imports.Drop(id);
    }

    private static string File(int rows) =>
        $"email,firstName,lastName\n{string.Join('\n', Enumerable.Range(0, rows).Select(_ => $"{Some.Email()},Kim,Berg"))}";

    private static Task<HttpResponseMessage> Post(HttpClient client, string file, string query = "", Encoding? encoding = null)
    {
        var content = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return client.PostAsync($"/api/v1/users/import{query}", content);
    }

    private static async Task<Guid> Upload(HttpClient client, string file, Encoding? encoding = null)
    {
        using var answer = await Post(client, file, "?sendInvitation=true", encoding);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/users/imports/{id}");
        return id;
    }

    private static async Task<JsonNode> Finished(HttpClient client, Guid id)
    {
        await Eventually.Is(async () => await Status(client, id) == "finished", "the import is finished");
        return (await client.GetFromJsonAsync<JsonNode>($"/api/v1/users/imports/{id}"))!;
    }

    private static async Task<string> Status(HttpClient client, Guid id) =>
        (await client.GetFromJsonAsync<JsonNode>($"/api/v1/users/imports/{id}"))!["status"]!.GetValue<string>();

    private static Task Are(long number, Func<Task<long>> count) => Eventually.Is(async () => await count() == number, $"there are {number}");

    private Task<long> Rows(Guid import, string state) =>
        identity.Database.Ask<long>("select count(*) from user_import_rows where import_id = $1 and state = $2", import, state);

    private Task<long> Accounts(string file) => identity.Database.Ask<long>(
        "select count(*) from users where email = any($1)", (object)file.Split('\n').Skip(1).Select(row => row.Split(',')[0]).ToArray());
}
