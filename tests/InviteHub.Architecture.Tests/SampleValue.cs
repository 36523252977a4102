using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace InviteHub.Architecture.Tests;

/// <summary>Makes an instance of a type with every property filled, and always the same one.</summary>
internal static class SampleValue
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>An instance of a type, its texts named after the properties that hold them.</summary>
    public static object Of(Type type, string name = "value")
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Of(inner, name);
        if (type == typeof(string))
            return name;
        if (type == typeof(Guid))
            return new Guid($"0198c2d4-0000-7000-8000-{(uint)name.Aggregate(17, (sum, letter) => unchecked((sum * 31) + letter)):x12}");
        if (type == typeof(DateTimeOffset))
            return At.AddMicroseconds(678_901);
        if (type == typeof(DateTime))
            return At.UtcDateTime;
        if (type == typeof(DateOnly))
            return DateOnly.FromDateTime(At.Date);
        if (type == typeof(TimeOnly))
            return TimeOnly.FromDateTime(At.DateTime);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromDays(1);
        if (type == typeof(bool))
            return true;
        if (type == typeof(decimal))
            return 1.5m;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsPrimitive)
            return Convert.ChangeType(7, type);
        return type.IsAssignableTo(typeof(IEnumerable)) ? Collection(type, name) : Instance(type);
    }

    private static object Collection(Type type, string name)
    {
        var items = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        if (items.Length == 2)
        {
            var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(items))!;
            dictionary.Add(Of(items[0], "key"), Of(items[1], name));
            return Fit(type, dictionary, items);
        }

        var array = Array.CreateInstance(items.Single(), 1);
        array.SetValue(Of(items[0], name), 0);
        return Fit(type, array, items);
    }

    // As it is, or through the constructor or factory that a concrete collection has.
    private static object Fit(Type type, object items, Type[] of)
    {
        if (type.IsInstanceOfType(items))
            return items;
        if (type.IsInterface)
            return Activator.CreateInstance(typeof(HashSet<>).MakeGenericType(of), items)!;
        if (type.GetConstructors().FirstOrDefault(one => one.GetParameters() is [var only] && only.ParameterType.IsInstanceOfType(items)) is { } made)
            return made.Invoke([items]);
        var factory = type.Assembly.GetType($"{type.Namespace}.{type.Name.Split('`')[0]}")!;
        return factory.GetMethods().First(one => one.Name == "CreateRange" && one.GetGenericArguments().Length == of.Length && one.GetParameters().Length == 1)
            .MakeGenericMethod(of).Invoke(null, [items])!;
    }

    private static object Instance(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(one => !one.GetParameters().Any(parameter => parameter.ParameterType == type))
            .MaxBy(one => one.GetParameters().Length);
        var instance = constructor is null
            ? RuntimeHelpers.GetUninitializedObject(type)
            : constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType, Camel(parameter.Name!)))]);
        var made = constructor?.GetParameters().Select(parameter => parameter.Name).ToHashSet() ?? [];
        foreach (var property in type.GetProperties().Where(one => one.SetMethod is not null && !made.Contains(one.Name)))
            property.SetValue(instance, Of(property.PropertyType, Camel(property.Name)));
        return instance;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
