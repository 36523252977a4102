using InviteHub.LocalHost;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that happened to a resource.</summary>
public class ResourceEvent
{
    internal ResourceEvent(IResource resource) => Resource = resource;

    /// <summary>The resource.</summary>
    public IResource Resource { get; }
}

/// <summary>Tells how the resources are.</summary>
public class ResourceNotificationService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceNotificationService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    /// <summary>Waits until all replicas of a resource are healthy; throws when it can't be started at all.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        new(await _orchestrator.WaitUntilHealthyAsync(resourceName, cancellationToken));
}
