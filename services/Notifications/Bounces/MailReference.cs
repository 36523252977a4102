using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Bounces;

/// <summary>
/// What a mail is known by outside: its delivery's id and what proves that we made it, 48 hex digits that say nothing of recipient, invitation or
/// organization. They stand in the Message-ID and in the address that comes back go to, and who did not get the mail can't make them.
/// </summary>
internal sealed class MailReference(LinkTokens links)
{
    private const int IdDigits = 32;
    private const int Digits = 48;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    public string Of(Guid deliveryId) => $"{deliveryId:N}{links.ForDelivery(deliveryId)}";

    /// <summary>The delivery that a text such as a Message-ID or an address names, if it names one of ours.</summary>
    public Guid? DeliveryIn(string text)
    {
        for (var rest = text.AsSpan(); rest.IndexOfAny(Hex) is >= 0 and var start;)
        {
            rest = rest[start..];
            var length = rest.IndexOfAnyExcept(Hex) is >= 0 and var end ? end : rest.Length;
            if (length == Digits && Guid.TryParseExact(rest[..IdDigits], "N", out var id)
                && CryptographicOperations.FixedTimeEquals(
                    Encoding.ASCII.GetBytes(Of(id)), Encoding.ASCII.GetBytes(rest[..Digits].ToString().ToLowerInvariant())))
            {
                return id;
            }

            rest = rest[length..];
        }

        return null;
    }
}
