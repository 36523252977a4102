using InviteHub.EventStore;
using InviteHub.Invitations;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.Integration;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(
    "invitations",
    events => events.Add<InvitationEvent>().Add<TeamLinkEvent>().Add<InvitationBatchEvent>().Add<BatchChunkEvent>().Add<ExpiryDigestEvent>());
builder.Services.AddInlineProjection<CountedOut>();
builder.Services.AddInlineProjection<InvitationList>();
builder.Services.AddInlineProjection<CountedIn>();
builder.Services.AddInlineProjection<ExpiredInvitations>();
builder.Services.AddHostedService<InvitationCounting>();
builder.Services.AddSingleton<InvitationDirectory>();
builder.Services.AddSingleton<FoundIds>();
builder.Services.AddInlineProjection<Approvals>();
builder.Services.AddInlineProjection<HourlyInvitations>();
builder.Services.AddInlineProjection<InvitationTimers>();
builder.Services.AddInlineProjection<TeamLinkList>();
builder.Services.AddSingleton<DueTimers>();
builder.Services.AddSingleton<DueDigests>();
builder.Services.AddSingleton<TeamLinkQueries>();
builder.Services.AddSingleton<InvitationQueries>();
builder.Services.AddSingleton<InvitationPolicies>();
builder.Services.AddSingleton<InvitationLinks>();
builder.Services.AddPublishing<Invitation, InvitationEvent>("invitations.publish.v1", Publish.Contract);
builder.Services.AddPublishing<Invitation, InvitationEvent>("invitations.notices.v1", Notices.OfOne);
builder.Services.AddPublishing("invitations.expiries.v1", Notices.OfExpired, ExpiryDigest.Category);
builder.Services.AddHostedService<TimerWorker>();
builder.Services.AddHostedService<ExpiryDigestWorker>();
builder.Services.AddInlineProjection<BatchList>();
builder.Services.AddSingleton<InvitationBatches>();
builder.Services.AddPublishing(
    "invitations.batches.v1", InvitationBatch.Category,
    services => (events, session, ct) => PublishBatches.OfBatches(services.GetRequiredService<InvitationBatches>(), events, session, ct));
builder.Services.AddPublishing("invitations.chunks.v1", BatchChunk.Category, PublishBatches.OfChunks);
builder.Services.AddHostedService<BatchWorker>();
builder.Services.AddHttpClient<IdentityClient>(http =>
{
    http.BaseAddress = new Uri(builder.Configuration["services:identity:http:0"] ?? throw new InvalidOperationException("services:identity:http:0 is missing"));
    http.Timeout = TimeSpan.FromSeconds(10);
}).AddResilience(attempt: TimeSpan.FromSeconds(5));
builder.Services.AddHostedService<SagaAge>();
builder.AddMessaging("invitations", bus =>
{
    bus.AddSagaStateMachine<InviteMachine, InviteSaga>().EventStoreRepository();
    bus.AddSagaStateMachine<RegisterMachine, RegisterSaga>().EventStoreRepository();
    bus.AddConsumer<AccountInvitationDueConsumer>();
    bus.AddConsumer<AccountTakenOverConsumer>();
    bus.AddConsumer<PersonChangedConsumer>();
    bus.AddConsumer<ErasureDueConsumer>();
    bus.AddConsumer<OrganizationAccessChangedConsumer>();
    bus.AddConsumer<OrganizationSettingsChangedConsumer>();
    bus.AddConsumer<InvitationDeliveryChangedConsumer>();
    bus.AddConsumer<InvitationBatchCheckedConsumer>();
    bus.AddConsumer<InvitationsAnsweredConsumer>();
});

var app = builder.Build();
var api = app.MapServiceDefaults();
CreateInvitation.Map(api);
ListInvitations.Map(api);
api.MapUpdates("/invitations/updates", Permission.Invite, "invitation").WithName("HearOfInvitations").WithTags("Invitations");
GetInvitation.Map(api);
GetInvitationLogs.Map(api);
EditInvitation.Map(api);
ResendInvitation.Map(api);
RevokeInvitation.Map(api);
DeclineInvitation.Map(api);
AskForNewLink.Map(api);
ListOwnInvitations.Map(api);
AcceptOwnInvitation.Map(api);
ApproveInvitation.Map(api);
RejectInvitation.Map(api);
CreateTeamLink.Map(api);
RevokeTeamLink.Map(api);
ListTeamLinks.Map(api);
GetTeamOffer.Map(api);
JoinByTeamLink.Map(api);
GetRegistration.Map(api);
Register.Map(api);
AcceptInvitation.Map(api);
var batches = api.MapGroup("/invitations/batches");
StartBatch.Map(batches);
GetBatch.Map(batches);
batches.MapUpdates("/updates", Permission.BulkInvite, "invitationbatch", "batchchunk", "invitation").WithName("HearOfBatches").WithTags("Batches");
CommitBatch.Map(batches);
ApproveBatch.Map(batches);
RejectBatch.Map(batches);
CancelBatch.Map(batches);
UndoBatch.Map(batches);
await app.RunService();
