using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore.Tests;

[Trait("Feature", "OPS-03")]
public sealed class recurring_work
{
    [Fact]
    public async Task that_is_stopped_in_the_middle_stops_nothing_else()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System).AddHostedService<Endless>();
        using var host = builder.Build();
        await host.StartAsync();
        var work = host.Services.GetServices<IHostedService>().OfType<Endless>().Single();
        await work.Begun.Task;

        await work.StopAsync(CancellationToken.None);

        await work.ExecuteTask!;
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        await host.StopAsync();
    }

    [Fact]
    public async Task that_fails_is_done_again()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System).AddHostedService<Failing>();
        using var host = builder.Build();

        await host.StartAsync();

        await host.Services.GetServices<IHostedService>().OfType<Failing>().Single().Again.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await host.StopAsync();
    }

    private sealed class Endless(TimeProvider clock, ILogger<Endless> log) : RecurringWork(TimeSpan.FromSeconds(1), clock, log)
    {
        public TaskCompletionSource Begun { get; } = new();

        protected override async Task<TimeSpan> Work(CancellationToken ct)
        {
            Begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return Every;
        }
    }

    private sealed class Failing(TimeProvider clock, ILogger<Failing> log) : RecurringWork(TimeSpan.FromMilliseconds(10), clock, log)
    {
        private int _times;

        public TaskCompletionSource Again { get; } = new();

        // As one that a library cancelled by itself.
        protected override Task<TimeSpan> Work(CancellationToken ct) => ++_times == 1 ? throw new OperationCanceledException() : Done();

        private Task<TimeSpan> Done()
        {
            Again.TrySetResult();
            return Task.FromResult(Timeout.InfiniteTimeSpan);
        }
    }
}
