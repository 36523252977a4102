using System.Net;
using InviteHub.Testing;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

[Collection(Collection)]
public sealed class a_trace_of_one_invitation(RunningApplication app)
{
    [Fact]
    [Trait("Feature", "OPS-02")]
    public async Task is_one_tree_over_gateway_services_queues_and_sql()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        var trace = Convert.ToHexStringLower(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray());
        const string Root = "00f067aa0ba902b7";

        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "traced@walk.example"), admin,
            ("traceparent", $"00-{trace}-{Root}-01"));
        await app.Mail("traced@walk.example");

        string[] expected = ["gateway", "invitations", "subscriptions", "notifications"];
        Span[] Spans() => [.. app.Traces.Spans.Where(span => span.TraceId == trace)];
        await Eventually.Is(() => expected.All(service => Spans().Any(span => span.Service == service)), "every service's spans are exported");
        // Whatever is still on its way: the tree is whole when no parent is missing.
        await Eventually.Is(() => Orphans(Spans(), Root).Length == 0, "every span has its parent in the trace");

        var spans = Spans();
        foreach (var service in new[] { "invitations", "subscriptions", "notifications" })
        {
            spans.ShouldContain(span => span.Service == service && span.Source == "Npgsql", $"{service}'s SQL");
            spans.ShouldContain(span => span.Service == service && span.Source == "MassTransit", $"{service}'s messages");
        }
    }

    [Fact]
    [Trait("Feature", "NOT-04")]
    public async Task does_not_hold_the_secret_of_a_link_nor_the_address()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 2);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "canary-91c2@walk.example"), admin);
        var token = Token(await app.Mail("canary-91c2@walk.example"));
        await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/registrations/{token}");
        await Eventually.Is(() => app.Traces.Spans.Any(s => s.Service == "invitations" && s.Text.Contains("/registrations/…", StringComparison.Ordinal)), "the opened link is traced");

        app.Traces.Spans.ShouldNotContain(span => span.Text.Contains(token) || span.Text.Contains("canary-91c2"));
        app.Output.ShouldNotContain(line => line.Contains(token) || line.Contains("canary-91c2"));
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task does_not_hold_what_people_were_searched_for_by()
    {
        const string Canary = "canary-5e81@walk.example";
        var admin = await app.AdminToken();
        var trace = Convert.ToHexStringLower(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray());

        await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search={Uri.EscapeDataString(Canary)}", token: admin,
            headers: ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        Span[] Spans() => [.. app.Traces.Spans.Where(span => span.TraceId == trace)];
        await Eventually.Is(() => new[] { "gateway", "identity" }.All(service => Spans().Any(span => span.Service == service && span.Source == "Microsoft.AspNetCore")), "the search is traced");
        await Eventually.Is(() => Spans().Any(span => span.Source == "System.Net.Http" && span.Text.Contains("/users?…", StringComparison.Ordinal)), "the gateway's call is traced");
        app.Traces.Spans.ShouldNotContain(span => span.Text.Contains("canary-5e81"));
        app.Output.ShouldNotContain(line => line.Contains("canary-5e81"));
    }

    private static Span[] Orphans(Span[] spans, string root)
    {
        var known = spans.Select(span => span.SpanId).Append(root).ToHashSet(StringComparer.Ordinal);
        return [.. spans.Where(span => !known.Contains(span.ParentId))];
    }
}
