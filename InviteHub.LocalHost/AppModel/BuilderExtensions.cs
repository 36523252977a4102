using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A resource that is found by its name: <c>http://name</c>.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A connection string put together from other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => connectionStringExpression;
}

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration (<c>Parameters:name</c>).</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            _ => builder.Configuration[$"Parameters:{name}"]
                ?? throw new DistributedApplicationException($"The parameter '{name}' has no value; set Parameters__{name.Replace('-', '_')}."),
            secret));

    /// <summary>A value that is known here.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => value, secret));

    /// <summary>A value from configuration (<c>Parameters:name</c>), else a default that can be kept for the next start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(
            name,
            _ => builder.Configuration[$"Parameters:{name}"]
                ?? (persist ? builder.DataFolder.KeptValue(name, value.GetDefaultValue) : value.GetDefaultValue()),
            secret));
}

/// <summary>Connection strings.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>A connection string put together from other values.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var added = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
        added.Resource.Uses.UnionWith(ResourceBuilderExtensions.Within(connectionStringExpression));
        return added;
    }
}

/// <summary>.NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>A project, run from what was built; its path is relative to the application host's project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddResource(new ProjectResource(name) { ProjectPath = Path.GetFullPath(projectPath, builder.AppHostDirectory) });

    /// <summary>How many of it run, each on ports of its own; others find them all at one address, from where only those that are ready get requests.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        builder.Resource.Replicas = replicas;
        return builder;
    }
}

/// <summary>Programs that are no project of this repository.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>A program; its folder is relative to the application host's project.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <summary>A program whose arguments may be values of other resources; its folder is relative to the application host's project.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);
}

/// <summary>PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>A server: the one of <c>ConnectionStrings:name</c> when that is given, else a private one.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new PostgresServerResource(name, userName?.Resource, builder.PasswordOf(name, password), port)
        {
            GivenConnectionString = builder.Configuration[$"ConnectionStrings:{name}"],
        });

    /// <summary>A database on the server.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
        database.Resource.WaitsFor.Add(builder.Resource);
        return database;
    }

    /// <summary>
    /// The statements that make the database instead of a plain CREATE DATABASE. They run at every start, each for itself; that
    /// the database is there already is no error.
    /// </summary>
    public static IResourceBuilder<PostgresDatabaseResource> WithCreationScript(this IResourceBuilder<PostgresDatabaseResource> builder, string script)
    {
        builder.Resource.CreationScript = script;
        return builder;
    }

    /// <summary>Keeps the data for the next start.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.KeepsData = true;
        return builder;
    }
}

/// <summary>RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>A server: the one of <c>ConnectionStrings:name</c> when that is given, else a private one.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new RabbitMQServerResource(name, userName?.Resource, builder.PasswordOf(name, password), port)
        {
            GivenConnectionString = builder.Configuration[$"ConnectionStrings:{name}"],
        });

    /// <summary>Keeps the data for the next start.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.KeepsData = true;
        return builder;
    }
}

/// <summary>What connects resources.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Starts the resource only when the other is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        builder.Described().WaitsFor.Add((Resource)dependency.Resource);
        return builder;
    }

    /// <summary>Gives the resource the other's connection string as <c>ConnectionStrings__name</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment =>
        builder.WithVariable($"ConnectionStrings__{connectionName ?? source.Resource.Name}", source.Resource);

    /// <summary>Tells the resource where the other listens, as <c>services__name__http__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        var other = (Resource)source.Resource;
        builder.Described().Uses.Add(other);
        builder.Described().Discovers.Add(other);
        return builder;
    }

    /// <summary>Tells the resource where one endpoint of the other is, as <c>services__name__endpoint__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.WithVariable($"services__{endpointReference.Resource.Name}__{endpointReference.EndpointName}__0", endpointReference);

    /// <summary>Lets the resource listen for HTTP, on a free port unless one is given.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Lets the resource listen, on a free port unless one is given; the port is passed in the variable <paramref name="env"/>.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = new Endpoint(name ?? scheme ?? "tcp", scheme ?? "tcp", port ?? targetPort, env)
        {
            IsExternal = isExternal ?? false,
            MayHaveProxy = isProxied ?? true,
        };
        if (builder.Described().Endpoints.Exists(other => other.Name == endpoint.Name))
            throw new DistributedApplicationException($"The resource '{builder.Resource.Name}' has an endpoint '{endpoint.Name}' already.");
        builder.Described().Endpoints.Add(endpoint);
        return builder;
    }

    /// <summary>Marks the HTTP endpoints as meant for people: they also answer to the name localhost.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Described().Endpoints.Where(endpoint => endpoint.Scheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>Calls the resource healthy when this path answers with this status (200).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        builder.Described().HttpHealthCheck = (endpointName ?? "http", path ?? "/", statusCode ?? 200);
        return builder;
    }

    /// <summary>An endpoint of the resource, to refer to.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value);

    /// <summary>Sets an environment variable to a text with values of other resources in it.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithVariable(name, value);

    /// <summary>Sets an environment variable to an endpoint's address.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.WithVariable(name, endpointReference);

    /// <summary>Sets an environment variable to a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithVariable(name, parameter.Resource);

    /// <summary>Adds command-line arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithArgs((object[])args);

    /// <summary>Adds command-line arguments, which may be values of other resources.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params object[] args)
        where T : IResourceWithArgs
    {
        builder.Described().Arguments.AddRange(args);
        builder.Described().Uses.UnionWith(args.SelectMany(Within));
        return builder;
    }

    /// <summary>The resources that a value is made of.</summary>
    internal static IEnumerable<Resource> Within(object? value) => value switch
    {
        Resource resource => [resource],
        IValueWithReferences made => made.References.SelectMany(Within),
        _ => [],
    };

    internal static ParameterResource PasswordOf(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? given) =>
        (given ?? builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true)).Resource;

    private static Resource Described<T>(this IResourceBuilder<T> builder)
        where T : IResource => (Resource)(IResource)builder.Resource;

    private static IResourceBuilder<T> WithVariable<T>(this IResourceBuilder<T> builder, string name, object? value)
        where T : IResource
    {
        builder.Described().Environment.Add((name, value));
        builder.Described().Uses.UnionWith(Within(value));
        return builder;
    }
}
