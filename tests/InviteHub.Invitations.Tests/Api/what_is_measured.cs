using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "OPS-05")]
public sealed class what_is_measured(InvitationsService service) : IDisposable
{
    private static readonly object Form = new { password = "correct horse battery staple", language = "en", acceptPrivacyPolicy = true };

    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task is_how_long_acceptances_take_by_what_comes_of_them()
    {
        Listen("invitehub.invitations.acceptance.duration");
        var accepted = await service.Invited(InvitationsService.Access(_organization, "measured1@example.org"));
        (await Register(accepted)).StatusCode.ShouldBe(HttpStatusCode.Created);

        var unwanted = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        service.WithoutAccounts(unwanted);
        var refused = await service.Invited(InvitationsService.Customer(unwanted, "measured2@example.org"));
        (await Register(refused)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        _measured.Select(one => one.Tags).ShouldBe(["outcome=accepted", "outcome=refused"]);
        _measured.ShouldAllBe(one => one.Value > 0 && one.Value < 20);
        // What was refused waits for nothing any more.
        (await StateOf(accepted)).ShouldBe("Over");
        (await StateOf(refused)).ShouldBe("Over");
    }

    [Fact]
    public async Task is_how_long_sagas_wait_in_each_state()
    {
        Listen("invitehub.saga.age");
        using var age = ActivatorUtilities.CreateInstance<SagaAge>(service.Services);
        await service.Database.Ask<object>(
            """
            insert into sagas (type, correlation_id, version, state, updated_at) values
                ('TestSaga', gen_random_uuid(), 1, '{"currentState": "Waiting"}', now() - interval '1 hour'),
                ('TestSaga', gen_random_uuid(), 1, '{"currentState": "Waiting"}', now()),
                ('TestSaga', gen_random_uuid(), 1, '{"currentState": "Over"}', now() - interval '2 hours')
            """);

        await age.Measure(default);
        await service.Database.Ask<object>("delete from sagas where type = 'TestSaga'");
        await age.Measure(default);

        var ours = _measured.Where(one => one.Tags.Contains("TestSaga", StringComparison.Ordinal)).ToArray();
        ours.ShouldContain(one => one.Tags == "saga=TestSaga,state=Waiting" && one.Value > 3599 && one.Value < 3700);
        ours[^1].Value.ShouldBe(0);
        ours.ShouldNotContain(one => one.Tags.Contains("Over", StringComparison.Ordinal));
    }

    private Task<HttpResponseMessage> Register(JsonNode invitation) => service.Client().PostAsJsonAsync($"/api/v1/registrations/{service.Token(invitation)}", Form);

    private Task<string?> StateOf(JsonNode invitation) => service.Database.Ask<string>(
        "select state ->> 'currentState' from sagas where type = 'RegisterSaga' and correlation_id = $1", invitation["id"]!.GetValue<Guid>());

    private void Listen(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            _measured.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        _listener.Start();
    }
}
