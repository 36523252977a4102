using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using InviteHub.Testing;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "API-05")]
public sealed class hearing_of_changes(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task tells_whoever_listens_at_any_instance_once_for_all_that_happens_at_once()
    {
        using var listening = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var client = service.Another.Client();
        client.DefaultRequestHeaders.Authorization = service.Client(InvitationsService.Admin).DefaultRequestHeaders.Authorization;
        using var answer = await client.GetAsync("/api/v1/invitations/updates", HttpCompletionOption.ResponseHeadersRead);
        (answer.StatusCode, answer.Content.Headers.ContentType).ShouldBe((HttpStatusCode.OK, new MediaTypeHeaderValue("text/event-stream")));
        await using var heard = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync(listening.Token).GetAsyncEnumerator();
        (await Next(heard)).ShouldBe(("begin", "{}"));

        var (changes, since) = (0, Stopwatch.StartNew());
        var reading = Task.Run(async () =>
        {
            while (await heard.MoveNextAsync())
            {
                heard.Current.Data.ShouldBe("{}", "nothing is said of what has changed");
                changes += heard.Current.EventType == "changed" ? 1 : 0;
            }
        });
        for (var n = 0; n < 6; n++)
            await service.Invited(InvitationsService.Access(_organization, $"heard{n}@example.org"));
        await Eventually.Is(() => changes > 0, "it is told");
        // Each was asked for, opened, and more.
        changes.ShouldBeLessThanOrEqualTo((int)since.Elapsed.TotalSeconds + 2, "it tells once a second");
        await listening.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);
    }

    [Fact]
    public async Task says_in_silence_that_it_is_still_there_and_ends_with_the_token()
    {
        using var listening = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var answer = await service.Client(InvitationsService.Admin).GetAsync("/api/v1/invitations/updates", HttpCompletionOption.ResponseHeadersRead);
        await using var heard = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync(listening.Token).GetAsyncEnumerator();
        await Next(heard);
        var kinds = new List<string>();
        var reading = Task.Run(async () =>
        {
            while (await heard.MoveNextAsync())
                kinds.Add(heard.Current.EventType);
        });

        await Eventually.Is(
            () =>
            {
                service.Clock.Advance(TimeSpan.FromSeconds(15));
                return reading.IsCompleted;
            },
            "it ends", TimeSpan.FromMinutes(1));
        await reading;
        kinds.ShouldContain("alive");
    }

    [Fact]
    public async Task is_for_those_who_are_signed_in()
    {
        using var answer = await service.Client().GetAsync("/api/v1/invitations/updates");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<(string, string)> Next(IAsyncEnumerator<SseItem<string>> heard)
    {
        (await heard.MoveNextAsync()).ShouldBeTrue();
        return (heard.Current.EventType, heard.Current.Data);
    }
}
