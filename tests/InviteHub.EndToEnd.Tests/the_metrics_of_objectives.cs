using System.Net;
using InviteHub.Testing;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

[Collection(Collection)]
[Trait("Feature", "OPS-05")]
public sealed class the_metrics_of_objectives(RunningApplication app)
{
    [Fact]
    public async Task are_exported_and_lead_to_the_traces_that_they_were_measured_in()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 1);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "measured@walk.example"), admin);
        await app.Send(HttpMethod.Post, "/invitations", Access(business, "too-late@walk.example"), admin);
        var token = Token(await app.Mail("measured@walk.example"));
        var trace = Convert.ToHexStringLower(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray());
        await app.Expect(
            HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{token}", new { password = OwnPassword, language = "en", acceptPrivacyPolicy = true },
            token: null, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        (string Service, string Name)[] expected =
        [
            ("gateway", "http.server.request.duration"),
            ("invitations", "invitehub.invitations.acceptance.duration"),
            ("invitations", "invitehub.saga.age"),
            ("invitations", "invitehub.subscription.lag.age"),
            ("subscriptions", "invitehub.admissions"),
            ("notifications", "invitehub.deliveries.attempts"),
        ];
        foreach (var (service, name) in expected)
            await Eventually.Is(() => app.Traces.Metrics.Any(metric => metric.Service == service && metric.Name == name), $"{service} exports {name}", TimeSpan.FromSeconds(40));
        foreach (var (service, name) in new[] { expected[0], expected[1] })
            await Eventually.Is(() => app.Traces.Metrics.Any(metric => metric.Service == service && metric.Name == name && metric.TraceIds.Contains(trace)), $"{name} names the trace", TimeSpan.FromSeconds(40));

        // What looks whether there is work leaves no traces.
        app.Traces.Spans.ShouldContain(span => span.Source == "Npgsql");
        app.Traces.Spans.ShouldNotContain(span => span.Source == "Npgsql" && span.ParentId.Length == 0);
    }
}
