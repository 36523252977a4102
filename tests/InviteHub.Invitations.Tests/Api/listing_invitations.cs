using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-06")]
public sealed class listing_invitations(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task goes_by_first_name_unless_asked_otherwise_and_by_five_columns_either_way()
    {
        await Invited(("Örjan", "Alm", "c@example.org"), ("Åke", "Öberg", "b@example.org"), ("Bo", "Ek", "a@example.org"));

        (await FirstNames("")).ShouldBe(["Åke", "Bo", "Örjan"]);
        (await FirstNames("sort=firstName:desc")).ShouldBe(["Örjan", "Bo", "Åke"]);
        (await FirstNames("sort=lastName:asc")).ShouldBe(["Örjan", "Bo", "Åke"]);
        (await FirstNames("sort=email:asc")).ShouldBe(["Bo", "Åke", "Örjan"]);
        (await FirstNames("sort=sentOn:desc")).ShouldBe(["Bo", "Åke", "Örjan"]);
        (await FirstNames("sort=organization:asc")).Count.ShouldBe(3);
        (await service.Client(InvitationsService.Admin).GetAsync("/api/v1/invitations?sort=phone:asc")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("ORJAN")]
    [InlineData("örjan alm")]
    [InlineData("Alm")]
    [InlineData("c@example")]
    [InlineData("ö")]
    [InlineData("al")]
    public async Task finds_by_any_part_of_name_and_address_whatever_case_and_accents(string search)
    {
        await Invited(("Örjan", "Alm", "c@example.org"), ("Bo", "Ek", "b@example.org"));

        (await FirstNames($"search={Uri.EscapeDataString(search)}")).ShouldBe(["Örjan"]);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("'; drop table invitation_list; --")]
    [Trait("Feature", "SEC-04")]
    public async Task takes_what_is_searched_for_and_filtered_by_for_nothing_but_text(string text)
    {
        await Invited(("Bo", "Ek", "b@example.org"));

        (await FirstNames($"search={Uri.EscapeDataString(text)}")).ShouldBeEmpty();
        (await FirstNames($"status={Uri.EscapeDataString(text)}")).ShouldBeEmpty();
        (await FirstNames($"way={Uri.EscapeDataString(text)}")).ShouldBeEmpty();
        (await FirstNames("")).ShouldBe(["Bo"]);
    }

    [Fact]
    public async Task filters_by_status_way_channel_and_inviter()
    {
        await Invited(("Ada", "Ek", "a@example.org"), ("Bo", "Ek", "b@example.org"));
        await service.Invited(InvitationsService.Customer(_organization, "c@example.org"));
        var revoked = (await Page("search=bo"))["items"]![0]!["id"]!.GetValue<Guid>();
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{revoked}/revoke", null)).EnsureSuccessStatusCode();

        (await Total("")).ShouldBe(2);
        (await Total("status=pending")).ShouldBe(2);
        (await Total("status=revoked")).ShouldBe(1);
        (await Total("status=accepted")).ShouldBe(0);
        (await Total("way=customer")).ShouldBe(1);
        (await Total("channel=email")).ShouldBe(2);
        (await Total("channel=sms")).ShouldBe(0);
        (await Total($"sentBy={InvitationsService.Admin.Id}")).ShouldBe(2);
        (await Total($"sentBy={_organization}")).ShouldBe(0);
    }

    [Fact]
    public async Task pages_with_exact_totals_and_every_row_once()
    {
        await Invited([.. Enumerable.Range(0, 7).Select(n => ("Same", "Name", $"same{n}@example.org"))]);

        var seen = new List<Guid>();
        for (var page = 1; page <= 4; page++)
        {
            var answer = await Page($"page={page}&pageSize=3");
            answer["total"]!.GetValue<long>().ShouldBe(7);
            seen.AddRange(answer["items"]!.AsArray().Select(i => i!["id"]!.GetValue<Guid>()));
        }

        seen.Count.ShouldBe(7);
        seen.Distinct().Count().ShouldBe(7);
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task shows_all_organizations_of_the_caller_and_no_other()
    {
        var second = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await Invited(("Ada", "Ek", "a@example.org"));
        await service.Invited(InvitationsService.Access(second, "b@example.org"));
        await service.Invited(InvitationsService.Access(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "c@example.org"));
        var caller = await service.With(_organization, "founder");
        await service.Tell(new Contracts.Subscriptions.OrganizationAccessChanged(second, caller.Id, ["member"]));

        await Eventually.Is(async () => (await Seen(caller))["total"]!.GetValue<long>() == 2, "both organizations are the caller's");

        (await Seen(caller))["items"]!.AsArray().Select(i => i!["email"]!.GetValue<string>()).Order().ShouldBe(["a@example.org", "b@example.org"]);
    }

    [Fact]
    [Trait("Feature", "INV-22")]
    public async Task counts_one_whose_time_is_up_as_expired_at_once()
    {
        service.ValidFor(_organization, 10);
        await Invited(("Ada", "Ek", "a@example.org"));
        // As if no worker came by.
        await using (var none = service.Database.Source.CreateCommand("delete from invitation_timers where organization_id = $1"))
        {
            none.Parameters.AddWithValue(_organization);
            await none.ExecuteNonQueryAsync();
        }

        service.Clock.Advance(TimeSpan.FromDays(10));

        (await Total("status=pending")).ShouldBe(0);
        (await Total("status=expired")).ShouldBe(1);
        (await Page(""))["items"]![0]!["status"]!.GetValue<string>().ShouldBe("expired");
    }

    [Fact]
    public async Task keeps_numbers_that_are_those_of_the_rows_whatever_happened_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            var id = (await service.Invited(InvitationsService.Access(_organization, $"ada{n}@example.org")))["id"]!.GetValue<Guid>();
            if (n % 2 == 0)
                await Task.WhenAll(AddUp(), service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{id}/revoke", null));
        }));

        (await service.Database.Ask<long>(
            """
            select count(*) from (
                select status, count(*) as invitations from invitation_list where organization_id = $1 group by 1
                except
                select status, sum(invitations)::bigint from (
                    select * from invitation_counts union all select * from invitation_count_changes) kept
                where organization_id = $1 group by 1) wrong
            """,
            _organization)).ShouldBe(0);
        (await service.Database.Ask<long>("select count(distinct status) from invitation_list where organization_id = $1", _organization)).ShouldBe(2);
    }

    [Fact]
    public async Task turns_the_pages_of_very_many_and_shows_at_once_who_is_invited_and_who_no_more()
    {
        const int many = 700;
        await service.Database.Ask<object>(
            """
            with put as (
                insert into invitation_list (
                    id, organization_id, way, status, invitee_id, email, email_key, first_name, last_name, sent_by, sent_on, expires_on, scope, is_open)
                select gen_random_uuid(), $1, 'access', 'pending', gen_random_uuid(), n || '@many.example', n || '@many.example', 'Kim ' || n % 90, 'Ek', $2,
                       now(), now() + interval '9 years', 'many', true
                from generate_series(1, $3) n returning 1)
            select count(*)::text from put
            """,
            _organization, InvitationsService.Admin.Id, many);

        var pages = await Task.WhenAll(Enumerable.Range(1, 8).Select(page => Page($"search=many.example&sort=firstName:desc&pageSize=100&page={page}")));
        pages.ShouldAllBe(page => page["total"]!.GetValue<long>() == many);
        var shown = pages.SelectMany(page => page["items"]!.AsArray()).Select(row => (Name: row!["firstName"]!.GetValue<string>(), Id: row["id"]!.GetValue<Guid>())).ToArray();
        shown.Select(row => row.Id).Distinct().Count().ShouldBe(many);
        shown.Select(row => row.Name).ShouldBe(shown.Select(row => row.Name).OrderDescending(StringComparer.Ordinal));
        (await Page("search=many.example&page=9999"))["items"]!.AsArray().ShouldBeEmpty();

        await Invited(("Åke", "Ek", "ake@many.example"));
        (await FirstNames("search=many.example"))[0].ShouldBe("Åke");
        var invitation = (await Page("search=many.example"))["items"]![0]!["id"]!.GetValue<Guid>();
        (await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{invitation}/revoke", content: null)).EnsureSuccessStatusCode();
        (await Total("search=many.example")).ShouldBe(many);
        // No event tells of them: a rebuilt list is without them.
        await service.Database.Ask<object>("with gone as (delete from invitation_list where organization_id = $1 and scope = 'many' returning 1) select count(*)::text from gone", _organization);
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task walks_for_who_sees_much_past_what_is_not_theirs_and_finds_what_the_clock_alone_has_expired_between_the_others()
    {
        const int pending = 400, expired = 300, overdue = 250;
        await service.Invited(InvitationsService.Access(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "not.theirs@example.org"));
        await service.Database.Ask<object>(
            """
            with put as (
                insert into invitation_list (
                    id, organization_id, way, status, invitee_id, email, email_key, first_name, last_name, sent_by, sent_on, expires_on, scope, is_open)
                select gen_random_uuid(), $1, 'access', case when n <= $5 then 'expired' else 'pending' end, gen_random_uuid(), n || '@much.example',
                       n || '@much.example', 'Kim ' || (n * 7) % 90, 'Ek', $2, now(), $3::timestamptz + case when n <= $5 + $6 then interval '-1 day' else interval '9 years' end,
                       'much', false
                from generate_series(1, $4 + $5 + $6) n returning status),
            counted as (
                insert into invitation_counts (organization_id, way, status, invitations) select $1, 'access', status, count(*) from put group by status returning 1)
            select count(*)::text from counted
            """,
            _organization, InvitationsService.Admin.Id, service.Clock.GetUtcNow(), pending, expired, overdue);
        var founder = await service.With(_organization, "founder");

        (await All(founder, "")).Count.ShouldBe(pending + expired + overdue);
        (await All(founder, "sort=sentOn:desc&")).Count.ShouldBe(pending + expired + overdue);
        (await All(founder, "status=pending&")).Count.ShouldBe(pending);
        (await All(founder, "status=expired&")).Count.ShouldBe(expired + overdue);
        (await All(founder, "status=expired&sort=lastName:asc&")).Count.ShouldBe(expired + overdue);
        (await All(InvitationsService.Admin, "status=expired&")).Count.ShouldBeGreaterThanOrEqualTo(expired + overdue);
        (await All(InvitationsService.Admin, "")).Count.ShouldBeGreaterThan(pending + expired + overdue);

        await service.Database.Ask<object>(
            """
            with gone as (delete from invitation_list where organization_id = $1 and scope = 'much' returning 1),
            forgotten as (delete from invitation_counts where organization_id = $1 returning 1)
            select (select count(*) from gone)::text
            """,
            _organization);
    }

    /// <summary>The ids on all pages: each once, as many as there are said to be, in the order of first names unless asked otherwise.</summary>
    private async Task<IReadOnlyList<Guid>> All(CurrentUser caller, string query)
    {
        var (ids, names) = (new List<Guid>(), new List<string>());
        for (var (page, total) = (1, 1L); ids.Count < total; page++)
        {
            var answer = (await service.Client(caller).GetFromJsonAsync<JsonNode>($"/api/v1/invitations?{query}pageSize=120&page={page}"))!;
            total = answer["total"]!.GetValue<long>();
            answer["items"]!.AsArray().Count.ShouldBeGreaterThan(0, $"page {page} of {total}");
            ids.AddRange(answer["items"]!.AsArray().Select(row => row!["id"]!.GetValue<Guid>()));
            names.AddRange(answer["items"]!.AsArray().Where(row => row!["email"]!.GetValue<string>().EndsWith("much.example", StringComparison.Ordinal))
                .Select(row => row!["firstName"]!.GetValue<string>()));
        }

        ids.Distinct().Count().ShouldBe(ids.Count);
        if (!query.Contains("sort", StringComparison.Ordinal))
            names.ShouldBe(names.Order(StringComparer.Ordinal));
        return ids;
    }

    private async Task<bool> AddUp()
    {
        await service.Database.Ask<object>("select add_up_invitations()");
        return true;
    }

    private async Task Invited(params (string FirstName, string LastName, string Email)[] people)
    {
        foreach (var (firstName, lastName, email) in people)
        {
            var request = InvitationsService.Access(_organization, email);
            request["invitee"] = new JsonObject { ["firstName"] = firstName, ["lastName"] = lastName, ["email"] = email };
            await service.Invited(request);
            service.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task<JsonNode> Seen(CurrentUser caller) => (await service.Client(caller).GetFromJsonAsync<JsonNode>("/api/v1/invitations"))!;

    private async Task<JsonNode> Page(string query) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations?organizationId={_organization}&{query}"))!;

    private async Task<long> Total(string query) => (await Page(query))["total"]!.GetValue<long>();

    private async Task<IReadOnlyList<string>> FirstNames(string query) =>
        [.. (await Page(query))["items"]!.AsArray().Select(i => i!["firstName"]!.GetValue<string>())];
}
