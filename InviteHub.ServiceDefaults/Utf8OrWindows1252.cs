using System.Text;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Reads UTF-8, and each byte that is none as Windows-1252: what spreadsheets save as CSV without saying which. Letters with accents in
/// Windows-1252 are no UTF-8, so that the two are told apart while the text streams by.
/// </summary>
internal static class Utf8OrWindows1252
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The encoding, for a reader that looks for byte order marks itself.</summary>
    public static Encoding Encoding { get; } = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new Fallback());

    private sealed class Fallback : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();
    }

    private sealed class Buffer : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            (_text, _next) = (Windows1252.GetString(bytesUnknown), 0);
            return true;
        }

        public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0)
                return false;
            _next--;
            return true;
        }

        public override void Reset() => (_text, _next) = ("", 0);
    }
}
