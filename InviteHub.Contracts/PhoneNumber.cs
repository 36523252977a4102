using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace InviteHub.Contracts;

/// <summary>A telephone number that can be reached from anywhere: with its country code (INV-15).</summary>
/// <remarks>ITU-T Recommendation E.164: a country code and a national number, at most 15 digits together.</remarks>
public sealed record PhoneNumber
{
    private const int MinDigits = 8;
    private const int MaxDigits = 15;

    // The list annexed to E.164 (E.164.D), plus 970, which it reserves and which is in use. No code is the beginning of another.
    private const string AssignedCodes =
        "1 7 20 27 30-34 36 39-41 43-49 51-58 60-66 81 82 84 86 90-95 98 211-213 216 218 220-258 260-269 290 291 297-299 350-359 370-383 "
        + "385-387 389 420 421 423 500-509 590-599 670 672-683 685-692 800 808 850 852 853 855 856 870 878 880-883 886 888 960-968 970-977 "
        + "979 992-996 998";

    private static readonly FrozenSet<string> CountryCodes = AssignedCodes.Split(' ').SelectMany(Range).ToFrozenSet();

    private PhoneNumber(string countryCode, string digits) => (CountryCode, Value) = (countryCode, $"+{digits}");

    /// <summary>The number in E.164's form: a plus sign and digits alone.</summary>
    public string Value { get; }

    /// <summary>The digits of the country code, such as <c>46</c>.</summary>
    public string CountryCode { get; }

    /// <summary>Reads a number that begins with <c>+</c> or <c>00</c> and a country code; spaces and the usual signs between digits are left out.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="number">The number, when it is one.</param>
    /// <param name="reason">Otherwise a sentence that says why not, and that never repeats what was typed.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhoneNumber? number, [NotNullWhen(false)] out string? reason)
    {
        number = null;
        var compact = string.Concat((text ?? "").Trim().Where(c => c is not (' ' or '\u00A0' or '-' or '.' or '/')));
        if (compact.StartsWith("00", StringComparison.Ordinal))
            compact = $"+{compact[2..]}";
        if (!compact.StartsWith('+'))
        {
            reason = compact.Length == 0 ? "Enter a phone number." : "The phone number needs its country code first, such as +46 for Sweden.";
            return false;
        }

        var digits = string.Concat(compact.Skip(1).Where(c => c is not ('(' or ')')));
        var code = digits.All(char.IsAsciiDigit) ? CodeOf(digits) : null;
        // "+46 (0)70": the zero is for calls from within the country. Italy alone writes it and dials it from abroad too.
        if (code is not null and not "39" && compact.StartsWith($"+{code}(0)", StringComparison.Ordinal))
            digits = digits.Remove(code.Length, 1);

        reason = !digits.All(char.IsAsciiDigit) ? "A phone number has only digits behind the plus sign."
            : code is null ? "The phone number begins with a country code that doesn't exist."
            : digits.Length is < MinDigits or > MaxDigits ? "A phone number has 8 to 15 digits, country code included."
            : code is "46" && digits[2] == '0' ? "Leave out the 0 behind +46."
            : null;
        if (reason is not null)
            return false;

        number = new(code!, digits);
        return true;
    }

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;

    private static string? CodeOf(string digits) =>
        Enumerable.Range(1, Math.Min(3, digits.Length)).Select(length => digits[..length]).FirstOrDefault(CountryCodes.Contains);

    private static IEnumerable<string> Range(string codes)
    {
        var ends = codes.Split('-');
        var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
        return Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1)
            .Select(code => code.ToString(CultureInfo.InvariantCulture));
    }
}
