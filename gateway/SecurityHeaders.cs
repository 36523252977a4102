namespace InviteHub.Gateway;

/// <summary>The headers that keep browsers from doing harm with an answer (SEC-03).</summary>
internal static class SecurityHeaders
{
    /// <summary>Nothing loads, runs or frames: for data.</summary>
    private const string Data = "default-src 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = Data;
            // Answers are about people: no cache keeps one unless its sender says that it may.
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
