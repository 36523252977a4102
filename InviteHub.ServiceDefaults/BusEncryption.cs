using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using InviteHub.Contracts;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Writes the <see cref="PersonalDataAttribute">marked</see> texts of integration events as AES-256-GCM under the day's bus key, so
/// that no queue, an error queue included, ever holds them in clear (GDP-03).
/// </summary>
internal sealed class BusEncryption(KeyRing keys) : JsonConverter<string>
{
    private const string Mark = "bk1:";
    private const int Nonce = 12;
    private const int Tag = 16;

    /// <summary>What a text reads as once its day's key was destroyed.</summary>
    private const string Erased = EventStore.PersonalData.PersonalDataAttribute.Erased;

    public void MarkProperties(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.IsDefined(typeof(PersonalDataAttribute), inherit: false) == true)
                property.CustomConverter = this;
        }
    }

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        if (text is null || !text.StartsWith(Mark, StringComparison.Ordinal))
            return text;

        var day = DateOnly.ParseExact(text.AsSpan(Mark.Length, 8), "yyyyMMdd", CultureInfo.InvariantCulture);
        if (keys.BusKey(day) is not { } key)
            return Erased;
        var box = Convert.FromBase64String(text[(Mark.Length + 9)..]);
        var clear = new byte[box.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(box.AsSpan(0, Nonce), box.AsSpan(Nonce + Tag), box.AsSpan(Nonce, Tag), clear);
        return Encoding.UTF8.GetString(clear);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var (day, key) = keys.BusKey();
        var clear = Encoding.UTF8.GetBytes(value);
        var box = new byte[Nonce + Tag + clear.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(box.AsSpan(0, Nonce), clear, box.AsSpan(Nonce + Tag), box.AsSpan(Nonce, Tag));
        writer.WriteStringValue($"{Mark}{day:yyyyMMdd}:{Convert.ToBase64String(box)}");
    }
}
