namespace InviteHub.Invitations.Integration;

/// <summary>A session, as <c>POST /session</c> answers it.</summary>
internal sealed record SessionView(string AccessToken, string RefreshToken, long ExpiresIn, string TokenType, bool MustChangePassword);

/// <summary>Asks Identity for a person's session with the one-time grant of their registration.</summary>
internal sealed class IdentityClient(HttpClient http)
{
    public async Task<SessionView> SignIn(string grant, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync("/internal/sign-ins", new { grant }, ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SessionView>(ct))!;
    }
}
