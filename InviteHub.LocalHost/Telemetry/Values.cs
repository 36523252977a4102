using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Collections;
using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>A name with its value, as text.</summary>
internal readonly record struct Attribute(string Name, string Value);

/// <summary>Who sent something: a resource by its name, and which process of it.</summary>
internal sealed record Sender(string Resource, string Instance, Attribute[] Attributes);

/// <summary>What is kept of a value that was sent: of each thing at most 64 attributes, and of each text at most 8,000 characters.</summary>
internal static class Values
{
    private const int MostAttributes = 64;
    private const int LongestText = 8_000;
    private const int DeepestValue = 8;
    private const int MostShared = 20_000;
    private const int LongestShared = 100;

    // The same short texts come again and again; one of each is enough.
    private static readonly ConcurrentDictionary<string, string> Shared = new(StringComparer.Ordinal);

    public static Attribute[] Attributes(RepeatedField<KeyValue> attributes) =>
        [.. attributes.Take(MostAttributes).Select(attribute => new Attribute(Text(attribute.Key), Text(attribute.Value)))];

    public static Sender Sender(Resource? resource)
    {
        var attributes = resource is null ? [] : Attributes(resource.Attributes);
        string Of(string name) => attributes.FirstOrDefault(attribute => attribute.Name == name).Value ?? "";
        return new Sender(Of("service.name") is { Length: > 0 } name ? name : "unknown", Of("service.instance.id"), attributes);
    }

    public static string Text(AnyValue? value) => Text(Whole(value, depth: 0));

    public static string Text(string text)
    {
        if (text.Length > LongestText)
            return text[..LongestText] + "…";
        if (text.Length > LongestShared)
            return text;
        return Shared.Count < MostShared ? Shared.GetOrAdd(text, text) : Shared.GetValueOrDefault(text, text);
    }

    public static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    /// <summary>What attributes take in memory, about.</summary>
    public static int Bytes(Attribute[] attributes) => attributes.Sum(attribute => 16 + Bytes(attribute.Name) + Bytes(attribute.Value));

    /// <summary>What a text takes in memory, about.</summary>
    public static int Bytes(string text) => 24 + (2 * text.Length);

    /// <summary>Whether what a person looks for is in one of them.</summary>
    public static bool Hold(this Attribute[] attributes, string text) =>
        Array.Exists(attributes, attribute => attribute.Value.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static string Whole(AnyValue? value, int depth) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => $"{value.IntValue}",
        AnyValue.ValueOneofCase.DoubleValue => $"{value.DoubleValue}",
        AnyValue.ValueOneofCase.BytesValue => Hex(value.BytesValue),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue when depth == DeepestValue => "…",
        AnyValue.ValueOneofCase.ArrayValue => $"[{string.Join(", ", value.ArrayValue.Values.Select(item => Whole(item, depth + 1)))}]",
        AnyValue.ValueOneofCase.KvlistValue => $"{{{string.Join(", ", value.KvlistValue.Values.Select(item => $"{item.Key}: {Whole(item.Value, depth + 1)}"))}}}",
        _ => "",
    };
}
