using Aspire.Hosting.Publishing;
using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a server, a program, a database, a value.</summary>
public interface IResource
{
    /// <summary>Unique in the application; also the name that others find it by.</summary>
    string Name { get; }
}

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that is found through a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
{
    /// <summary>The connection string.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);

    /// <summary>The connection string's text.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);
}

/// <summary>Describes a resource step by step; every step returns the builder.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The application that the resource belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }
}

/// <summary>What every resource has: a name, and what it was told about its place in the application.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name => name;

    internal List<Endpoint> Endpoints { get; } = [];

    /// <summary>Variables in the order they were given: a text, or something that provides one.</summary>
    internal List<(string Name, object? Value)> Environment { get; } = [];

    internal List<object> Arguments { get; } = [];

    internal HashSet<Resource> WaitsFor { get; } = [];

    /// <summary>Resources whose values it was given: it stops before they do.</summary>
    internal HashSet<Resource> Uses { get; } = [];

    /// <summary>Resources whose addresses it is told.</summary>
    internal HashSet<Resource> Discovers { get; } = [];

    internal (string Endpoint, string Path, int Status)? HttpHealthCheck { get; set; }

    internal int Replicas { get; set; } = 1;
}

/// <summary>A value from outside: configuration (<c>Parameters:name</c>), or a default.</summary>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
{
    private readonly Lazy<string> _value = new(() => callback(null));

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret => secret;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

/// <summary>Where a parameter's value comes from when configuration has none.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value; called once when the value is kept.</summary>
    public abstract string GetDefaultValue();

    /// <summary>Says in a deployment manifest how the value is made.</summary>
    public abstract void WriteToManifest(ManifestPublishingContext context);
}

/// <summary>A random text, made from a cryptographic source.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>How long the text is at least.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether it has lower-case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it has upper-case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it has digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it has other characters, none of which needs escaping in an address.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        string?[] sets = [Lower ? "abcdefghjkmnpqrstuvwxyz" : null, Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : null, Numeric ? "23456789" : null, Special ? "-_.~" : null];
        var wanted = sets.OfType<string>().ToList();
        var all = string.Concat(wanted);
        // One of each set, the rest from all of them, in random order.
        var text = wanted.Select(set => RandomNumberGenerator.GetString(set, 1)[0])
            .Concat(RandomNumberGenerator.GetString(all, Math.Max(0, MinLength - wanted.Count)))
            .ToArray();
        RandomNumberGenerator.Shuffle<char>(text);
        return new string(text);
    }

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        // This host writes no manifests.
    }
}

/// <summary>A program that is started as it is.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program.</summary>
    public string Command => command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory => workingDirectory;
}

/// <summary>A .NET project of this repository.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal string ProjectPath { get; init; } = "";
}

/// <summary>A server that brings its data, and that a given connection string replaces by one that runs already.</summary>
public abstract class ServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private protected ServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name)
    {
        UserNameParameter = userName;
        PasswordParameter = password;
        Endpoints.Add(new Endpoint("tcp", "tcp", port, environmentVariable: null));
    }

    /// <summary>The user, when it isn't the usual one.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The user's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>Where the server listens.</summary>
    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    /// <summary>The host to connect to.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port to connect to.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The user.</summary>
    public ReferenceExpression UserNameReference =>
        UserNameParameter is null ? ReferenceExpression.Create($"{DefaultUserName}") : ReferenceExpression.Create($"{UserNameParameter}");

    /// <inheritdoc />
    public abstract ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>Of a server that runs already, from configuration.</summary>
    internal string? GivenConnectionString { get; init; }

    internal bool KeepsData { get; set; }

    private protected abstract string DefaultUserName { get; }
}

/// <summary>A PostgreSQL server.</summary>
public class PostgresServerResource : ServerResource
{
    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, userName, password, port)
    {
    }

    /// <inheritdoc />
    public override ReferenceExpression ConnectionStringExpression => GivenConnectionString is null
        ? ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}")
        : ReferenceExpression.Create($"{GivenConnectionString}");

    private protected override string DefaultUserName => "postgres";
}

/// <summary>A database of a PostgreSQL server, made when it isn't there.</summary>
public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithConnectionString
{
    /// <summary>The server.</summary>
    public PostgresServerResource Parent => postgresParentResource;

    /// <summary>The database's name on the server.</summary>
    public string DatabaseName => databaseName;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={DatabaseName}");

    internal string CreationScript { get; set; } = $"CREATE DATABASE \"{databaseName.Replace("\"", "\"\"")}\"";
}

/// <summary>A RabbitMQ server.</summary>
public class RabbitMQServerResource : ServerResource
{
    internal RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, userName, password, port)
    {
    }

    /// <inheritdoc />
    public override ReferenceExpression ConnectionStringExpression => GivenConnectionString is null
        ? ReferenceExpression.Create($"amqp://{UserNameReference}:{PasswordParameter}@{Host}:{Port}")
        : ReferenceExpression.Create($"{GivenConnectionString}");

    private protected override string DefaultUserName => "invitehub";
}
