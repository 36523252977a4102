using System.Text;
using System.Text.RegularExpressions;

namespace InviteHub.Notifications.Bounces;

/// <summary>What a mail server reports of a mail that it could not deliver (RFC 3464), as far as it may be kept: ids and codes, nobody's words. Pure.</summary>
/// <param name="References">What may name the mail: addresses that the report was sent to, and the Message-ID of what came back.</param>
/// <param name="Status">The status code (RFC 3463), such as <c>5.1.1</c>.</param>
internal sealed partial record DeliveryReport(IReadOnlyList<string> References, string Status)
{
    /// <summary>What is longer is no report of a mail of ours.</summary>
    public const int Longest = 1_000_000;

    private const int MostParts = 20;

    /// <summary>Whether sending again to the same address is of no use.</summary>
    public bool IsHard => Status[0] == '5';

    /// <summary>What the code means, in our words.</summary>
    public string Reason => $"{Meaning(Status)} ({Status})";

    /// <summary>The report in a mail; null when it holds none, or one of something else than that the mail was given up.</summary>
    public static DeliveryReport? Read(string mail)
    {
        var (headers, body) = Split(mail.ReplaceLineEndings("\n"));
        var type = Header(headers, "Content-Type");
        if (!type.StartsWith("multipart/report", StringComparison.OrdinalIgnoreCase) || Boundary().Match(type) is not { Success: true } boundary)
            return null;

        List<string> references = [Header(headers, "To"), Header(headers, "Delivered-To"), Header(headers, "X-Original-To")];
        string? status = null;
        foreach (var part in body.Split($"--{boundary.Groups["text"].Value}", MostParts).Skip(1))
        {
            var (partHeaders, text) = Split(part.TrimStart('\n'));
            switch (Header(partHeaders, "Content-Type").Split(';')[0].Trim().ToLowerInvariant())
            {
                case "message/delivery-status" or "message/global-delivery-status":
                    status ??= GivenUp(Decoded(partHeaders, text));
                    break;
                case "message/rfc822" or "message/global" or "text/rfc822-headers" or "message/global-headers":
                    references.Add(Header(Split(Decoded(partHeaders, text)).Headers, "Message-ID"));
                    break;
            }
        }

        return status is null ? null : new(references, status);
    }

    /// <summary>The status code of the recipient that was given up on; a mail of ours has only one.</summary>
    public static bool IsStatus(string? text) => text is not null && StatusCode().IsMatch(text);

    private static string? GivenUp(string fields)
    {
        foreach (var recipient in fields.Split("\n\n"))
        {
            if (!Header(recipient, "Action").Equals("failed", StringComparison.OrdinalIgnoreCase))
                continue;
            var status = Header(recipient, "Status").Split(' ')[0];
            return IsStatus(status) ? status : "5.0.0";
        }

        return null;
    }

    private static string Meaning(string status) => status[2..] switch
    {
        "1.1" or "1.6" or "1.3" or "1.0" => "There is no such mailbox",
        "1.2" or "1.10" or "4.4" or "4.1" or "4.3" => "The address's domain takes no mail",
        "2.1" => "The mailbox is closed",
        "2.2" => "The mailbox is full",
        "2.3" or "3.4" => "The mail was too large for the mailbox",
        "4.7" => "The mail could not be delivered in time",
        ['7', ..] => "The recipient's mail server does not want mail like this",
        ['2', ..] => "The mailbox can't be delivered to",
        ['4', ..] => "The recipient's mail server could not be reached",
        _ => "The mail came back",
    };

    private static (string Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        return end < 0 ? (text, "") : (text[..end], text[(end + 2)..]);
    }

    /// <summary>A header's value, unfolded; empty when there is none.</summary>
    private static string Header(string headers, string name)
    {
        var value = new StringBuilder();
        var within = false;
        foreach (var line in headers.Split('\n'))
        {
            if (within && line is [' ' or '\t', ..])
            {
                value.Append(' ').Append(line.Trim());
            }
            else if (within)
            {
                break;
            }
            else if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                within = true;
                value.Append(line[(name.Length + 1)..].Trim());
            }
        }

        return value.ToString().Trim();
    }

    private static string Decoded(string headers, string text)
    {
        switch (Header(headers, "Content-Transfer-Encoding").ToLowerInvariant())
        {
            case "base64":
                Span<byte> bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes[..length]).ReplaceLineEndings("\n") : "";
            case "quoted-printable":
                // What is looked for has no other sign that is quoted than the end of a line that went on.
                return text.Replace("=\n", "", StringComparison.Ordinal);
            default:
                return text;
        }
    }

    [GeneratedRegex("""boundary\s*=\s*("(?<text>[^"]{1,70})"|(?<text>[^\s;"]{1,70}))""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"^[45]\.[0-9]{1,3}\.[0-9]{1,3}$", RegexOptions.NonBacktracking)]
    private static partial Regex StatusCode();
}
