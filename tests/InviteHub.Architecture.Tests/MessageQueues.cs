using InviteHub.ServiceDefaults;
using MassTransit;

namespace InviteHub.Architecture.Tests;

/// <summary>
/// The table of who hears what is what the services really consume: a queue in it that nobody reads fills up for ever, and one that is
/// missing loses what is published before its reader's first start.
/// </summary>
internal static class MessageQueues
{
    /// <summary>Each queue with a message that its consumer or saga takes, named as MassTransit names it.</summary>
    public static IEnumerable<(Type Message, string Queue)> Of(IEnumerable<Type> types)
    {
        foreach (var type in types.Where(type => type is { IsAbstract: false, IsInterface: false }))
        {
            var names = new KebabCaseEndpointNameFormatter(type.Assembly.GetName().Name!.Split('.')[1].ToLowerInvariant(), includeNamespace: false);
            foreach (var consumed in type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>)))
                yield return (consumed.GetGenericArguments()[0], Named(names, nameof(IEndpointNameFormatter.Consumer), type));

            if (type.BaseType is { IsGenericType: true } machine && machine.GetGenericTypeDefinition() == typeof(MassTransitStateMachine<>))
            {
                foreach (var heard in type.GetProperties().Select(p => p.PropertyType).Where(p => p.IsGenericType && p.GetGenericTypeDefinition() == typeof(Event<>)))
                    yield return (heard.GetGenericArguments()[0], Named(names, nameof(IEndpointNameFormatter.Saga), machine.GetGenericArguments()[0]));
            }
        }
    }

    /// <summary>Where the table and the services differ.</summary>
    public static IEnumerable<string> Violations(IReadOnlyDictionary<Type, string[]> table, IEnumerable<Type> types)
    {
        var real = Of(types).Select(q => $"{q.Message.Name} → {q.Queue}").ToHashSet();
        var said = table.SelectMany(row => row.Value.Select(queue => $"{row.Key.Name} → {queue}")).ToHashSet();
        return said.Except(real).Select(row => $"{row} is in the table, and nobody reads it")
            .Concat(real.Except(said).Select(row => $"{row} is read, and the table doesn't have it"));
    }

    private static string Named(KebabCaseEndpointNameFormatter names, string kind, Type type) =>
        (string)typeof(IEndpointNameFormatter).GetMethod(kind)!.MakeGenericMethod(type).Invoke(names, null)!;
}

public sealed class message_queues
{
    [Fact]
    public void are_those_that_are_read() => MessageQueues.Violations(Topology.Queues, ServiceAssemblies.Types).ShouldHold();

    [Fact]
    public void have_a_row_for_every_integration_event() => typeof(Contracts.PersonalDataAttribute).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("InviteHub.Contracts.") == true && type.IsVisible)
        .Except(Topology.Queues.Keys).ShouldBeEmpty();

    [Fact]
    public void that_differ_are_found() => MessageQueues.Violations(
        new Dictionary<Type, string[]> { [typeof(Red.Heard)] = ["architecture-nobody"] }, [typeof(Red.HeardConsumer)])
        .ShouldBe(["Heard → architecture-nobody is in the table, and nobody reads it", "Heard → architecture-heard is read, and the table doesn't have it"]);
}
