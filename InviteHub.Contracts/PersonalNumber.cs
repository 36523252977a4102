using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace InviteHub.Contracts;

/// <summary>
/// A Swedish personal number or co-ordination number (INV-03). <see cref="ToString"/> is masked, so that a number that ends up in a list,
/// log or message by accident is not the number.
/// </summary>
/// <remarks>
/// Date of birth, birth number and check digit: the Population Registration Act (folkbokföringslag 1991:481), section 18; the check digit
/// and its computation: the Tax Agency's brochure SKV 704, "Personnummer". A co-ordination number has 60 added to the day: SKV 707,
/// "Samordningsnummer", and the Co-ordination Number Act (lag 2022:1697 om samordningsnummer).
/// </remarks>
public sealed record PersonalNumber
{
    private const int FirstYear = 1800;
    private const int CoordinationDay = 60;

    private PersonalNumber(string digits, DateOnly birthDate, bool isCoordinationNumber) =>
        (Value, BirthDate, IsCoordinationNumber) = (digits, birthDate, isCoordinationNumber);

    /// <summary>The twelve digits, <c>YYYYMMDDXXXX</c>: what is compared and kept.</summary>
    public string Value { get; }

    /// <summary>The date that the number begins with, 60 taken off the day of a co-ordination number.</summary>
    public DateOnly BirthDate { get; }

    /// <summary>Whether the number was given to somebody who is not in the population register.</summary>
    public bool IsCoordinationNumber { get; }

    /// <summary>What may be shown without a right to the number: <c>YYYYMMDD-****</c>.</summary>
    public string Masked => $"{Value[..8]}-****";

    /// <summary>Reads a number of twelve digits, with or without a hyphen before the last four.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="today">The date where the number is used: nobody is born after it.</param>
    /// <param name="number">The number, when it is one.</param>
    /// <param name="reason">Otherwise a sentence that says why not, and that never repeats what was typed.</param>
    public static bool TryParse(
        string? text, DateOnly today, [NotNullWhen(true)] out PersonalNumber? number, [NotNullWhen(false)] out string? reason)
    {
        number = null;
        var digits = text?.Trim() ?? "";
        if (digits.Length == 13 && digits[8] == '-')
            digits = digits.Remove(8, 1);
        if (digits.Length != 12 || !digits.All(char.IsAsciiDigit))
        {
            reason = digits.Length == 0 ? "Enter a personal number." : "A personal number has twelve digits, YYYYMMDD-XXXX.";
            return false;
        }

        var day = int.Parse(digits.AsSpan(6, 2), CultureInfo.InvariantCulture);
        var isCoordinationNumber = day > CoordinationDay;
        var date = $"{digits[..6]}{(isCoordinationNumber ? day - CoordinationDay : day):00}";
        var isDate = DateOnly.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birthDate);
        reason = !isDate || birthDate.Year < FirstYear ? "The personal number doesn't begin with a date of birth, YYYYMMDD."
            : birthDate > today ? "The personal number begins with a date that is still to come."
            : !HasCheckDigit(digits.AsSpan(2)) ? "The last digit of the personal number doesn't fit the others; one of them is mistyped."
            : null;
        if (reason is not null)
            return false;

        number = new(digits, birthDate, isCoordinationNumber);
        return true;
    }

    /// <inheritdoc cref="Masked"/>
    public override string ToString() => Masked;

    // Luhn's formula over the ten digits without the century: every other digit, from the first, counts twice.
    private static bool HasCheckDigit(ReadOnlySpan<char> ten)
    {
        var sum = 0;
        for (var i = 0; i < ten.Length; i++)
        {
            var weighted = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }
}
