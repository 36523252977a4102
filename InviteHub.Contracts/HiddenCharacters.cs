using System.Globalization;
using System.Text;

namespace InviteHub.Contracts;

/// <summary>Characters that a person doesn't see, or that turn the text around them.</summary>
internal static class HiddenCharacters
{
    /// <summary>
    /// Controls (header injection), format characters (zero-width, bidirectional marks and overrides, tags, the byte order mark), line and
    /// paragraph separators, surrogates without a partner, private use and unassigned characters; and the few letters that are blank.
    /// </summary>
    public static bool Contains(Rune character) =>
        Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        // EnumerateRunes replaces a lone surrogate; then Hangul fillers, the combining grapheme joiner, Khmer's inherent vowels,
        // the Braille blank, variation selectors.
        || character.Value is 0xFFFD or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x034F or 0x17B4 or 0x17B5 or 0x2800
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
