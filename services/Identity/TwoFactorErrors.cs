using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity;

/// <summary>The sign-in lacks its second factor; it says which ones are possible.</summary>
internal abstract record SecondFactorRefusal(string Code, string Detail, IReadOnlyList<Factor> Factors) : Refusal(RefusalKind.Unauthorized, Code, Detail)
{
    /// <summary>The problem, with the <c>factors</c>.</summary>
    public ProblemHttpResult ToProblem()
    {
        var problem = ((Refusal)this).ToProblem();
        problem.ProblemDetails.Extensions["factors"] = Factors;
        return problem;
    }
}

/// <summary>The password is right and not enough.</summary>
internal sealed record SecondFactorRequired(IReadOnlyList<Factor> Factors) : SecondFactorRefusal(
    "second-factor-required",
    "This account has a second factor: sign in again with a code. When emailCode is among the factors, ask for one at POST /api/v1/session/email-code.",
    Factors);

/// <summary>The code proves nothing, or not any more.</summary>
internal sealed record SecondFactorWrong(IReadOnlyList<Factor> Factors) : SecondFactorRefusal(
    "second-factor-wrong", "The code is not right, was used already or has run out; take the next one, or ask for a new one.", Factors);

/// <summary>The code that was to confirm a factor is not right.</summary>
internal sealed record ConfirmationWrong() : Refusal(
    RefusalKind.Invalid, "code-wrong", "The code is not right or has run out; take the next one, or ask for a new one.");

/// <summary>There is no app to confirm.</summary>
internal sealed record NothingEnrolled() : Refusal(
    RefusalKind.Conflict, "nothing-enrolled", "No app is waiting for its first code; enrol one first.");

/// <summary>Recovery codes are for a second factor, and there is none.</summary>
internal sealed record NoSecondFactor() : Refusal(
    RefusalKind.Conflict, "no-second-factor", "There is no second factor yet; turn one on first.");
