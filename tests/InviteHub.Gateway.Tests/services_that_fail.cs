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
