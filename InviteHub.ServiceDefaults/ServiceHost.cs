using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace InviteHub.ServiceDefaults;

/// <summary>What every service shares, in two calls before and two after the host is built.</summary>
public static class ServiceHost
{
    /// <summary>How long an access token is good for; the session behind it lives longer.</summary>
    public static readonly TimeSpan AccessTokenLivesFor = TimeSpan.FromMinutes(15);

    /// <summary>Marks a health check without which a service goes on.</summary>
    public const string OnlyInDetails = "details";

    /// <summary>Adds telemetry, health, problem details, tokens and the clock: what the gateway shares too.</summary>
    public static void AddCommonDefaults(this WebApplicationBuilder builder, string service)
    {
        Telemetry.WriteStandardTags();
        // Paths may hold the secret of a link: requests are in the traces, cleaned, and not in the log (NOT-04).
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.AddTelemetry(service);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddProblems();
        builder.Services.AddHealthChecks();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddDraining();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
    }

    /// <summary>Adds everything a service with an event store has.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="service">Its name, such as <c>identity</c>; its database is <c>ConnectionStrings:identitydb</c>, and past a pooler in
    /// transaction mode, where there is one, <c>ConnectionStrings:identitydb_direct</c>.</param>
    /// <param name="events">Registers its catalogues of events.</param>
    /// <param name="issuesTokens">Identity alone makes keys for tokens; the others only read them.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string service, Action<EventTypes> events, bool issuesTokens = false)
    {
        builder.AddCommonDefaults(service);
        SqlTypes.Register();
        var database = Required(builder.Configuration, $"ConnectionStrings:{service}db");
        var further = FurtherMasterKeys(builder.Configuration);
        var direct = builder.Configuration[$"ConnectionStrings:{service}db_direct"];
        builder.Services.AddEventStore(
            database, events, new MasterKey(Master(builder.Configuration), further), string.IsNullOrEmpty(direct) ? null : direct);
        builder.AddKeyRing(issuesTokens);
        if (further.Length > 0)
            builder.Services.AddHostedService<Rewrapping>();
        builder.Services.AddSingleton<LinkTokens>();
        builder.Services.AddSingleton<Idempotency>();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<ReaderLog>();
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme)
            .AddBearerToken(tokens => tokens.BearerTokenExpiration = AccessTokenLivesFor);
        builder.Services.AddSingleton<EndedSessions>();
        builder.Services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .PostConfigure<EndedSessions>((tokens, ended) => tokens.BearerTokenProtector = new EndedSessions.Guard(tokens.BearerTokenProtector, ended));
        builder.Services.AddAuthorization();
        builder.Services.AddOpenApi("v1", api =>
        {
            api.CreateSchemaReferenceId = SchemaName;
            api.AddOperationTransformer(RequestDescription.Describe);
            // A merge patch is read as JSON, since what is left out differs from what is null; clients are shown the shape that it patches. Of
            // what may be text as well, the JSON has the shape.
            api.AddOperationTransformer(async (operation, context, ct) =>
            {
                var shape = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType;
                if (shape is null || context.Description.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type.Equals(shape) == true)
                    return;
                foreach (var (_, content) in operation.RequestBody?.Content?.Where(one => one.Key.Contains("json", StringComparison.Ordinal)) ?? [])
                    content.Schema = await context.GetOrCreateSchemaAsync(shape, parameterDescription: null, ct);
            });
        });
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        if (!issuesTokens)
            builder.Services.DoNotPreloadKeys(); // Last: whatever uses keys asks for that.
    }

    /// <summary>Creates what the service's databases lack, maps health and the API's description, and runs until told to stop.</summary>
    public static async Task RunService(this WebApplication app)
    {
        await app.Services.GetRequiredService<KeyRing>().ApplySchema();
        await app.Services.GetRequiredService<EndedSessions>().Load();
        // Not the entry assembly: in a test the host is started by another one.
        var own = Assembly.Load(new AssemblyName(app.Environment.ApplicationName));
        await app.Services.GetRequiredService<PostgresEventStore>().ApplySchema(PostgresEventStore.EmbeddedSql(own));
        await app.RunAsync();
    }

    /// <summary>Adds what stands before and beside the service's own endpoints; call it before mapping them.</summary>
    public static RouteGroupBuilder MapServiceDefaults(this WebApplication app)
    {
        app.UseDraining();
        // Who asks is what the gateway says, and nobody but a neighbour on this machine is believed about that.
        app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto });
        app.UseProblems();
        app.UseDeadline();
        // More than there are connections to the database, since who waits for an outcome needs none; and room for a rush of a thousand.
        app.UseOverload(atOnce: 200, waiting: 1000);
        app.UseAuthentication();
        app.UsePasswordChange();
        app.UseAuthorization();
        app.MapHealth();
        app.MapOpenApi().Requires(Permission.Operational);
        var api = app.MapGroup("/api/v1");
        AuditStreams.Map(api);
        AuditExports.Map(api);
        AuditChanges.Map(api);
        AuditProjections.Map(api);
        return api;
    }

    /// <summary>
    /// <c>/alive</c>: the process answers. <c>/health</c>: it and what it needs can work. <c>/health/details</c>: each thing that it needs, with
    /// those without which it goes on, for who looks for what is wrong.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).Requires(Permission.Operational);
        app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = check => !check.Tags.Contains(OnlyInDetails) }).Requires(Permission.Operational);
        app.MapHealthChecks("/health/details", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                report.Entries.ToDictionary(check => check.Key, check => JsonNamingPolicy.CamelCase.ConvertName(check.Value.Status.ToString()), StringComparer.Ordinal)),
        }).Requires(Permission.Operational);
    }

    /// <summary>Loads keys when the first token comes, and not before: until Identity has made one, looking for them would log an error.</summary>
    /// <param name="services">Those of a program that makes no keys itself.</param>
    public static void DoNotPreloadKeys(this IServiceCollection services)
    {
        foreach (var preload in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly).ToArray())
            services.Remove(preload);
    }

    // Each feature nests a Request of its own: by their simple names, all of them would be described as the first one.
    private static string? SchemaName(JsonTypeInfo shape)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(shape);
        foreach (var type in shape.Type.GetGenericArguments().Append(shape.Type).Where(type => type.DeclaringType is not null))
            name = name?.Replace(type.Name, type.DeclaringType!.Name + type.Name, StringComparison.Ordinal);
        return name;
    }

    private static void AddKeyRing(this WebApplicationBuilder builder, bool issuesTokens)
    {
        var connection = Required(builder.Configuration, "ConnectionStrings:keyringdb");
        builder.Services.AddSingleton(p => new KeyRing(
            ServiceCollectionExtensions.CreateDataSource(connection), p.GetRequiredService<IKeyWrapper>(), p.GetRequiredService<TimeProvider>()));
        builder.Services.AddDataProtection().SetApplicationName("InviteHub");
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(p => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = p.GetRequiredService<KeyRing>();
            keys.XmlEncryptor = new MasterKeyXml(p);
            keys.AutoGenerateKeys = issuesTokens;
        }));
    }

    private static string Master(ConfigurationManager configuration) =>
        configuration["MasterKeyFile"] is { Length: > 0 } file ? File.ReadAllText(file).Trim() : Required(configuration, "MasterKey");

    /// <summary>Those that are read with while one replaces another, a line each.</summary>
    private static string[] FurtherMasterKeys(ConfigurationManager configuration) =>
        (configuration["FurtherMasterKeysFile"] is { Length: > 0 } file ? File.ReadAllText(file) : configuration["FurtherMasterKeys"] ?? "")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Required(ConfigurationManager configuration, string key) => configuration[key] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{key} is missing in the configuration (as an environment variable: {key.Replace(":", "__", StringComparison.Ordinal)})");

    private sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
