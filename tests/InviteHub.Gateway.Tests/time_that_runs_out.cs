using System.Diagnostics;
using System.Globalization;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "OPS-03")]
public sealed class time_that_runs_out
{
    [Fact]
    public async Task is_given_by_the_gateway_and_by_nobody_else()
    {
        await using var house = await House.Open(("Gateway:Timeout", "00:00:20"));

        await house.Get("/api/v1/me", (Deadline.Header, "999999999"));
        Milliseconds(house.Identity.LastHeaders[Deadline.Header]).ShouldBeInRange(10_000, 19_000);

        // What takes the time that it takes: an answer without an end, and a large file.
        house.Identity.LastHeaders.Clear();
        await house.Get("/api/v1/users/updates", (Deadline.Header, "5"));
        await house.Client.PostAsync("/api/v1/users/import", new StringContent("a file"));
        house.Identity.Asked.Count.ShouldBe(3);
        house.Identity.LastHeaders.ContainsKey(Deadline.Header).ShouldBeFalse();
    }

    [Fact]
    public async Task gets_shorter_on_the_way_and_then_ends_the_work_everywhere()
    {
        var (given, left) = (0, 0);
        var ended = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        await using var last = await DefaultService.Start(async context =>
        {
            left = Milliseconds(context.Request.Headers[Deadline.Header]!);
            await Hang(context, ended[1]);
        });
        DefaultService first = null!;
        first = await DefaultService.Start(
            async context =>
            {
                given = Milliseconds(context.Request.Headers[Deadline.Header]!);
                await Task.Delay(200);
                using var client = first.Services.GetRequiredService<IHttpClientFactory>().CreateClient("last");
                using var end = context.RequestAborted.Register(() => ended[0].TrySetResult());
                await client.GetStringAsync(last.Address, context.RequestAborted);
            },
            builder => builder.Services.AddHttpClient("last").AddResilience(TimeSpan.FromSeconds(30)));
        await using (first)
        {
            await using var house = await House.Open(("services:identity:http:0", first.Address), ("Gateway:Timeout", "00:00:02"));
            var watch = Stopwatch.StartNew();

            var answer = await house.Get("/api/v1/me");

            // In the service's own words: it knows what it did not do.
            (await answer.Problem(503, "timed-out")).GetProperty("detail").GetString()!.ShouldContain("1.9 s");
            answer.Headers.RetryAfter.ShouldNotBeNull();
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6));
            await Task.WhenAll(ended.Select(one => one.Task)).WaitAsync(TimeSpan.FromSeconds(5));
            given.ShouldBeInRange(1, 1900);
            left.ShouldBeInRange(1, given - 190);
        }
    }

    [Fact]
    public async Task does_not_cut_off_an_answer_that_has_begun()
    {
        await using var service = await DefaultService.Start(async context =>
        {
            await context.Response.WriteAsync("a long ");
            await context.Response.Body.FlushAsync();
            await Task.Delay(600, context.RequestAborted);
            await context.Response.WriteAsync("story");
        });
        using var client = new HttpClient { DefaultRequestHeaders = { { Deadline.Header, "300" } } };

        (await client.GetStringAsync(service.Address)).ShouldBe("a long story");
    }

    [Fact]
    public async Task is_nothing_to_an_answer_without_a_body()
    {
        await using var service = await DefaultService.Start(context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        using var client = new HttpClient { DefaultRequestHeaders = { { Deadline.Header, "30000" } } };

        ((int)(await client.GetAsync(service.Address)).StatusCode).ShouldBe(204);
    }

    private static int Milliseconds(string header) => int.Parse(header, CultureInfo.InvariantCulture);

    private static async Task Hang(HttpContext context, TaskCompletionSource ended)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
