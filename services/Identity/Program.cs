using InviteHub.EventStore;
using InviteHub.Identity;
using InviteHub.Identity.Features;
using InviteHub.Identity.Integration;
using InviteHub.Identity.ReadModels;
using InviteHub.Identity.Sagas;
using InviteHub.ServiceDefaults;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(
    "identity",
    events => events.Add<UserEvent>().Add<SystemAdminsEvent>().Add<SessionEvent>().Add<ProvisioningEvent>()
        .Add<RoleAssignmentEvent>().Add<AppSeatEvent>().Add<TwoFactorEvent>().Add<DigitalIdentityEvent>().Add<UserImportEvent>()
        .Add<RemovalEvent>().Add<AnonymizationEvent>(),
    issuesTokens: true);
builder.Services.AddHostedService<SagaAge>();
builder.AddMessaging("identity", bus =>
{
    bus.AddConsumer<RegistrationStartedConsumer>();
    bus.AddConsumer<InvitationOpenedConsumer>();
    bus.AddConsumer<InvitationRequestedConsumer>();
    bus.AddConsumer<InvitationsRequestedConsumer>();
    bus.AddConsumer<InvitationsOpenedConsumer>();
    bus.AddConsumer<InvitationDeliveryChangedConsumer>();
    bus.AddConsumer<InvitationAcceptedConsumer>();
    bus.AddConsumer<InvitationWithdrawnConsumer>();
    bus.AddConsumer<RoleAssignmentRequestedConsumer>();
    bus.AddConsumer<RoleAssignmentEndedConsumer>();
    bus.AddConsumer<SeatTransferredConsumer>();
    bus.AddConsumer<SeatTakenBackConsumer>();
    bus.AddConsumer<OrganizationChangedConsumer>();
    bus.AddConsumer<OrganizationSettingsChangedConsumer>();
    bus.AddConsumer<OrganizationAccessChangedConsumer>();
    bus.AddConsumer<ErasureDueConsumer>();
    bus.AddSagaStateMachine<AnonymizeMachine, AnonymizeSaga>().EventStoreRepository();
});

builder.Services.AddPublishing("identity.publish.v1", Publish.Map);
builder.Services.AddPublishing("identity.notices.v1", Notices.Map);
builder.Services.AddSubscription<TellOfEndedSessions>();
builder.Services.AddInlineProjection<Users.Projection>();
builder.Services.AddInlineProjection<Identities.Projection>();
builder.Services.AddInlineProjection<Sessions.Projection>();
builder.Services.AddInlineProjection<SignInGrants.Projection>();
builder.Services.AddInlineProjection<PasswordResets.Projection>();
builder.Services.AddInlineProjection<UserImports.Projection>();
builder.Services.AddInlineProjection<RemovalRequests.Projection>();
builder.Services.AddSingleton<RemovalRequests>();
builder.Services.AddSingleton<Users>();
builder.Services.AddSingleton<UsersDirectory>();
builder.Services.AddSingleton<FoundIds>();
builder.Services.AddSingleton<Sessions>();
builder.Services.AddSingleton<SignInGrants>();
builder.Services.AddSingleton<SignInAttempts>();
builder.Services.AddSingleton<Identities>();
builder.Services.AddSingleton<Names>();
builder.Services.AddSingleton<Readers>();
builder.Services.AddSingleton<PasswordResets>();
builder.Services.AddSingleton<UserImports>();
builder.Services.AddSingleton<Tokens>();
builder.Services.AddSingleton<OwnPassword>();
builder.Services.AddSingleton<AccountPasswords>();
builder.Services.AddHostedService<BootstrapAdmin>();
builder.Services.AddHostedService<ImportWorker>();
builder.Services.AddRateLimiter(GetAvailability.AddLimit);

var app = builder.Build();
var api = app.MapServiceDefaults();
app.UseRateLimiter();
SignIn.Map(api);
MailSignInCode.Map(api);
RefreshSession.Map(api);
EndSession.Map(api);
GetMe.Map(api);
ListSessions.Map(api);
EndOwnSession.Map(api);
ChangePassword.Map(api);
OwnProfile.Map(api);
Avatar.Map(api);
ExportOwnData.Map(api);
RequestRemoval.Map(api);
ListRemovalRequests.Map(api);
GetTwoFactor.Map(api);
EnrolAuthenticator.Map(api);
TurnOnEmailCodes.Map(api);
TurnOffSecondFactor.Map(api);
MakeRecoveryCodes.Map(api);
RequestPasswordReset.Map(api);
GetPasswordReset.Map(api);
SetForgottenPassword.Map(api);
var users = api.MapGroup("/users");
users.MapUpdates("/updates", Permission.ManageUsers, "user", "removal").WithName("HearOfUsers").WithTags("Users");
ListUsers.Map(users);
AddUser.Map(users);
GetUser.Map(users);
EditUser.Map(users);
GetAvailability.Map(users);
InviteUsers.Map(users);
ImportUsers.Map(users);
GetImport.Map(users);
CancelImport.Map(users);
ChangeSystemRole.Map(users);
ResetPassword.Map(users);
HelpWithTwoFactor.Map(users);
AnonymizeUser.Map(users);
GetAnonymization.Map(api);
GetLogs.Map(api);
ListReaders.Map(api);
GiveIdentity.Map(api);
ReviewIdentity.Map(api);
var inner = app.MapGroup("/internal");
SignInWithGrant.Map(inner);
ProlongSession.Map(inner);

await app.RunService();
