using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using InviteHub.Architecture.Tests.Red;
using InviteHub.EventStore;

namespace InviteHub.Architecture.Tests;

/// <summary>
/// <c>Decide</c> and <c>Apply</c> are functions of their arguments: no clock, no ids, no chance, no I/O, no service. What they may use is
/// listed; whatever is not, they may not.
/// </summary>
internal static class PureDeciders
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly FrozenSet<string> PureNamespaces = FrozenSet.Create(
        "System", "System.Collections", "System.Collections.Generic", "System.Collections.Frozen", "System.Collections.Immutable",
        "System.Collections.ObjectModel", "System.Linq", "System.Text", "System.Text.RegularExpressions", "System.Globalization",
        "System.Numerics", "System.Buffers", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
        "System.Diagnostics.CodeAnalysis");

    // MemberInfo: a type's own name, as the error for an unknown event says it.
    private static readonly FrozenSet<Type> PureTypes = FrozenSet.Create(
        typeof(MemberInfo), typeof(System.Diagnostics.UnreachableException), typeof(System.Security.Cryptography.CryptographicOperations),
        typeof(System.Security.Cryptography.SHA256), typeof(System.Security.Cryptography.HMACSHA256),
        typeof(Decision<>), typeof(Refusal), typeof(RefusalKind), typeof(Nothing), typeof(StreamId), typeof(IAggregate<,>), typeof(EventTypeAttribute));

    private static readonly FrozenSet<Type> ImpureTypes = FrozenSet.Create(
        typeof(Random), typeof(Environment), typeof(TimeProvider), typeof(Console), typeof(GC), typeof(AppContext), typeof(AppDomain),
        typeof(Activator));

    private static readonly FrozenSet<string> ImpureMembers = FrozenSet.Create(
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.TimeZoneInfo.get_Local", "System.Guid.NewGuid", "System.Guid.CreateVersion7");

    /// <summary>What the types' deciders and states do that a function of its arguments doesn't.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(Everything)
        where method.Name is "Decide" or "Apply"
        from reason in InSignature(method).Concat(InBody(method))
        select $"{type.FullName}.{method.Name} {reason}";

    private static IEnumerable<string> InSignature(MethodInfo method)
    {
        if (method.Name == "Decide" && !method.IsStatic)
            yield return "is not static";
        if (method.Name == "Apply" && (method.IsStatic || method.DeclaringType!.GetMethod("<Clone>$") is null))
            yield return "is not an instance method of a record";
        var returns = method.ReturnType;
        if (typeof(Task).IsAssignableFrom(returns) || returns.Name is "Void" or "ValueTask" or "ValueTask`1" or "IAsyncEnumerable`1")
            yield return $"returns {returns.Name}";
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
                yield return $"takes {parameter.Name} by reference";
            if (Parts(parameter.ParameterType).FirstOrDefault(IsNoData) is { } service)
                yield return $"takes a {service.Name}, which is no data";
        }
    }

    private static IEnumerable<string> InBody(MethodInfo method) =>
        from use in MethodCalls.Reachable(method)
        where IsImpure(use.Member, use.From)
        let through = use.From == method ? "" : $" through {use.From.DeclaringType!.Name}.{use.From.Name}"
        select $"uses {(use.Member as Type ?? use.Member.DeclaringType)!.Name}.{use.Member.Name}{through}";

    private static bool IsImpure(MemberInfo member, MethodBase from)
    {
        var type = Definition(member as Type ?? member.DeclaringType!);
        if (type.Assembly == from.Module.Assembly)
            return member is FieldInfo { IsStatic: true, IsInitOnly: false, IsLiteral: false } field && !IsMadeByCompiler(field.DeclaringType!) && !field.Name.Contains('<');
        // The compiler's iterators ask which thread enumerates them.
        if (type == typeof(Environment) && IsMadeByCompiler(from.DeclaringType!))
            return false;
        return ImpureTypes.Contains(type) || ImpureMembers.Contains($"{type.FullName}.{member.Name}") || !IsPure(type);
    }

    private static bool IsPure(Type type) => type.IsGenericParameter || type.HasElementType || PureTypes.Contains(type)
        || PureNamespaces.Contains(type.Namespace ?? "") || type.Namespace?.StartsWith("InviteHub.Contracts") == true;

    // Services, callbacks and tokens; collections are data, whatever interface they are seen through.
    private static bool IsNoData(Type type) =>
        typeof(Delegate).IsAssignableFrom(type) || type == typeof(CancellationToken) || typeof(TimeProvider).IsAssignableFrom(type)
        || ImpureTypes.Contains(type)
        || (type.IsInterface && type.Namespace?.StartsWith("System.Collections") != true)
        || (!IsPure(type) && !type.Assembly.GetName().Name!.StartsWith("InviteHub.", StringComparison.Ordinal))
        || (type.Assembly == typeof(EventTypes).Assembly && !PureTypes.Contains(type));

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(Definition(type))
        : [type];

    private static Type Definition(Type type) => type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsMadeByCompiler(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.Contains('<');
}

public sealed class pure_deciders
{
    [Fact]
    public void are_all_that_the_services_have() => PureDeciders.Violations(ServiceAssemblies.Types).ShouldHold();

    [Theory]
    [MemberData(nameof(Red))]
    public void are_told_from_impure_ones(string fixture, string reason)
    {
        var type = typeof(RedDeciders).GetNestedType(fixture, BindingFlags.NonPublic)!;
        PureDeciders.Violations([type]).ShouldContain(violation => violation.Contains(reason));
    }

    [Fact]
    public void may_use_what_is_pure() => PureDeciders.Violations(
        [typeof(PureDecider), typeof(PureState), .. typeof(PureDecider).GetNestedTypes(BindingFlags.NonPublic)]).ShouldBeEmpty();

    [Fact]
    public void have_a_red_fixture_for_each_way_to_be_impure() => Red().Count.ShouldBe(typeof(RedDeciders).GetNestedTypes(BindingFlags.NonPublic)
        .Count(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Any(method => method.Name is "Decide" or "Apply")));

    public static TheoryData<string, string> Red()
    {
        var data = new TheoryData<string, string>();
        foreach (var type in typeof(RedDeciders).GetNestedTypes(BindingFlags.NonPublic))
        {
            if (type.GetCustomAttribute<RejectedAttribute>() is { } rejected)
                data.Add(type.Name, rejected.Reason);
        }

        return data;
    }
}
