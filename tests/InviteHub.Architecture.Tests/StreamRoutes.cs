using System.Reflection;
using InviteHub.EventStore;

namespace InviteHub.Architecture.Tests;

[Trait("Feature", "LOG-02")]
public sealed class streams_of_a_service
{
    [Fact]
    public void are_all_reached_through_the_gateway_and_lead_to_it()
    {
        var gateway = ServiceAssemblies.All.Single(assembly => assembly.GetName().Name == "InviteHub.Gateway").GetType("InviteHub.Gateway.Backends", throwOnError: true)!;
        var routed = (IReadOnlyDictionary<string, string[]>)gateway.GetProperty("Streams", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

        var owned = from type in ServiceAssemblies.Types
                    where type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IAggregate<,>))
                    select $"{type.Assembly.GetName().Name!.Split('.')[1].ToLowerInvariant()}: {type.GetProperty("Category", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)}";

        routed.SelectMany(service => service.Value.Select(category => $"{service.Key}: {category}")).ShouldBe(owned, ignoreOrder: true);
    }
}
