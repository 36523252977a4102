using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Calls to somebody who may be slow, busy or gone for a moment (OPS-03): each attempt has its time, what may be repeated is, with growing waits
/// that chance spreads, and whoever fails again and again is left alone for a moment. Each address that is called is judged by itself.
/// </summary>
public static class Resilience
{
    private const int Retries = 3;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    /// <summary>Who asks for more patience than this is not asked again: our own caller has none.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    /// <summary>Makes a client's calls resilient, and has them say what is left of the time of the request that they belong to.</summary>
    /// <param name="client">The client.</param>
    /// <param name="attempt">The time that one attempt has; the client's own timeout is that of all.</param>
    public static IHttpClientBuilder AddResilience(this IHttpClientBuilder client, TimeSpan attempt)
    {
        // Handlers are made anew every other minute; what is known of an address stays.
        var pipelines = new ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>>(StringComparer.OrdinalIgnoreCase);
        return client.AddHttpMessageHandler(() => new ResilientCalls(pipelines, () => Retrying().AddBreaker().AddTimeout(attempt).Build(), Deadline.PassOn));
    }

    /// <summary>
    /// The same for calls whose repetition is a recorded fact: they are tried once, and not at all while whoever is called fails. Who is called is
    /// no service of ours, and is told nothing of deadlines.
    /// </summary>
    /// <param name="attempt">The time that an attempt has.</param>
    /// <param name="inner">What calls.</param>
    public static HttpMessageHandler WithoutRetries(TimeSpan attempt, HttpMessageHandler inner) =>
        new ResilientCalls(
            new(StringComparer.OrdinalIgnoreCase), () => new ResiliencePipelineBuilder<HttpResponseMessage>().AddBreaker().AddTimeout(attempt).Build(), _ => { })
        { InnerHandler = inner };

    /// <summary>
    /// Whether a request may be sent a second time when nobody knows what became of the first: nothing is changed, or the service knows by the key
    /// what it has done and says so again. HTTP lets PUT and DELETE be repeated too (RFC 9110, 9.2.2), since a second time changes nothing more; but
    /// it may be answered with a refusal (an older version, a password that is not the current one any more) to who was not refused.
    /// </summary>
    /// <param name="method">The request's method.</param>
    /// <param name="hasKey">Whether it carries an <see cref="Idempotency.Header"/>.</param>
    public static bool MayBeRepeated(string method, bool hasKey) => hasKey || HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static ResiliencePipelineBuilder<HttpResponseMessage> Retrying() => new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(
        new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = Retries, Delay = FirstWait, BackoffType = DelayBackoffType.Exponential, UseJitter = true, MaxDelay = LongestWait,
            ShouldHandle = args => ValueTask.FromResult(
                IsFailure(args.Outcome) && MayBeRepeated(args.Context.Properties.GetValue(Request, null!), args.Outcome.Exception)
                && !(WaitFor(args.Outcome.Result) > LongestWait)),
            DelayGenerator = args => ValueTask.FromResult(WaitFor(args.Outcome.Result)), // None: its own.
        });

    private static ResiliencePipelineBuilder<HttpResponseMessage> AddBreaker(this ResiliencePipelineBuilder<HttpResponseMessage> pipeline) =>
        pipeline.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.5, MinimumThroughput = 10, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = TimeSpan.FromSeconds(2),
            ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome)),
        });

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) => outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result is { StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError };

    private static bool MayBeRepeated(HttpRequestMessage request, Exception? failure) =>
        MayBeRepeated(request.Method.Method, request.Headers.Contains(Idempotency.Header))
        || failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }; // Never sent.

    private static TimeSpan? WaitFor(HttpResponseMessage? answer) => answer?.Headers.RetryAfter?.Delta;

    private sealed class ResilientCalls(
        ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> pipelines, Func<ResiliencePipeline<HttpResponseMessage>> build,
        Action<HttpRequestMessage> prepare)
        : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var pipeline = pipelines.GetOrAdd(request.RequestUri!.Authority, _ => build());
            var context = ResilienceContextPool.Shared.Get(cancellationToken);
            context.Properties.Set(Request, request);
            try
            {
                return await pipeline.ExecuteAsync(
                    async one =>
                    {
                        prepare(request);
                        return await base.SendAsync(request, one.CancellationToken);
                    },
                    context);
            }
            catch (BrokenCircuitException e)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, $"{request.RequestUri.Authority} failed too often and is left alone for a moment.", e);
            }
            catch (TimeoutRejectedException e)
            {
                // As the client's own timeout is told.
                throw new TaskCanceledException($"{request.RequestUri.Authority} did not answer in time.", new TimeoutException(e.Message, e));
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }
}
