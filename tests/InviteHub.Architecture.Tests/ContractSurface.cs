using System.Reflection;
using System.Text;
using InviteHub.Architecture.Tests.Red;
using InviteHub.Contracts;

namespace InviteHub.Architecture.Tests;

/// <summary>What services tell each other is a wire format: its shape is kept as text, and made only of what every serializer knows.</summary>
internal static class ContractSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler gives every record says nothing.
    private static readonly string[] OfRecords =
        ["Equals", "GetHashCode", "ToString", "PrintMembers", "Deconstruct", "op_Equality", "op_Inequality", "<Clone>$"];

    private static readonly Type[] Values = [typeof(string), typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly)];

    private static readonly Type[] Collections =
        [typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlySet<>), typeof(IReadOnlyDictionary<,>), typeof(IEnumerable<>), typeof(List<>), typeof(Dictionary<,>)];

    /// <summary>The public types and members, one a line, in an order that only a change of theirs changes.</summary>
    public static string Of(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append('\n');
            foreach (var member in type.GetMembers(Declared).Select(Line).OfType<string>().Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Integration events that are open, carry more than values, or share a name.</summary>
    public static IEnumerable<string> Violations(IReadOnlyCollection<Type> contracts) =>
    [
        .. from type in contracts
           where !type.IsEnum && (type.GetMethod("<Clone>$") is null || !type.IsSealed)
           select $"{type.FullName} is not a sealed record",
        .. from type in contracts
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where !IsValue(property.PropertyType) && !IsCollection(property.PropertyType) && !IsListOf(contracts, property.PropertyType)
           select $"{type.FullName}.{property.Name} is a {Name(property.PropertyType)}: no value that every serializer knows",
        .. from type in contracts
           group type by type.Name into same
           where same.Count() > 1
           select $"'{same.Key}' names several contracts: {string.Join(", ", same.Select(type => type.FullName))}",
    ];

    private static bool IsValue(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? IsValue(inner) : type.IsPrimitive || type.IsEnum || Values.Contains(type);

    private static bool IsCollection(Type type) => type.IsArray ? IsValue(type.GetElementType()!)
        : type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()) && type.GetGenericArguments().All(IsValue);

    // Many of what is told one by one elsewhere: each is held to the same.
    private static bool IsListOf(IReadOnlyCollection<Type> contracts, Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && contracts.Contains(type.GetGenericArguments()[0]);

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsAbstract: true, IsSealed: true } => "static class",
        _ => (type.IsSealed && type.IsClass ? "sealed " : "") + (type.GetMethod("<Clone>$") is null ? "" : "record ") + (type.IsValueType ? "struct" : "class"),
    };

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } made => $"new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when !OfRecords.Contains(method.Name) =>
            $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{(property.GetMethod!.IsStatic ? "static " : "")}{(IsPersonal(property) ? "[PersonalData] " : "")}"
            + $"{Name(property.PropertyType)}{Question(property)} {property.Name} {{ get;{(property.SetMethod is { IsPublic: true } ? " init;" : "")} }}",
        FieldInfo { IsLiteral: true } constant => $"{constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo { IsSpecialName: false } field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        _ => null,
    };

    private static bool IsPersonal(PropertyInfo property) => property.IsDefined(typeof(PersonalDataAttribute));

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}"));

    // Whether a text or a list may be missing stands in the annotations, not in the type.
    private static string Question(PropertyInfo property) =>
        !property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable ? "?" : "";

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => Name(type.GetElementType()!),
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        _ when Nullable.GetUnderlyingType(type) is { } inner => $"{Name(inner)}?",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };
}

public sealed class contract_surface
{
    private static readonly Type[] All = typeof(PersonalDataAttribute).Assembly.GetExportedTypes();

    [Fact]
    public void is_the_one_that_is_kept()
    {
        var current = ContractSurface.Of(All);
        var kept = FrozenText.Read(Path.Combine(Repository.Here, "Contracts.txt"), () => current, Repository.WritesMissing);
        if (kept is null)
            Assert.Fail($"Contracts.txt is missing. If this is what services may rely on, save it (INVITEHUB_WRITE_SAMPLES=1 does):\n{current}");
        var difference = FrozenText.Difference(kept, current);
        difference.ShouldBeEmpty(
            "The contracts changed. A service that is not upgraded yet must still understand what it gets: add, never take away or rename. "
            + "If it does, delete Contracts.txt and run this with INVITEHUB_WRITE_SAMPLES=1.\n" + string.Join('\n', difference));
    }

    [Fact]
    public void is_made_of_values() => ContractSurface
        .Violations([.. All.Where(type => type.Namespace!.StartsWith("InviteHub.Contracts."))]).ShouldHold();

    [Fact]
    public void shows_each_change()
    {
        var before = ContractSurface.Of([typeof(Red.Contracts.One.Sent)]);
        before.ShouldContain("sealed record class InviteHub.Architecture.Tests.Red.Contracts.One.Sent");
        var after = ContractSurface.Of([typeof(Red.Contracts.Other.Sent)]).Replace(".Other.", ".One.");
        FrozenText.Difference(before, after).ShouldBe(
        [
            "-   [PersonalData] String Email { get; init; }",
            "-   new(Guid Id, String Email, String Name, Int32[] Numbers)",
            "+   Int64[] Numbers { get; init; }",
            "+   String Email { get; init; }",
            "+   String? Name { get; init; }",
            "+   new(Guid Id, String Email, String Name, Int64[] Numbers)",
            "-   Int32[] Numbers { get; init; }",
            "-   String Name { get; init; }",
        ], ignoreOrder: true);
    }

    [Fact]
    public void that_is_open_carries_objects_or_repeats_a_name_is_found() => ContractSurface.Violations(RedContracts.All).ShouldBe(
    [
        $"{typeof(Red.Contracts.One.Open).FullName} is not a sealed record",
        $"{typeof(Red.Contracts.One.NoRecord).FullName} is not a sealed record",
        $"{typeof(Red.Contracts.One.Nesting).FullName}.Inner is a Sent: no value that every serializer knows",
        $"{typeof(Red.Contracts.One.Nesting).FullName}.Rows is a IReadOnlyList<Uri>: no value that every serializer knows",
        $"{typeof(Red.Contracts.One.Nesting).FullName}.Anything is a Object: no value that every serializer knows",
        $"{typeof(Red.Contracts.One.Nesting).FullName}.Time is a DateTime: no value that every serializer knows",
        $"'Sent' names several contracts: {typeof(Red.Contracts.One.Sent).FullName}, {typeof(Red.Contracts.Other.Sent).FullName}",
    ], ignoreOrder: true);
}
