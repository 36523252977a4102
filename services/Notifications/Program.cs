using InviteHub.EventStore;
using InviteHub.Notifications;
using InviteHub.Notifications.Bounces;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.Integration;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Sending;
using InviteHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("notifications", events => events.Add<DeliveryEvent>().Add<MailingEvent>());
builder.Services.AddInlineProjection<DueDeliveries>();
builder.Services.AddInlineProjection<Deliveries>();
builder.Services.AddPublishing<Delivery, DeliveryEvent>("notifications.publish.v1", Publish.Contract);
builder.Services.AddSingleton(MailSettings.Read(builder.Configuration));
builder.Services.AddSingleton<IMailTransport, SmtpTransport>();
builder.Services.AddSingleton(p => SmsProvider.Read(builder.Configuration, p.GetRequiredService<TimeProvider>()));
builder.Services.AddSingleton(BounceSettings.Read(builder.Configuration));
builder.Services.AddSingleton<MailReference>();
builder.Services.AddHostedService<MaildirReader>();
builder.Services.AddSingleton<MailComposer>();
builder.Services.AddHostedService<Sender>();
builder.AddMessaging("notifications", bus =>
{
    bus.AddConsumer<InvitationOpenedConsumer>();
    bus.AddConsumer<InvitationWithdrawnConsumer>();
    bus.AddConsumer<NoticeDueConsumer>();
    bus.AddConsumer<PersonChangedConsumer>();
    bus.AddConsumer<OrganizationSettingsChangedConsumer>();
});

var app = builder.Build();
var api = app.MapServiceDefaults();
ListMessages.Map(api);
PreviewMessage.Map(api);
TakeBounce.Map(api);
CheckAddress.Map(api);
await app.RunService();
