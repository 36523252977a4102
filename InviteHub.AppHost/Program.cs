using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using InviteHub.AppHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

try
{
    var builder = DistributedApplication.CreateBuilder(args);
    var port = builder.Configuration.GetValue("INVITEHUB_PORT", 8080);
    var publicUrl = $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}";
    // How many there are of the gateway and of each service. Of several, one that stops has others that take over meanwhile.
    var replicas = builder.Configuration.GetValue("INVITEHUB_REPLICAS", 1);
    var drainFor = replicas > 1 ? "00:00:03" : "00:00:00";
    // For what has to run on a cluster of RabbitMQ elsewhere; one node has nothing of it. Changed, it asks for a data folder of its own.
    var quorumQueues = builder.Configuration["QuorumQueues"] ?? "false";

    var masterKey = builder.AddParameter("master-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);
    var adminEmail = builder.Configuration["INVITEHUB_ADMIN_EMAIL"] is { Length: > 0 } email ? email : "admin@invitehub.local";
    var adminPassword = builder.Configuration["INVITEHUB_ADMIN_PASSWORD"] is { Length: > 0 } given
        ? builder.AddParameter("admin-password", given, secret: true)
        : builder.AddParameter("admin-password", new FirstAdminPassword(adminEmail), secret: true, persist: true);

    // What everything stands on.
    var postgres = builder.AddPostgres("postgres").WithDataVolume();
    var keyRing = await AddOwnDatabaseAsync("keyring");
    var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();
    var maildev = builder.AddExecutable("maildev", "node", "maildev", "node_modules/maildev/bin/maildev", "--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--silent")
        .WithHttpEndpoint(port: builder.Configuration.GetValue("INVITEHUB_MAIL_UI_PORT", 1080), env: "MAILDEV_WEB_PORT", isProxied: false)
        .WithEndpoint(scheme: "smtp", name: "smtp", env: "MAILDEV_SMTP_PORT", isProxied: false)
        .WithHttpHealthCheck("/healthz");
    // Where text messages arrive on this machine.
    var smsSecret = builder.AddParameter("sms-secret", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);
    var smsInbox = builder.AddExecutable("sms", "node", "sms", "inbox.mjs")
        .WithHttpEndpoint(env: "SMS_PORT", isProxied: false)
        .WithHttpHealthCheck("/healthz")
        .WithEnvironment("SMS_SECRET", smsSecret);

    // The services: each with a database of its own.
    var identity = (await AddServiceAsync("identity", "../services/Identity/InviteHub.Identity.csproj"))
        .WithEnvironment("INVITEHUB_ADMIN_EMAIL", adminEmail)
        .WithEnvironment("INVITEHUB_ADMIN_PASSWORD", adminPassword);
    var subscriptions = await AddServiceAsync("subscriptions", "../services/Subscriptions/InviteHub.Subscriptions.csproj");
    var invitations = (await AddServiceAsync("invitations", "../services/Invitations/InviteHub.Invitations.csproj"))
        .WithReference(identity);
    var notifications = (await AddServiceAsync("notifications", "../services/Notifications/InviteHub.Notifications.csproj"))
        .WithEnvironment("Smtp__Url", maildev.GetEndpoint("smtp"))
        .WithEnvironment("Smtp__From", "InviteHub <no-reply@invitehub.local>")
        .WithEnvironment("Sms__Provider", "webhook")
        .WithEnvironment("Sms__Url", smsInbox.GetEndpoint("http"))
        .WithEnvironment("Sms__Secret", smsSecret)
        // Another program on this machine may be told of what happens.
        .WithEnvironment("Webhooks__AllowPrivateAddresses", "true")
        .WaitFor(maildev).WaitFor(smsInbox);

    // The one door. It starts beside the services, and says itself at /health whether they are healthy.
    var gateway = builder.AddProject("gateway", "../gateway/InviteHub.Gateway.csproj")
        .WithHttpEndpoint(port: port)
        .WithExternalHttpEndpoints()
        .WithHttpHealthCheck("/ready")
        .WithReplicas(replicas)
        .WithEnvironment("DrainFor", drainFor)
        .WithEnvironment("PublicUrl", publicUrl)
        .WithEnvironment("PrivacyPolicyUrl", builder.Configuration["PrivacyPolicyUrl"] ?? "")
        // Here everybody comes from one address; the gateway's own default is for callers from everywhere.
        .WithEnvironment("Gateway__RateLimit__PerSecond", builder.Configuration["Gateway:RateLimit:PerSecond"] ?? "10000")
        .WithReference(identity)
        .WithReference(subscriptions)
        .WithReference(invitations)
        .WithReference(notifications);

    await using var app = builder.Build();
    await app.StartAsync();
    var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    foreach (var part in (IResource[])[maildev.Resource, smsInbox.Resource, identity.Resource, subscriptions.Resource, invitations.Resource, notifications.Resource, gateway.Resource])
        await app.ResourceNotifications.WaitForResourceHealthyAsync(part.Name, stopping);
    if (builder.Configuration.GetValue("INVITEHUB_DEMO", defaultValue: false))
    {
        using var demo = new Demo(new(publicUrl), new(maildev.GetEndpoint("http").Url), adminEmail, (await adminPassword.Resource.GetValueAsync(stopping))!);
        await Console.Out.WriteLineAsync(await demo.FillAsync(stopping));
    }

    await Console.Out.WriteLineAsync(
        $"InviteHub is ready: {publicUrl} (mail inbox {maildev.GetEndpoint("http").Url}, text messages {smsInbox.GetEndpoint("http").Url}, dashboard {builder.Configuration["ASPNETCORE_URLS"]}/login?t={builder.Configuration["AppHost:BrowserToken"]})");
    await app.WaitForShutdownAsync();
    return 0;

    async Task<IResourceBuilder<ProjectResource>> AddServiceAsync(string name, string project)
    {
        var own = await AddOwnDatabaseAsync(name);
        return builder.AddProject(name, project)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithReplicas(replicas)
            .WithEnvironment("DrainFor", drainFor)
            .WithReference(own.Connection).WaitFor(own.Database)
            .WithReference(keyRing.Connection).WaitFor(keyRing.Database)
            .WithReference(messaging).WaitFor(messaging)
            .WithEnvironment("QuorumQueues", quorumQueues)
            .WithEnvironment("MasterKey", masterKey)
            .WithEnvironment("PublicUrl", publicUrl);
    }

    // A database owned by a role of its own, so that nobody can read another's tables. The database comes first, since it can't be
    // made in the same transaction as anything else; what follows it may run again.
    async Task<(IResourceBuilder<ConnectionStringResource> Connection, IResourceBuilder<PostgresDatabaseResource> Database)> AddOwnDatabaseAsync(string role)
    {
        var name = $"{role}db";
        var password = builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var database = postgres.AddDatabase($"{role}-database", name).WithCreationScript(
            $"""
            CREATE DATABASE {name};
            DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            ALTER ROLE {role} PASSWORD '{await password.Resource.GetValueAsync(CancellationToken.None)}';
            ALTER DATABASE {name} OWNER TO {role};
            REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;
            """);
        var server = postgres.Resource.PrimaryEndpoint;
        var connection = builder.AddConnectionString(
            name,
            ReferenceExpression.Create(
                $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Username={role};Password={password};Database={name}"));
        return (connection, database);
    }
}
catch (OperationCanceledException)
{
    return 0; // Stopped before it was ready.
}
catch (DistributedApplicationException error)
{
    await Console.Error.WriteLineAsync($"InviteHub can't start.\n{error.Message}");
    return 1;
}
