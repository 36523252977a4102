using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity;

/// <summary>What shows that it is the account's owner who asks.</summary>
/// <param name="Password">The password of the account.</param>
internal sealed record PasswordRequest(string? Password);

/// <summary>Has a signed-in person show that they are it, before they change how they sign in: a stolen session is not enough.</summary>
internal sealed class OwnPassword(AccountPasswords passwords, SignInAttempts attempts)
{
    /// <summary>What to answer when the password is not the user's, or null. Guessing waits as it does at the sign-in.</summary>
    public async Task<ProblemHttpResult?> WhyNot(User user, string? password, HttpContext http, CancellationToken ct)
    {
        var account = Users.KeyOf(user.Email);
        if (await attempts.Take(SignInAttempts.SignIn, account, http.Connection.RemoteIpAddress, ct) is { } wait)
            return new TooManyAttempts(wait).ToProblem(http);
        if (!await passwords.Verify(user, password ?? "", ct))
            return new CurrentPasswordWrong().ToProblem();
        await attempts.Succeeded(account, http.Connection.RemoteIpAddress, ct);
        return null;
    }
}
