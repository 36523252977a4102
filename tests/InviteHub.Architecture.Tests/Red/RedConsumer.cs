using MassTransit;

namespace InviteHub.Architecture.Tests.Red;

/// <summary>Is consumed from a queue that the table does not name.</summary>
internal sealed record Heard;

internal sealed class HeardConsumer : IConsumer<Heard>
{
    public Task Consume(ConsumeContext<Heard> context) => Task.CompletedTask;
}
