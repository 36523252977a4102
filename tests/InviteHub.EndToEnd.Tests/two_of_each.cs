using System.Net;
using System.Net.Http.Json;
using InviteHub.Testing;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests;

/// <summary>The application with two of the gateway and of each service; the broker, the databases and the inboxes are one each.</summary>
public sealed class TwoOfEach() : RunningApplication(replicas: 2);

/// <summary>Alone: a second application beside it would take the time that restarts are given.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class TwoOfEachCollection : ICollectionFixture<TwoOfEach>
{
    public const string Collection = "two of each";
}

[Collection(TwoOfEachCollection.Collection)]
[Trait("Feature", "OPS-04")]
public sealed class two_of_each(TwoOfEach app)
{
    [Fact]
    public async Task know_a_session_of_one_at_the_other_until_it_ends()
    {
        var gateways = await Task.WhenAll(app.AddressOf("gateway-1"), app.AddressOf("gateway-2"));
        gateways[0].ShouldNotBe(gateways[1]);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new(), UseProxy = false });
        var credentials = new { email = AdminEmail, password = AdminPassword };

        (await browser.PostAsJsonAsync(new Uri(gateways[0], "/api/v1/session?cookie=true"), credentials)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Several times: behind a gateway, one or the other of the service may answer.
        var known = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => browser.GetAsync(new Uri(gateways[n % 2], "/api/v1/me"))));
        known.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);

        (await browser.DeleteAsync(new Uri(gateways[1], "/api/v1/session"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await browser.GetAsync(new Uri(gateways[0], "/api/v1/me"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task refuse_the_token_of_an_ended_session_within_seconds_whoever_ended_it()
    {
        var token = await app.AdminToken();
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Delete, "/session", token: token);

        await Eventually.Is(
            async () => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Send(HttpMethod.Get, "/organizations", token: token))))
                .All(answer => answer.Status == HttpStatusCode.Unauthorized),
            "every instance refuses it", TimeSpan.FromSeconds(5));
    }
}
