using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "OPS-03")]
public sealed class more_requests_than_can_be_served
{
    private sealed record Answered(int Status, string? Code, TimeSpan? RetryAfter, TimeSpan Took);

    [Fact]
    public async Task are_served_or_refused_at_once_and_all_are_served_when_they_are_fewer_again()
    {
        var (now, most) = (0, 0);
        await using var slow = await DefaultService.Start(
            async context =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref now));
                await Task.Delay(50, context.RequestAborted);
                Interlocked.Decrement(ref now);
                await context.Response.WriteAsync("done");
            },
            builder => (builder.Configuration["Overload:AtOnce"], builder.Configuration["Overload:Waiting"]) = ("8", "8"));
        await using var house = await House.Open(("services:identity:http:0", slow.Address), ("Gateway:RateLimit:PerSecond", "0"));

        var before = await Load(house, clients: 8);
        var rush = await Load(house, clients: 32);
        var after = await Load(house, clients: 8);

        before.ShouldAllBe(answer => answer.Status == 200);
        rush.ShouldAllBe(answer => answer.Status == 200 || (answer.Status == 503 && answer.Code == "overloaded" && answer.RetryAfter == TimeSpan.FromSeconds(1)));
        rush.Count(answer => answer.Status == 503).ShouldBeGreaterThan(0);
        // Each waited for no more than one before it; the rest is what a busy machine needs.
        rush.Where(answer => answer.Status == 200).Max(answer => answer.Took).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        most.ShouldBe(8);
        after.ShouldAllBe(answer => answer.Status == 200);
    }

    [Fact]
    public async Task of_a_service_that_hangs_do_not_fill_the_gateway_nor_harm_others()
    {
        await using var house = await House.Open(("Overload:AtOnce", "4"));
        var goOn = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        house.Identity.Answer = async context =>
        {
            arrived.Release();
            await goOn.Task;
            await context.Response.WriteAsync("done");
        };
        // An answer without an end has no part in it.
        var endless = house.Get("/api/v1/users/updates");
        await arrived.WaitAsync();
        var hanging = Enumerable.Range(0, 4).Select(_ => house.Get("/api/v1/me")).ToArray();
        foreach (var _ in hanging)
            await arrived.WaitAsync();

        var refused = await house.Get("/api/v1/me");

        await refused.Problem(503, "overloaded");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await house.Client.GetStringAsync("/api/v1/apps")).ShouldBe("subscriptions");
        ((int)(await house.Get("/health")).StatusCode).ShouldBe(200);

        goOn.SetResult();
        (await Task.WhenAll(hanging.Append(endless))).ShouldAllBe(answer => answer.IsSuccessStatusCode);
        (await house.Client.GetStringAsync("/api/v1/me")).ShouldBe("done");
    }

    private static async Task<Answered[]> Load(House house, int clients) => [.. (await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
    {
        var answers = new List<Answered>();
        for (var n = 0; n < 10; n++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await house.Get("/api/v1/me");
            var code = answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
            answers.Add(new((int)answer.StatusCode, code, answer.Headers.RetryAfter?.Delta, watch.Elapsed));
        }

        return answers;
    }))).SelectMany(each => each)];

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); known < value; known = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, known);
    }
}
