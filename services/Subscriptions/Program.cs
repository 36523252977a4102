using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions;
using InviteHub.Subscriptions.Features;
using InviteHub.Subscriptions.Integration;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("subscriptions", Catalogue.Events);
builder.Services.AddReadModels().AddPublishing("subscriptions.publish.v1", Publish.From);
builder.Services.AddSubscription<Notices>();
builder.Services.AddHostedService<PeriodWorker>();
builder.AddMessaging("subscriptions", bus =>
{
    bus.AddConsumer<InvitationRequestedConsumer>();
    bus.AddConsumer<InvitationBatchUploadedConsumer>();
    bus.AddConsumer<InvitationsRequestedConsumer>();
    bus.AddConsumer<InvitationWithdrawnConsumer>();
    bus.AddConsumer<InviteeProvisionedConsumer>();
    bus.AddConsumer<PersonChangedConsumer>();
    bus.AddConsumer<ErasureDueConsumer>();
    bus.AddConsumer<RoleAssignmentGrantedConsumer>();
    bus.AddConsumer<RoleAssignmentRefusedConsumer>();
});

var app = builder.Build();
var api = app.MapServiceDefaults();

var organizations = api.MapGroup("/organizations").WithTags("Organizations");
organizations.MapUpdates("/updates", Permission.SeeOrganizations, "organization").WithName("HearOfOrganizations");
CreateOrganization.Map(organizations);
ListOrganizations.Map(organizations);
GetOrganization.Map(organizations);
ChangeOrganization.Map(organizations);
GetSettings.Map(organizations);
ChangeSettings.Map(organizations);
ListMembers.Map(organizations);
RemoveMember.Map(organizations);
AssignApplicant.Map(organizations);
ListAssignments.Map(organizations);
Appoint.Map(organizations);
EndAppointment.Map(organizations);
ListAppointments.Map(organizations);
AddClassroom.Map(organizations);
ChangeClassroom.Map(organizations);
ListClassrooms.Map(organizations);
GrantPermissions.Map(organizations);
ListPermissions.Map(organizations);
EntitleApp.Map(organizations);
GetOrganizationLogs.Map(organizations);

var apps = api.MapGroup("/apps").WithTags("Apps");
CreateApp.Map(apps);
ChangeApp.Map(apps);
ListApps.Map(apps);
GetApp.Map(apps);

var subscriptions = api.MapGroup("/subscriptions").WithTags("Subscriptions");
subscriptions.MapUpdates("/updates", Permission.SeeOrganizations, "subscription").WithName("HearOfSubscriptions");
CreateSubscription.Map(subscriptions);
ListSubscriptions.Map(subscriptions);
GetSubscription.Map(subscriptions);
ChangeSubscription.Map(subscriptions);
HandSeatOver.Map(subscriptions);
TakeSeatBack.Map(subscriptions);
GetSeatLedger.Map(subscriptions);
ListSeats.Map(subscriptions);
GetUsage.Map(subscriptions);
GetSubscriptionLogs.Map(subscriptions);

var services = api.MapGroup("/services").WithTags("Services");
CreateService.Map(services);
ListServices.Map(services);
GetService.Map(services);
RenameService.Map(services);
ServiceAdministrators.Map(services);
GetServiceLogs.Map(services);

await app.RunService();
