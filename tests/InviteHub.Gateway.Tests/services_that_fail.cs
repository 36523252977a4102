using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "OPS-03")]
public sealed class services_that_fail
{
    [Fact]
    public async Task a_dead_one_is_a_problem_that_may_be_over_soon_and_then_it_is()
    {
        await using var house = await House.Open();
        (await house.Client.GetStringAsync("/api/v1/me")).ShouldBe("identity");

        await house.Identity.Die();
        var answer = await house.Get("/api/v1/me");
        await answer.Problem(503, "unavailable");
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        // The others go on.
        (await house.Client.GetStringAsync("/api/v1/apps")).ShouldBe("subscriptions");

        await house.Identity.Start();
        (await house.Client.GetStringAsync("/api/v1/me")).ShouldBe("identity");
    }

    [Fact]
    public async Task one_that_does_not_answer_is_given_up()
    {
        await using var house = await House.Open(("Gateway:Timeout", "00:00:00.200"));
        house.Identity.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var answer = await house.Get("/api/v1/me");

        (await answer.Problem(503, "unavailable")).GetProperty("detail").GetString()!.ShouldContain("in time");
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task one_of_two_replicas_that_is_not_ready_gets_no_traffic_once_that_is_known()
    {
        await using var second = new Backend("identity");
        await second.Start();
        await using var house = await House.Open(("services:identity:http:1", second.Address));
        await second.Die();

        // Known after the next looks at its health; until then some requests may still meet it.
        var row = 0;
        for (var deadline = DateTime.UnixEpoch.AddMilliseconds(Environment.TickCount64 + 20_000);
             row < 20 && DateTime.UnixEpoch.AddMilliseconds(Environment.TickCount64) < deadline;)
        {
            row = (await house.Get("/api/v1/me")).IsSuccessStatusCode ? row + 1 : 0;
        }

        row.ShouldBe(20);
    }

    [Fact]
    [Trait("Feature", "OPS-04")]
    public async Task one_of_two_replicas_that_dies_with_requests_in_hand_loses_none_that_may_be_repeated()
    {
        await using var second = new Backend("identity");
        await second.Start();
        await using var house = await House.Open(("services:identity:http:1", second.Address));
        // It takes every request, and is gone before it answers.
        second.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        house.Identity.Answer = context => context.Request.Body.CopyToAsync(context.Response.Body);

        for (var n = 0; n < 20; n++)
        {
            ((int)(await house.Get("/api/v1/me")).StatusCode).ShouldBe(200);
            (await (await Send(HttpMethod.Post, "a key")).Content.ReadAsStringAsync()).ShouldBe("something to say");
        }

        second.Asked.ShouldNotBeEmpty();
        second.Asked.Clear();
        house.Identity.Asked.Clear();
        for (var n = 0; n < 20; n++)
        {
            var answer = await Send(n % 2 == 0 ? HttpMethod.Post : HttpMethod.Put);
            if (!answer.IsSuccessStatusCode)
                await answer.Problem(503, "unavailable");
        }

        // Nobody knows what became of them: none was sent a second time.
        second.Asked.ShouldNotBeEmpty();
        (second.Asked.Count + house.Identity.Asked.Count).ShouldBe(20);

        // What was never sent is no question.
        await second.Die();
        for (var n = 0; n < 20; n++)
            (await Send(HttpMethod.Post)).IsSuccessStatusCode.ShouldBeTrue();

        async Task<HttpResponseMessage> Send(HttpMethod method, string? key = null)
        {
            using var request = new HttpRequestMessage(method, "/api/v1/users") { Content = new StringContent("something to say") };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            return await house.Client.SendAsync(request);
        }
    }

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task health_is_that_of_all_and_names_the_one_that_is_not_well()
    {
        await using var house = await House.Open();
        var answer = await house.Get("/health");
        ((int)answer.StatusCode).ShouldBe(200);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"status":"healthy","services":{"identity":{"status":"healthy"},"subscriptions":{"status":"healthy"},"invitations":{"status":"healthy"},"notifications":{"status":"healthy"}}}""");

        var details = (await (await house.Get("/health?details=true")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("services");
        details.GetProperty("identity").GetProperty("checks").GetProperty("database").GetString().ShouldBe("healthy");

        house.Services["notifications"].Healthy = false;
        await house.Identity.Die();
        answer = await house.Get("/health");

        ((int)answer.StatusCode).ShouldBe(503);
        var services = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("services");
        services.GetProperty("identity").GetProperty("status").GetString().ShouldBe("unreachable");
        services.GetProperty("notifications").GetProperty("status").GetString().ShouldBe("unhealthy");
        services.GetProperty("invitations").GetProperty("status").GetString().ShouldBe("healthy");
        // The gateway itself is alive: nobody restarts it for what is behind it.
        ((int)(await house.Get("/alive")).StatusCode).ShouldBe(200);
        // And it takes requests, for those that are well.
        ((int)(await house.Get("/ready")).StatusCode).ShouldBe(200);
    }

    [Fact]
    [Trait("Feature", "OPS-06")]
    public async Task stopping_first_says_that_it_is_not_ready_and_serves_on_for_a_while()
    {
        await using var house = await House.Open(("DrainFor", "00:00:03"));

        var stopped = house.Stop();
        var ready = await house.Get("/ready");
        while (ready.IsSuccessStatusCode)
            ready = await house.Get("/ready");
        var answer = await house.Get("/api/v1/me");

        ((int)ready.StatusCode).ShouldBe(503);
        ((int)answer.StatusCode).ShouldBe(200);
        answer.Headers.ConnectionClose.ShouldBe(true);
        await stopped;
        await Should.ThrowAsync<HttpRequestException>(() => house.Get("/api/v1/me"));
    }

    [Fact]
    public async Task stopping_finishes_what_it_has_begun()
    {
        await using var house = await House.Open();
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        house.Identity.Answer = async context =>
        {
            arrived.SetResult();
            await goOn.Task;
            await context.Response.WriteAsync("done");
        };

        var asked = house.Client.GetStringAsync("/api/v1/me");
        await arrived.Task;
        var stopped = house.Stop();
        goOn.SetResult();

        (await asked).ShouldBe("done");
        await stopped;
    }

    [Fact]
    public void a_missing_address_is_said_at_the_start()
    {
        using var gateway = new Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>();
        gateway.UseKestrel();
        Should.Throw<InvalidOperationException>(gateway.StartServer).Message.ShouldContain("services__identity__http__0");
    }
}
