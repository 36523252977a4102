using System.Diagnostics;
using System.Net;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Gateway.Tests;

/// <summary>What leaves a service goes to a real server here, over real connections.</summary>
[Trait("Feature", "OPS-03")]
public sealed class calls_to_others : IAsyncLifetime
{
    private readonly Backend _other = new("other");
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;

    public calls_to_others()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("resilient").AddResilience(attempt: TimeSpan.FromMilliseconds(500));
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("resilient");
    }

    public async Task InitializeAsync()
    {
        await _other.Start();
        _client.BaseAddress = new Uri(_other.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("PUT", "a key")]
    [InlineData("POST", "a key")]
    public async Task that_may_be_repeated_succeed_after_two_failures(string method, string? key)
    {
        FailsFirst(2);

        var answer = await _client.SendAsync(Request(method, key));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("something to say");
        _other.Asked.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task that_may_not_be_repeated_are_not(string method)
    {
        FailsFirst(2);

        (await _client.SendAsync(Request(method))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        _other.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task that_were_never_sent_are_repeated_whatever_they_are()
    {
        await _other.Die();

        var answer = _client.SendAsync(Request("POST"));
        await Task.Delay(50);
        await _other.Start();

        (await answer).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task wait_as_long_as_they_are_asked_to()
    {
        FailsFirst(1, retryAfter: "1");
        var watch = Stopwatch.StartNew();
        (await _client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));

        // But not for so long that nobody waits for it any more.
        FailsFirst(1, retryAfter: "3600");
        (await _client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task that_hang_are_given_up_one_attempt_at_a_time()
    {
        var attempts = 0;
        _other.Answer = context => Interlocked.Increment(ref attempts) <= 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : context.Response.WriteAsync("well");
        (await _client.GetStringAsync("/")).ShouldBe("well");

        _other.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        (await Record.ExceptionAsync(() => _client.SendAsync(Request("POST")))).ShouldBeOfType<TaskCanceledException>().InnerException.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task to_one_that_fails_and_fails_are_not_made_for_a_moment_and_then_they_are()
    {
        await using var third = new Backend("third");
        await third.Start();
        _other.Answer = Fail;
        for (var n = 0; n < 10; n++)
            (await _client.SendAsync(Request("POST"))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        var refused = await Should.ThrowAsync<HttpRequestException>(() => _client.SendAsync(Request("POST")));
        refused.Message.ShouldContain("left alone");
        _other.Asked.Count.ShouldBe(10);
        // Others have nothing to do with it.
        (await _client.GetStringAsync(third.Address)).ShouldBe("third");

        _other.Answer = null;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                (await _client.GetStringAsync("/")).ShouldBe("other");
                break;
            }
            catch (HttpRequestException) when (watch.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(100);
            }
        }

        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        for (var n = 0; n < 10; n++)
            (await _client.GetStringAsync("/")).ShouldBe("other");
    }

    private static HttpRequestMessage Request(string method, string? key = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = method == "GET" ? null : new StringContent("something to say") };
        if (key is not null)
            request.Headers.Add(Idempotency.Header, key);
        return request;
    }

    private static Task Fail(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private void FailsFirst(int times, string? retryAfter = null)
    {
        var asked = 0;
        _other.Answer = async context =>
        {
            if (Interlocked.Increment(ref asked) <= times)
            {
                context.Response.Headers.RetryAfter = retryAfter;
                await Fail(context);
            }
            else if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync("something to say");
            }
            else
            {
                await context.Request.Body.CopyToAsync(context.Response.Body);
            }
        };
    }
}
