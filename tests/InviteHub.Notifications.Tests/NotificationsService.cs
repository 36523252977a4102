using System.Collections.Concurrent;
using InviteHub.EventStore;
using InviteHub.Testing;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace InviteHub.Notifications.Tests;

/// <summary>The service as it runs, with a mail server that does as told and a clock that the test moves.</summary>
[CollectionDefinition(Collection)]
public sealed class NotificationsService() : TestService("notifications"), ICollectionFixture<NotificationsService>, IAsyncLifetime
{
    /// <summary>One service for all tests of it: two on one broker would take each other's messages.</summary>
    public const string Collection = "notifications";

    public ScriptedSmtp Smtp { get; } = new();

    /// <summary>Who takes text messages.</summary>
    public ScriptedHttp Sms { get; private set; } = null!;

    public static byte[] SmsSecret { get; } = [.. Enumerable.Range(7, 32).Select(n => (byte)n)];

    public static byte[] BounceSecret { get; } = [.. Enumerable.Range(70, 32).Select(n => (byte)n)];

    public FakeClock Clock { get; } = new();

    /// <summary>Every line that the service logged.</summary>
    public ConcurrentQueue<string> Logged { get; } = new();

    public PostgresEventStore Store => Services.GetRequiredService<PostgresEventStore>();

    /// <summary>Publishes as another service does; the message's id is its own unless given.</summary>
    public Task Publish<T>(T message, Guid? messageId = null) where T : class => Services.GetRequiredService<IBus>()
        .Publish(message, Pipe.Execute<PublishContext<T>>(context => context.MessageId = messageId ?? Some.NewId()));

    internal Task<Delivery?> Delivery(Guid invitationId, int generation = 1) => Store.OpenSession().AggregateStream<Delivery, DeliveryEvent>(
        Notifications.Delivery.Stream(Some.Organization, Notifications.Delivery.IdFor(invitationId, generation, "invitation", "email")));

    internal Task<Delivery?> Notice(Guid noticeId) => Store.OpenSession().AggregateStream<Delivery, DeliveryEvent>(
        Notifications.Delivery.Stream(null, Notifications.Delivery.IdFor(noticeId, "email")));

    internal Task NoticeBecomes(Guid noticeId, DeliveryStatus status) => Eventually.Is(
        async () => (await Notice(noticeId))?.Status == status, $"the notice is {status}");

    internal Task Becomes(Guid invitationId, DeliveryStatus status, int generation = 1) => Eventually.Is(
        async () => (await Delivery(invitationId, generation))?.Status == status, $"the delivery is {status}");

    public IEnumerable<ScriptedSmtp.Mail> MailsTo(string address) => Smtp.Received.Where(m => m.To == address);

    public Task MailArrives(string address, int times = 1) =>
        Eventually.Is(() => MailsTo(address).Count() >= times, $"{times} mails for {address}");

    async Task IAsyncLifetime.InitializeAsync()
    {
        Sms = await ScriptedHttp.Start();
        await InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Smtp.Dispose();
        await Sms.DisposeAsync();
    }

    protected override Running Start(Action<IWebHostBuilder> configure) => Start<Program>(configure);

    protected override void Configure(IWebHostBuilder host)
    {
        host.UseSetting("Smtp:Url", $"smtp://127.0.0.1:{Smtp.Port}");
        host.UseSetting("Smtp:From", "InviteHub <no-reply@hub.example>");
        host.UseSetting("Smtp:Timeout", "00:00:20");
        host.UseSetting("Sms:Provider", "webhook");
        host.UseSetting("Sms:Url", Sms.Address.ToString());
        host.UseSetting("Sms:Secret", StandardWebhook.Written(SmsSecret));
        host.UseSetting("Bounces:Address", "bounces@hub.example");
        host.UseSetting("Bounces:Secret", StandardWebhook.Written(BounceSecret));
        host.UseSetting("Webhooks:AllowPrivateAddresses", "true");
        host.UseSetting("PublicUrl", "https://hub.example");
        host.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter(null, LogLevel.Debug).AddProvider(new Lines(Logged)));
    }

    protected override void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
