using InviteHub.EventStore;
using InviteHub.Invitations;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.Integration;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("invitations", events => events.Add<InvitationEvent>().Add<InvitationBatchEvent>().Add<BatchChunkEvent>());
builder.Services.AddInlineProjection<InvitationList>();
builder.Services.AddSingleton<InvitationQueries>();
builder.Services.AddSingleton<InvitationLinks>();
builder.Services.AddPublishing<Invitation, InvitationEvent>("invitations.publish.v1", Publish.Contract);
builder.Services.AddHostedService<ExpiryWorker>();
builder.Services.AddInlineProjection<BatchList>();
builder.Services.AddSingleton<InvitationBatches>();
builder.Services.AddPublishing<InvitationBatch, InvitationBatchEvent>("invitations.batches.v1", PublishBatches.Contract);
builder.Services.AddPublishing("invitations.chunks.v1", PublishBatches.Contract);
builder.Services.AddHostedService<BatchWorker>();
builder.Services.AddHttpClient<IdentityClient>(http =>
{
    http.BaseAddress = new Uri(builder.Configuration["services:identity:http:0"] ?? throw new InvalidOperationException("services:identity:http:0 is missing"));
    http.Timeout = TimeSpan.FromSeconds(10);
});
builder.AddMessaging("invitations", bus =>
{
    bus.AddSagaStateMachine<InviteMachine, InviteSaga>().EventStoreRepository();
    bus.AddSagaStateMachine<RegisterMachine, RegisterSaga>().EventStoreRepository();
    bus.AddConsumer<PersonChangedConsumer>();
    bus.AddConsumer<OrganizationAccessChangedConsumer>();
    bus.AddConsumer<InvitationDeliveryChangedConsumer>();
    bus.AddConsumer<InvitationBatchCheckedConsumer>();
    bus.AddConsumer<InvitationsAnsweredConsumer>();
});

var app = builder.Build();
var api = app.MapServiceDefaults();
CreateInvitation.Map(api);
ListInvitations.Map(api);
GetInvitation.Map(api);
RevokeInvitation.Map(api);
GetRegistration.Map(api);
Register.Map(api);
AcceptInvitation.Map(api);
var batches = api.MapGroup("/invitations/batches");
StartBatch.Map(batches);
GetBatch.Map(batches);
CommitBatch.Map(batches);
CancelBatch.Map(batches);
UndoBatch.Map(batches);
await app.RunService();
