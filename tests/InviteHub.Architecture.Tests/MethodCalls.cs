using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace InviteHub.Architecture.Tests;

/// <summary>What methods use, read from their IL.</summary>
internal static class MethodCalls
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Members of other assemblies, and own static fields, that a method reaches through any number of methods of its own assembly.</summary>
    public static IEnumerable<(MemberInfo Member, MethodBase From)> Reachable(MethodBase start)
    {
        var assembly = start.Module.Assembly;
        var seen = new HashSet<MethodBase> { start };
        var toRead = new Queue<MethodBase>(seen);
        while (toRead.TryDequeue(out var method))
        {
            foreach (var member in Members(method))
            {
                var type = member as Type ?? member.DeclaringType;
                if (type is null || type.Module.Assembly != assembly || member is FieldInfo { IsStatic: true })
                    yield return (member, method);
                if (type?.Module.Assembly != assembly)
                    continue;
                foreach (var next in Behind(member, type).Where(seen.Add))
                    toRead.Enqueue(next);
            }
        }
    }

    // What runs when a member of the same assembly is used: the method itself and those that override it, its type's initializer,
    // and all of an iterator that the compiler made, since it is run by whoever enumerates it.
    private static IEnumerable<MethodBase> Behind(MemberInfo member, Type type)
    {
        if (Definition(type).TypeInitializer is { } initializer && (member is ConstructorInfo or FieldInfo or MethodBase { IsStatic: true }))
            yield return initializer;
        if (member is MethodBase method)
        {
            yield return DefinitionOf(method);
            if (method.IsVirtual)
            {
                var heirs = type.Module.GetTypes().Where(other => other != type && IsA(other, type));
                foreach (var one in heirs.SelectMany(other => other.GetMethods(Everything)).Where(other => other.Name.Split('.')[^1] == method.Name))
                    yield return one;
            }
        }

        if (type.IsDefined(typeof(CompilerGeneratedAttribute)) && member is ConstructorInfo)
        {
            foreach (var one in Definition(type).GetMethods(Everything))
                yield return one;
        }
    }

    private static bool IsA(Type type, Type ancestor) => ancestor.IsInterface
        ? type.GetInterfaces().Any(one => Definition(one) == Definition(ancestor))
        : Definition(ancestor).IsAssignableFrom(type);

    private static Type Definition(Type type) => type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;

    private static MethodBase DefinitionOf(MethodBase method) => method.Module.ResolveMethod(method.MetadataToken)!;

    /// <summary>The members that one method uses itself.</summary>
    public static IEnumerable<MemberInfo> Members(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var at = 0;
        while (at < code.Length)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            var operation = OpCodes[value];
            at += operation.Size;
            var isMember = operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType;
            if (isMember && method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod) is { } member)
                yield return member;
            at += OperandSize(operation, code, at);
        }
    }

    private static int OperandSize(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
