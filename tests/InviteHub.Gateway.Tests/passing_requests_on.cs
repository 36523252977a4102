using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "API-01")]
public sealed class passing_requests_on(House house) : IClassFixture<House>, IAsyncLifetime
{
    public Task InitializeAsync() => house.Tidy();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("/api/v1/session", "identity")]
    [InlineData("/api/v1/session/refresh", "identity")]
    [InlineData("/api/v1/me", "identity")]
    [InlineData("/api/v1/users/availability?email=a%40b.se", "identity")]
    [InlineData("/api/v1/removal-requests", "identity")]
    [InlineData("/api/v1/password-resets/x", "identity")]
    [InlineData("/api/v1/organizations?page=2", "subscriptions")]
    [InlineData("/api/v1/apps", "subscriptions")]
    [InlineData("/api/v1/subscriptions/1/ledger", "subscriptions")]
    [InlineData("/api/v1/services", "subscriptions")]
    [InlineData("/api/v1/invitations/batches/template.csv", "invitations")]
    [InlineData("/api/v1/registrations/some-token_1", "invitations")]
    [InlineData("/api/v1/notifications", "notifications")]
    [InlineData("/api/v1/messages/passwordReset/preview", "notifications")]
    [InlineData("/api/v1/audit/streams/user-1?version=2", "identity")]
    [InlineData("/api/v1/audit/streams/subscription-1/events", "subscriptions")]
    [InlineData("/api/v1/audit/streams/invitation-1/verify", "invitations")]
    [InlineData("/api/v1/audit/streams/delivery-1", "notifications")]
    [InlineData("/api/v1/audit/exports?streamId=app-1&streamId=service-1", "subscriptions")]
    [InlineData("/api/v1/audit/exports?streamId=webhook-1", "notifications")]
    [InlineData("/api/v1/audit/exports?streamId=app-1&streamId=user-1", "identity")]
    [InlineData("/api/v1/audit/exports", "identity")]
    [InlineData("/api/v1/audit/exports?userId=1&service=invitations", "invitations")]
    [InlineData("/api/v1/audit/organizations/1/changes?service=subscriptions&from=2", "subscriptions")]
    [InlineData("/api/v1/audit/projections?service=notifications", "notifications")]
    [InlineData("/api/v1/audit/projections/a.b.v1/rebuild?service=nobody", "identity")]
    public async Task each_prefix_leads_to_its_service_with_path_and_query_as_they_are(string path, string service)
    {
        (await house.Client.GetStringAsync(path)).ShouldBe(service);
        house.Services[service].Asked.ShouldBe([$"GET {path}"]);
    }

    [Fact]
    public async Task method_body_answer_and_status_go_through()
    {
        house.Identity.Answer = async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = "/api/v1/users/1";
            await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync() + "!");
        };

        var answer = await house.Client.PostAsync("/api/v1/users", new StringContent("hej"));

        ((int)answer.StatusCode).ShouldBe(201);
        answer.Headers.Location!.ToString().ShouldBe("/api/v1/users/1");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("hej!");
    }

    [Fact]
    public async Task a_service_s_own_problem_stays_as_it_is()
    {
        house.Identity.Answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("""{"code":"busy"}""");
        };

        (await (await house.Get("/api/v1/me")).Content.ReadAsStringAsync()).ShouldBe("""{"code":"busy"}""");
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/usersx")]
    [InlineData("/api/v1/audit/streams/users-1")]
    [InlineData("/api/v1/audit/streams/user")]
    [InlineData("/api/v2/users")]
    public async Task what_no_service_has_is_a_problem_404(string path) => await (await house.Get(path)).Problem(404, "not-found");

    [Fact]
    public async Task the_trace_goes_on_to_the_service_and_names_the_problems()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var parent = ("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        await house.Get("/api/v1/me", parent);
        house.Identity.LastHeaders["traceparent"].ShouldStartWith($"00-{trace}-");

        var problem = await (await house.Get("/nothing", parent)).Problem(404, "not-found");
        problem.GetProperty("traceId").GetString().ShouldBe(trace);
    }

    [Fact]
    public async Task credentials_go_through_and_claims_about_the_way_here_do_not()
    {
        await house.Get("/api/v1/me", ("Authorization", "Bearer abc"), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Host", "evil"), ("Forwarded", "for=6.6.6.6"));

        var seen = house.Identity.LastHeaders;
        seen["Authorization"].ShouldBe("Bearer abc");
        seen["X-Forwarded-For"].ShouldBe("127.0.0.1");
        seen["X-Forwarded-Host"].ShouldBe(house.Address.Authority);
        seen.ContainsKey("Forwarded").ShouldBeFalse();
    }

    [Theory]
    [Trait("Feature", "SEC-03")]
    [InlineData("/api/v1/me")]
    [InlineData("/nothing")]
    [InlineData("/health")]
    [InlineData("/")]
    public async Task every_answer_carries_the_security_headers_and_tells_nothing_of_the_software(string path)
    {
        house.Identity.Answer = context =>
        {
            context.Response.Headers.Server = "tiny";
            context.Response.Headers["X-Powered-By"] = "tiny";
            return Task.CompletedTask;
        };

        var answer = await house.Get(path);

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
        // Only https may promise https.
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }
}
