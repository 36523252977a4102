using System.Diagnostics;
using System.Globalization;
using InviteHub.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.ServiceDefaults;

/// <summary>The request breaks rules of its own: each field with what is wrong with it (422).</summary>
/// <param name="Errors">Field, in the request's spelling, to reasons.</param>
public sealed record ValidationFailed(IReadOnlyDictionary<string, string[]> Errors)
    : Refusal(RefusalKind.Invalid, "validation-failed", "Some fields need correction; see errors.");

/// <summary>Collects what is wrong with a request's fields.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    /// <summary>Notes a reason for a field.</summary>
    public void Add(string field, string reason)
    {
        if (!_errors.TryGetValue(field, out var reasons))
            _errors[field] = reasons = [];
        reasons.Add(reason);
    }

    /// <summary>Notes a reason unless a condition holds.</summary>
    public void Demand(bool holds, string field, string reason)
    {
        if (!holds)
            Add(field, reason);
    }

    /// <summary>The refusal, or null when nothing is wrong.</summary>
    public ValidationFailed? Refusal => _errors.Count == 0
        ? null
        : new(_errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal));
}

/// <summary>The one place where refusals become problem details (RFC 9457).</summary>
public static class Problems
{
    /// <summary>The problem that tells a caller of a refusal, with its stable code and the facts that decided.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal)
    {
        var problem = new ProblemDetails
        {
            Type = TypeOf(refusal.Code),
            Title = Words(refusal.Code),
            Status = StatusOf(refusal.Kind),
            Detail = refusal.Detail,
        };
        problem.Extensions["code"] = refusal.Code;
        if (refusal is ValidationFailed { Errors: var errors })
            problem.Extensions["errors"] = errors;
        if (refusal.Facts is { } facts)
            problem.Extensions["facts"] = facts.ToDictionary(fact => fact.Key, fact => ValueOf(fact.Value), StringComparer.Ordinal);
        return TypedResults.Problem(problem);
    }

    /// <summary>The HTTP status of each kind of refusal.</summary>
    public static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.Unauthorized => StatusCodes.Status401Unauthorized,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Gone => StatusCodes.Status410Gone,
        RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "every kind has a status"),
    };

    internal static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
    {
        var problem = context.ProblemDetails;
        var code = problem.Extensions.TryGetValue("code", out var given) && given is string text ? text : CodeOf(problem.Status);
        problem.Extensions["code"] = code;
        problem.Type = TypeOf(code);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        SayWhenAgain(context.HttpContext, problem.Status);
    });

    /// <summary>Answers with a problem of the program's own, beside all features.</summary>
    public static Task Refuse(this HttpContext context, int status, string code, string detail)
    {
        SayWhenAgain(context, status);
        return TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code })
            .ExecuteAsync(context);
    }

    /// <summary>Turns exceptions and bare status codes into problem details; stands before everything that may fail.</summary>
    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                ConcurrencyConflictException => StatusCodes.Status409Conflict,
                // The database is away, or has no connection left.
                NpgsqlException { IsTransient: true } => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException or OperationCanceledException,
        });
        app.UseStatusCodePages();
    }

    // What can't be had may be had soon: nobody needs to guess when to ask again.
    private static void SayWhenAgain(HttpContext context, int? status)
    {
        if (status == StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0)
            context.Response.Headers.RetryAfter = "1";
    }

    /// <summary>Facts cross streams and the bus as text; what is a number is one again for clients.</summary>
    private static object ValueOf(string fact) =>
        int.TryParse(fact, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fact;

    private static string TypeOf(string code) => $"urn:invitehub:problem:{code}";

    private static string Words(string code) => char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ');

    private static string CodeOf(int? status) => status switch
    {
        400 => "malformed",
        401 => "not-signed-in",
        403 => "not-permitted",
        404 => "not-found",
        405 => "method-not-allowed",
        409 => "version-conflict",
        412 => "precondition-failed",
        413 => "too-large",
        415 => "media-type-not-supported",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => "internal-error",
    };
}
