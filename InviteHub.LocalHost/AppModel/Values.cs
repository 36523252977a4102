using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known once the application starts.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that a deployment manifest can name.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>How a manifest names the value, such as <c>{postgres.bindings.tcp.port}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that is made of other resources' values.</summary>
public interface IValueWithReferences
{
    /// <summary>The resources, or values of resources, that it is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>A value that can be given to a resource and named in a manifest.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A text with holes that are filled when the application starts: connection strings, mostly.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    private readonly string _format;
    private readonly IReadOnlyList<IValueProvider> _valueProviders;

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders)
    {
        _format = format;
        _valueProviders = valueProviders;
    }

    /// <inheritdoc />
    public string ValueExpression =>
        string.Format(null, _format, [.. _valueProviders.Select(provider => (object)((IManifestExpressionProvider)provider).ValueExpression)]);

    IEnumerable<object> IValueWithReferences.References => _valueProviders;

    /// <summary>Makes an expression from an interpolated string whose holes are values or resources.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new object?[_valueProviders.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = await _valueProviders[i].GetValueAsync(cancellationToken);
        return string.Format(null, _format, values);
    }

    /// <summary>What the compiler turns the interpolated string into.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly StringBuilder _format;
        private readonly List<IValueProvider> _valueProviders;

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _format = new StringBuilder(literalLength + (formattedCount * 4));
            _valueProviders = new List<IValueProvider>(formattedCount);
        }

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_valueProviders.Count).Append('}');
            _valueProviders.Add(valueProvider);
        }

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression ToExpression() => new(_format.ToString(), _valueProviders);
    }
}

/// <summary>What can be asked of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary><c>scheme://host:port</c>.</summary>
    Url = 0,

    /// <summary>The host to connect to.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port to connect to.</summary>
    Port = 3,

    /// <summary>The scheme of the address.</summary>
    Scheme = 4,

    /// <summary>The port that the process listens on; with several replicas each has its own, which a reference can't tell.</summary>
    TargetPort = 5,

    /// <summary><c>host:port</c>.</summary>
    HostAndPort = 6,
}

/// <summary>An endpoint of a resource, as others refer to it. Its address is known from the moment the application starts.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue, IValueWithReferences
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource => owner;

    /// <summary>The endpoint's name within the resource.</summary>
    public string EndpointName => endpointName;

    /// <summary><c>scheme://host:port</c>.</summary>
    public string Url => Endpoint.Url;

    /// <summary>The host to connect to.</summary>
    public string Host => Endpoint.Address.Host;

    /// <summary>The port to connect to.</summary>
    public int Port => Endpoint.Address.Port;

    /// <summary>The scheme of the address.</summary>
    public string Scheme => Endpoint.Scheme;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [owner];

    internal Endpoint Endpoint =>
        ((Resource)owner).Endpoints.Find(endpoint => endpoint.Name == endpointName)
        ?? throw new DistributedApplicationException($"The resource '{owner.Name}' has no endpoint '{endpointName}'.");

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    /// <summary>One property of the endpoint as a value.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);
}

/// <summary>One property of an endpoint, to be used in a <see cref="ReferenceExpression"/>.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint => endpointReference;

    /// <summary>The property.</summary>
    public EndpointProperty Property => property;

    /// <inheritdoc />
    public string ValueExpression =>
        $"{{{endpointReference.Resource.Name}.bindings.{endpointReference.EndpointName}.{property.ToString().ToLowerInvariant()}}}";

    IEnumerable<object> IValueWithReferences.References => [endpointReference];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(property switch
    {
        EndpointProperty.Url => endpointReference.Url,
        EndpointProperty.Host => endpointReference.Host,
        EndpointProperty.IPV4Host => endpointReference.Host == "localhost" ? "127.0.0.1" : endpointReference.Host,
        EndpointProperty.Port => $"{endpointReference.Port}",
        EndpointProperty.TargetPort when ((Resource)endpointReference.Resource).Replicas == 1 => $"{endpointReference.Endpoint.AddressOf(0).Port}",
        EndpointProperty.Scheme => endpointReference.Scheme,
        EndpointProperty.HostAndPort => $"{endpointReference.Host}:{endpointReference.Port}",
        _ => throw new NotSupportedException($"{property}"),
    });
}

/// <summary>Something that listens, at one address that stays: that of the only replica, or of a proxy before several.</summary>
internal sealed class Endpoint(string name, string scheme, int? port, string? environmentVariable)
{
    private (string Host, int Port)? _address;
    private IReadOnlyList<(string Host, int Port)> _replicas = [];

    public string Name => name;

    public string Scheme => scheme;

    public int? FixedPort => port;

    public string? EnvironmentVariable => environmentVariable;

    /// <summary>Meant for people and their browsers, so that it also answers to the name localhost, over IPv6 too.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether something may stand between those who ask and the process that answers.</summary>
    public bool MayHaveProxy { get; init; } = true;

    public (string Host, int Port) Address => _address ?? throw NotYetKnown();

    public string Url => $"{scheme}://{Address.Host}:{Address.Port}";

    /// <summary>Where one replica listens.</summary>
    public (string Host, int Port) AddressOf(int replica) => replica < _replicas.Count ? _replicas[replica] : throw NotYetKnown();

    public string UrlOf(int replica) => $"{scheme}://{AddressOf(replica).Host}:{AddressOf(replica).Port}";

    public void Allocate((string Host, int Port) address, params IReadOnlyList<(string Host, int Port)> replicas) =>
        (_address, _replicas) = (address, replicas);

    private InvalidOperationException NotYetKnown() => new($"The address of the endpoint '{name}' is known only after the application has started.");
}
