using InviteHub.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// A row of the table of what each role may do (ROL-08). Every endpoint names its row; an endpoint without one fails a test.
/// What depends on an organization (its founder, its Applicants) is decided where the organization's facts are.
/// </summary>
/// <param name="Name">What may be done.</param>
/// <param name="NeedsSession">Whether somebody must be signed in.</param>
/// <param name="SystemRoles">The system roles that may; empty for every one that is signed in.</param>
public sealed record Permission(string Name, bool NeedsSession, params IReadOnlyList<string> SystemRoles)
{
    /// <summary>Open to everybody: signing in, and what a link opens.</summary>
    public static readonly Permission Anyone = new("anyone", NeedsSession: false);

    /// <summary>One's own account.</summary>
    public static readonly Permission OwnAccount = new("own-account", NeedsSession: true);

    /// <summary>Change one's own password, or sign out: all that somebody can do who has to change it (USR-06).</summary>
    public static readonly Permission OwnPassword = new("own-password", NeedsSession: true);

    /// <summary>Give people their roles.</summary>
    public static readonly Permission ManageUsers = new("manage-users", NeedsSession: true, CurrentUser.SystemAdmin);

    /// <summary>Add and change organizations, apps, entitlements and subscriptions.</summary>
    public static readonly Permission ManageOrganizations = new("manage-organizations", NeedsSession: true, CurrentUser.SystemAdmin);

    /// <summary>See organizations, apps and subscriptions: a System admin all, others those they belong to.</summary>
    public static readonly Permission SeeOrganizations = new("see-organizations", NeedsSession: true);

    /// <summary>Grant permissions within an organization: a System admin everywhere, a founder in their own (ROL-01).</summary>
    public static readonly Permission GrantPermissions = new("grant-permissions", NeedsSession: true);

    /// <summary>
    /// Run an organization: its settings, members, people, classrooms and log. A System admin everywhere, its founders in their own, and its
    /// administrators what concerns its people (SUB-01, ROL-06).
    /// </summary>
    public static readonly Permission RunOrganizations = new("run-organizations", NeedsSession: true);

    /// <summary>Move occupied seats and take them back: a System admin everywhere, a founder in their own organization (SUB-03).</summary>
    public static readonly Permission ManageSeats = new("manage-seats", NeedsSession: true);

    /// <summary>Invite, list and revoke: a System admin everywhere, an Applicant for assigned customers, others where they were allowed to.</summary>
    public static readonly Permission Invite = new("invite", NeedsSession: true);

    /// <summary>Register and run an organization's webhooks: a System admin everywhere, a founder in their own (NOT-05).</summary>
    public static readonly Permission ManageWebhooks = new("manage-webhooks", NeedsSession: true);

    /// <summary>Invite many at once: a System admin everywhere, a founder and whom they granted <c>can_bulk_invite</c> in their organization (INV-19).</summary>
    public static readonly Permission BulkInvite = new("bulk-invite", NeedsSession: true);

    /// <summary>See what the messages to people say, with made-up facts.</summary>
    public static readonly Permission PreviewMessages = new("preview-messages", NeedsSession: true, CurrentUser.SystemAdmin);

    /// <summary>Complete, validate and return digital identities: a System admin all, others those of organizations that they register users for (IDN-02).</summary>
    public static readonly Permission ReviewIdentities = new("review-identities", NeedsSession: true);

    /// <summary>See any stream as it is and was, verify and export it (LOG-02, LOG-03, LOG-04).</summary>
    public static readonly Permission Audit = new("audit", NeedsSession: true, CurrentUser.SystemAdmin);

    /// <summary>Rebuild what is read from the streams, while the service serves (LOG-06).</summary>
    public static readonly Permission RebuildProjections = new("rebuild-projections", NeedsSession: true, CurrentUser.SystemAdmin);

    /// <summary>Only for programs that know a secret of the configuration and sign with it (Standard Webhooks).</summary>
    public static readonly Permission SignedRequest = new("signed", NeedsSession: false);

    /// <summary>What the gateway passes on as it is: the service behind it holds callers to its own row.</summary>
    public static readonly Permission Forwarded = new("forwarded", NeedsSession: false);

    /// <summary>Only for other services, on their own network; the gateway has no route to it.</summary>
    public static readonly Permission Internal = new("internal", NeedsSession: false);

    /// <summary>Health, API description: no data of anybody.</summary>
    public static readonly Permission Operational = new("operational", NeedsSession: false);
}

/// <summary>The caller signed in with a temporary password.</summary>
public sealed record PasswordChangeRequired() : Refusal(
    RefusalKind.Forbidden, "password-change-required",
    "The password is temporary: change it first (PUT /api/v1/me/password), then refresh the session or sign in again.");

/// <summary>Names an endpoint's row in the permission table, and holds callers to it.</summary>
public static class PermissionExtensions
{
    /// <summary>
    /// Refuses everything to a caller who has to change the password first, but what needs no session and the change itself (USR-06).
    /// Stands behind authentication and before authorization, so that the reason is told before any other.
    /// </summary>
    public static void UsePasswordChange(this IApplicationBuilder app) => app.Use((context, next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Permission>() is { NeedsSession: true } row && row != Permission.OwnPassword
        && CurrentUser.Of(context.User) is { MustChangePassword: true }
            ? new PasswordChangeRequired().ToProblem().ExecuteAsync(context)
            : next(context));

    /// <summary>Refuses callers that the row does not allow.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Permission permission) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(permission);
        if (!permission.NeedsSession)
            return endpoint.AllowAnonymous();
        return endpoint.RequireAuthorization(policy =>
        {
            policy.RequireAuthenticatedUser();
            if (permission.SystemRoles.Count > 0)
                policy.RequireRole(permission.SystemRoles);
        });
    }
}
