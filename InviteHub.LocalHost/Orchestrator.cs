using System.Data.Common;
using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.LocalHost;

/// <summary>Starts the resources as their dependencies allow, keeps them up, and stops dependents before what they depend on.</summary>
internal sealed class Orchestrator(
    IReadOnlyList<Resource> resources, DataFolder data, BuildLayout layout, IConfiguration configuration, ILoggerFactory loggers, TimeProvider clock)
    : IHostedService, IDisposable
{
    // What the host itself is told is no business of its children: they get what the description gives them.
    private static readonly string[] OwnVariables = ["ConnectionStrings__", "Parameters__", "INVITEHUB_", "ASPNETCORE_URLS"];
    private static readonly string[] TelemetryVariables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRICS_EXEMPLAR_FILTER",
    ];

    private readonly CancellationTokenSource _stopping = new();
    // A check every other second is nothing that anybody wants a trace of: the flags say so.
    private readonly HttpClient _http = new() { DefaultRequestHeaders = { { "traceparent", $"00-{RandomNumberGenerator.GetHexString(32, lowercase: true)}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}-00" } } };
    private readonly SemaphoreSlim _creatingDatabases = new(1);
    private readonly List<(Resource Resource, ReplicaProxy Proxy)> _proxies = [];
    private ILookup<Resource, Runner> _runners = Array.Empty<Runner>().ToLookup(runner => runner.Resource);
    private IDisposable? _lock;

    /// <summary>Every replica of every resource that the dashboard shows.</summary>
    public IEnumerable<Runner> Runners => _runners.SelectMany(replicas => replicas);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lock = data.Lock();
        await Task.WhenAll(Directory.GetFiles(data.Run, "*.pid").Select(file => ChildProcess.EndLeftoverAsync(file, Signal.Terminate, cancellationToken)));
        foreach (var resource in resources)
            AllocateEndpoints(resource);
        foreach (var server in resources.OfType<ServerResource>().Where(server => !server.KeepsData))
            ThrowAwayFolder.Delete(Path.Combine(data.Path, server.Name));
        var problems = resources.SelectMany(Problems).ToList();
        if (configuration.GetValue<int?>("INVITEHUB_DASHBOARD_PORT") is { } port && !LoopbackPort.IsFree(port))
            problems.Add($"The dashboard's port {port} is already in use by another program; choose another one.");
        if (problems.Count > 0)
            throw new DistributedApplicationException(string.Join('\n', problems));
        _runners = resources
            .Where(resource => resource is not ParameterResource)
            .SelectMany(resource => Enumerable.Range(0, resource.Replicas).Select(replica => NewRunner(resource, replica)))
            .ToLookup(runner => runner.Resource);
        foreach (var resource in resources.Where(resource => resource.Replicas > 1))
        {
            foreach (var endpoint in resource.Endpoints)
                _proxies.Add((resource, await ReplicaProxy.StartAsync(endpoint, [.. _runners[resource]], cancellationToken)));
        }
        foreach (var runner in Runners)
            runner.Start(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        foreach (var tier in DependentsFirst())
        {
            // What the replicas have begun they finish, through the proxy.
            await Task.WhenAll(
                _proxies.Where(proxy => tier.Contains(proxy.Resource)).Select(proxy => proxy.Proxy.DisposeAsync().AsTask())
                    .Concat(tier.SelectMany(resource => _runners[resource]).Select(runner => runner.StopAsync())));
        }
    }

    /// <summary>Stops a replica, or starts it (anew).</summary>
    public Task CommandAsync(Runner runner, string command) => runner.StopAsync(startAgain: command != "stop", _stopping.Token);

    public async Task<IResource> WaitUntilHealthyAsync(string name, CancellationToken cancellationToken)
    {
        var resource = resources.FirstOrDefault(resource => resource.Name == name) ?? throw new DistributedApplicationException($"There is no resource '{name}'.");
        await Task.WhenAll(_runners[resource].Select(runner => runner.WaitUntilHealthyAsync(cancellationToken)));
        return resource;
    }

    public void Dispose()
    {
        foreach (var runner in Runners)
            runner.Dispose();
        _lock?.Dispose();
        _http.Dispose();
        _stopping.Dispose();
        _creatingDatabases.Dispose();
    }

    private static void AllocateEndpoints(Resource resource)
    {
        if (resource is ServerResource { GivenConnectionString: { } given })
        {
            var (host, port) = AddressIn(given);
            resource.Endpoints[0].Allocate((host, port), (host, port));
            return;
        }
        foreach (var endpoint in resource.Endpoints)
        {
            var address = (endpoint.IsExternal ? "localhost" : "127.0.0.1", endpoint.FixedPort ?? LoopbackPort.Next());
            endpoint.Allocate(address, resource.Replicas == 1 ? [address] : [.. Enumerable.Range(0, resource.Replicas).Select(_ => ("127.0.0.1", LoopbackPort.Next()))]);
        }
    }

    private static (string Host, int Port) AddressIn(string connectionString)
    {
        if (Uri.TryCreate(connectionString, UriKind.Absolute, out var uri))
            return (uri.Host, uri.Port > 0 ? uri.Port : 5672);
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return ((string)parts["Host"], parts.TryGetValue("Port", out var port) ? int.Parse((string)port) : 5432);
    }

    /// <summary>What would keep the resource from starting, all of it known before anything has started.</summary>
    private IEnumerable<string> Problems(Resource resource)
    {
        var taken = resource.Endpoints.Where(endpoint => endpoint.FixedPort is { } port && !LoopbackPort.IsFree(port));
        foreach (var endpoint in resource is ServerResource { GivenConnectionString: not null } ? [] : taken)
            yield return $"{resource.Name}: port {endpoint.FixedPort} is already in use by another program; stop that one or choose another port.";
        var missing = resource switch
        {
            PostgresServerResource { GivenConnectionString: null } => Missing(() => PostgresServer.FindBinaries(version: null)),
            RabbitMQServerResource { GivenConnectionString: null } => Missing(() => RabbitMqServer.FindScripts()),
            ProjectResource project when !File.Exists(layout.ProgramOf(project.ProjectPath)) =>
                $"{layout.ProgramOf(project.ProjectPath)} is missing: build {project.ProjectPath} in the same configuration as this host.",
            ProjectResource project when !File.Exists(project.ProjectPath) => $"the project {project.ProjectPath} is missing.",
            ExecutableResource program when ChildProcess.Find(program.Command) is null => $"the program '{program.Command}' is missing: install it, or put it on the PATH.",
            ExecutableResource program when !Directory.Exists(program.WorkingDirectory) => $"the folder {program.WorkingDirectory} is missing.",
            _ => null,
        };
        if (missing is not null)
            yield return $"{resource.Name}: {missing}";
        foreach (var endpoint in resource.Replicas == 1 ? [] : resource.Endpoints.Where(endpoint => !endpoint.MayHaveProxy || endpoint.Scheme != "http"))
            yield return $"{resource.Name}: {resource.Replicas} replicas can't share the endpoint '{endpoint.Name}'; it has to be http, without isProxied: false.";
    }

    private static string? Missing(Func<string> find)
    {
        try
        {
            find();
            return null;
        }
        catch (DistributedApplicationException error)
        {
            return error.Message;
        }
    }

    private Runner NewRunner(Resource resource, int replica)
    {
        var name = resource.Replicas == 1 ? resource.Name : $"{resource.Name}-{replica + 1}";
        var log = new ConsoleLog(Path.Combine(data.Logs, name + ".log"), clock);
        return new Runner(resource, name, replica, log, WaitForDependenciesAsync, loggers.CreateLogger(name), clock)
        {
            StartServer = resource switch
            {
                ServerResource { GivenConnectionString: not null } => null,
                PostgresServerResource postgres => token => StartAsync(postgres, log, token),
                RabbitMQServerResource rabbit => token => StartAsync(rabbit, log, token),
                ProjectResource or ExecutableResource => token => StartAsync(resource, name, replica, log, token),
                _ => null,
            },
            Prepare = resource is PostgresDatabaseResource database ? token => CreateAsync(database, token) : null,
            IsHealthy = resource switch
            {
                PostgresServerResource postgres => token => PostgresServer.AcceptsAsync(postgres.PrimaryEndpoint.Host, postgres.PrimaryEndpoint.Port, token),
                RabbitMQServerResource rabbit => token => LoopbackPort.AnswersAsync(rabbit.PrimaryEndpoint.Host, rabbit.PrimaryEndpoint.Port, token),
                { HttpHealthCheck: { } check } => token => AnswersAsync(new EndpointReference((IResourceWithEndpoints)resource, check.Endpoint).Endpoint.UrlOf(replica) + check.Path, check.Status, token),
                _ => null,
            },
        };
    }

    private Task WaitForDependenciesAsync(Resource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.WaitsFor.SelectMany(dependency => _runners[dependency]).Select(runner => runner.WaitUntilHealthyAsync(cancellationToken)));

    private async Task<IServer> StartAsync(PostgresServerResource postgres, ConsoleLog log, CancellationToken cancellationToken) =>
        await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = Path.Combine(data.Path, postgres.Name),
                Port = postgres.PrimaryEndpoint.Port,
                UserName = (await postgres.UserNameReference.GetValueAsync(cancellationToken))!,
                Password = await postgres.PasswordParameter.GetValueAsync(cancellationToken),
                Output = log.Add,
            },
            cancellationToken);

    private async Task<IServer> StartAsync(RabbitMQServerResource rabbit, ConsoleLog log, CancellationToken cancellationToken) =>
        await RabbitMqServer.StartAsync(
            new RabbitMqServerOptions
            {
                Folder = Path.Combine(data.Path, rabbit.Name),
                Port = rabbit.PrimaryEndpoint.Port,
                UserName = (await rabbit.UserNameReference.GetValueAsync(cancellationToken))!,
                Password = await rabbit.PasswordParameter.GetValueAsync(cancellationToken),
                Output = log.Add,
            },
            cancellationToken);

    private async Task<IServer> StartAsync(Resource resource, string name, int replica, ConsoleLog log, CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        foreach (var argument in resource.Arguments)
            arguments.Add(await TextAsync(argument, cancellationToken) ?? "");
        var command = resource switch
        {
            ProjectResource project => new Command(DotnetPath(), [layout.ProgramOf(project.ProjectPath), .. arguments])
            {
                WorkingDirectory = Path.GetDirectoryName(project.ProjectPath),
            },
            ExecutableResource program => new Command(ChildProcess.Find(program.Command)!, [.. arguments]) { WorkingDirectory = program.WorkingDirectory },
            _ => throw new ArgumentOutOfRangeException(nameof(resource)),
        };
        return await ChildProcess.StartAsync(
            command with
            {
                Environment = await EnvironmentAsync(resource, replica, cancellationToken),
                CleanEnvironment = true,
                PidFile = Path.Combine(data.Run, name + ".pid"),
                Output = log.Add,
            },
            cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(Resource resource, int replica, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value)))
        {
            if (!OwnVariables.Any(own => name.StartsWith(own, StringComparison.Ordinal)))
                variables[name] = value ?? "";
        }
        foreach (var name in TelemetryVariables)
        {
            if (configuration[name] is { } value)
                variables[name] = value;
        }
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        if (resource is ProjectResource)
            variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        if (resource is ProjectResource && resource.Endpoints.Where(endpoint => endpoint.Scheme is "http" or "https").ToList() is { Count: > 0 } listening)
            variables["ASPNETCORE_URLS"] = string.Join(';', listening.Select(endpoint => endpoint.UrlOf(replica)));
        foreach (var endpoint in resource.Endpoints.Where(endpoint => endpoint.EnvironmentVariable is not null))
            variables[endpoint.EnvironmentVariable!] = $"{endpoint.AddressOf(replica).Port}";
        foreach (var other in resource.Discovers)
        {
            foreach (var endpoint in other.Endpoints)
                variables[$"services__{other.Name}__{endpoint.Name}__0"] = endpoint.Url;
        }
        foreach (var (name, value) in resource.Environment)
            variables[name] = await TextAsync(value, cancellationToken) ?? "";
        return variables;
    }

    private static async ValueTask<string?> TextAsync(object? value, CancellationToken cancellationToken) =>
        value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : value?.ToString();

    /// <summary>The runtime that we run on ourselves.</summary>
    private static string DotnetPath() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : ChildProcess.Find("dotnet") ?? throw new DistributedApplicationException("The program 'dotnet' is missing; put it on the PATH.");

    private async Task CreateAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        var server = database.Parent;
        var connection = new DbConnectionStringBuilder { ConnectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken) };
        // One at a time: each is a copy of the template database, which refuses company.
        await _creatingDatabases.WaitAsync(cancellationToken);
        try
        {
            await PostgresServer.ExecuteAsync(
                server.PrimaryEndpoint.Host,
                server.PrimaryEndpoint.Port,
                (string)connection["Username"],
                (string)connection["Password"],
                $"SET log_min_messages = panic; SET client_min_messages = warning;\n{database.CreationScript};",
                error => error.EndsWith($"database \"{database.DatabaseName}\" already exists", StringComparison.Ordinal),
                cancellationToken);
        }
        finally
        {
            _creatingDatabases.Release();
        }
    }

    private async Task<bool> AnswersAsync(string url, int status, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)response.StatusCode == status;
    }

    /// <summary>Tiers in which to stop: nothing stops before everything that waits for it or uses it has.</summary>
    private IEnumerable<IReadOnlyList<Resource>> DependentsFirst()
    {
        var left = resources.ToHashSet();
        while (left.Count > 0)
        {
            var tier = left.Where(resource => !left.Any(other => other != resource && (other.WaitsFor.Contains(resource) || other.Uses.Contains(resource)))).ToList();
            if (tier.Count == 0)
                tier = [.. left]; // Resources that refer to each other stop together.
            left.ExceptWith(tier);
            yield return tier;
        }
    }
}
