using System.Reflection;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace InviteHub.Architecture.Tests;

/// <summary>Every endpoint names its row in the permission table (ROL-08), and exactly one, so that what it allows can be read.</summary>
internal static class EndpointPermissions
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Endpoints that name no row, or several.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints
        let rows = endpoint.Metadata.GetOrderedMetadata<Permission>()
        where rows.Count != 1
        select rows.Count == 0
            ? $"{endpoint.DisplayName} names no permission"
            : $"{endpoint.DisplayName} names several permissions: {string.Join(", ", rows.Select(row => row.Name))}";

    /// <summary>The endpoints that the features of a service map, without running it.</summary>
    public static IReadOnlyList<Endpoint> Of(IEnumerable<Type> types)
    {
        var routes = new Routes();
        foreach (var map in types.SelectMany(type => type.GetMethods(Everything)).Where(IsMap))
            map.Invoke(null, [routes.MapGroup("")]);
        return [.. routes.DataSources.SelectMany(source => source.Endpoints)];
    }

    /// <summary>Methods that map endpoints where <see cref="Of"/> doesn't find them.</summary>
    public static IEnumerable<string> MappedElsewhere(IEnumerable<Assembly> assemblies) =>
        from assembly in assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(Everything)
        where !IsMap(method)
        from member in MethodCalls.Members(method)
        where member.DeclaringType == typeof(EndpointRouteBuilderExtensions) && member.Name != nameof(EndpointRouteBuilderExtensions.MapGroup)
        select $"{type.FullName}.{method.Name} calls {member.Name}; a feature maps its endpoints in a static Map(RouteGroupBuilder)";

    private static bool IsMap(MethodInfo method) =>
        method is { Name: "Map", IsStatic: true } && method.GetParameters() is [var only] && only.ParameterType == typeof(RouteGroupBuilder);

    // Routes of no application: parameters of handlers count as services, not as bodies, and nothing has to be registered for them.
    private sealed class Routes : IEndpointRouteBuilder, IServiceProvider, IServiceProviderIsService
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider();

        public IServiceProvider ServiceProvider => this;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(this);

        public object? GetService(Type serviceType) => serviceType == typeof(IServiceProviderIsService) ? this : _services.GetService(serviceType);

        public bool IsService(Type serviceType) => true;
    }
}

[Trait("Feature", "ROL-08")]
public sealed class endpoint_permissions(ITestOutputHelper output)
{
    private static readonly Assembly[] Services = [.. ServiceAssemblies.All.Where(assembly => assembly.GetName().Name != "InviteHub.Gateway")];

    [Fact]
    public void are_named_by_every_endpoint()
    {
        var endpoints = Services.SelectMany(service => EndpointPermissions.Of(service.GetTypes())).ToList();
        output.WriteLine($"{endpoints.Count} endpoints in {Services.Length} services");
        endpoints.Count.ShouldBeGreaterThanOrEqualTo(Services.Length);
        EndpointPermissions.Violations(endpoints).ShouldHold();
    }

    [Fact]
    public void are_looked_for_wherever_endpoints_are_mapped() => EndpointPermissions.MappedElsewhere(Services).ShouldHold();

    [Fact]
    public void that_are_missing_or_many_are_found() => EndpointPermissions.Violations(EndpointPermissions.Of([typeof(Red.RedEndpoints)])).ShouldBe(
        ["HTTP: GET /forgotten names no permission", "HTTP: POST /twice/inner names several permissions: invite, anyone"], ignoreOrder: true);

    [Fact]
    public void of_endpoints_mapped_elsewhere_are_found() => EndpointPermissions.MappedElsewhere([typeof(Red.RedEndpoints).Assembly])
        .ShouldBe([$"{typeof(Red.RedEndpoints).FullName}.MapMore calls MapGet; a feature maps its endpoints in a static Map(RouteGroupBuilder)"]);
}
