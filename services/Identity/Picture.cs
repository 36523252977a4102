using System.Buffers.Binary;

namespace InviteHub.Identity;

/// <summary>What a picture says of itself in its first bytes; its name and its declared type are not asked. Pure.</summary>
internal sealed record Picture(string MediaType, int Width, int Height)
{
    private const int JpegMarker = 0xFF;

    /// <summary>The picture, or null when it is none of PNG, JPEG and WebP.</summary>
    public static Picture? Read(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(bytes),
        [JpegMarker, 0xD8, JpegMarker, ..] => Jpeg(bytes),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(bytes),
        _ => null,
    };

    // The header chunk comes first: length, name, width, height (PNG specification, 11.2.2).
    private static Picture? Png(ReadOnlySpan<byte> bytes) => bytes.Length >= 24 && bytes[12..16].SequenceEqual("IHDR"u8)
        ? Of("image/png", BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]))
        : null;

    // Segments until the frame's header (ITU-T T.81, B.2.2).
    private static Picture? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 <= bytes.Length && bytes[at] == JpegMarker;)
        {
            var marker = bytes[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return Of("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            at += marker == JpegMarker ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }

    // Lossy, lossless and extended (RFC 9649, 2.5 to 2.7).
    private static Picture? WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30)
            return null;
        var chunk = bytes[12..16];
        if (chunk.SequenceEqual("VP8 "u8) && bytes[23..26].SequenceEqual(new byte[] { 0x9D, 0x01, 0x2A }))
            return Of("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFFu, BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFFu);
        if (chunk.SequenceEqual("VP8L"u8) && bytes[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return Of("image/webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.SequenceEqual("VP8X"u8)
            ? Of("image/webp", (BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) & 0xFFFFFF) + 1, (BinaryPrimitives.ReadUInt32LittleEndian(bytes[26..]) >> 8) + 1)
            : null;
    }

    private static Picture? Of(string mediaType, uint width, uint height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new(mediaType, (int)width, (int)height) : null;
}
