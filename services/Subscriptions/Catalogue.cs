using InviteHub.EventStore;
using InviteHub.Subscriptions.ReadModels;

namespace InviteHub.Subscriptions;

/// <summary>The events of this service and the read models that are written with them: for the host, and for whatever else opens its streams.</summary>
internal static class Catalogue
{
    public static void Events(EventTypes events) => events
        .Add<OrganizationEvent>()
        .Add<AppEvent>()
        .Add<SubscriptionEvent>().Snapshot<Subscription, SubscriptionEvent>(every: 100, schemaVersion: 3, SeatsInBytes.Snapshots)
        .Add<AdmissionEvent>()
        .Add<AdmissionChunkEvent>()
        .Add<AppointmentEvent>()
        .Add<ServiceEvent>();

    public static IServiceCollection AddReadModels(this IServiceCollection services) => services
        .AddInlineProjection<Organizations>()
        .AddInlineProjection<OrganizationAccesses>()
        .AddInlineProjection<SettingsOfOrganizations>()
        .AddInlineProjection<Classrooms>()
        .AddInlineProjection<Apps>()
        .AddInlineProjection<Entitlements>()
        .AddInlineProjection<ReadModels.Subscriptions>()
        .AddInlineProjection<Appointments>()
        .AddInlineProjection<SeatHolders>()
        .AddInlineProjection<ReadModels.Services>();
}
