using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace InviteHub.Identity.Tests.Api;

/// <summary>
/// Compares many interleaved samples: how likely an answer about a known address takes longer than one about an unknown one. It is a half
/// when nothing can be learned from it; chance alone leaves the bounds once in ten thousand
/// times. Ranks, since on a busy machine some answers take many times as long.
/// </summary>
[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-08")]
public class answering_in_equal_time(IdentityService identity)
{
    private const int Samples = 24;
    private const int PerAccount = 4;

    [Theory]
    [InlineData("/api/v1/session", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/session/email-code", HttpStatusCode.Accepted)]
    [InlineData("/api/v1/password-resets", HttpStatusCode.Accepted)]
    public async Task tells_nobody_whether_an_address_is_known(string path, HttpStatusCode status)
    {
        // A right password mails a code; nothing may tell that either.
        var mails = path.EndsWith("code", StringComparison.Ordinal);
        var password = mails ? Some.Password : "correct staple of a house";
        var admin = await identity.Admin();
        var people = new List<string>();
        while (people.Count < Samples / PerAccount)
        {
            var person = await identity.Person();
            people.Add(person.Email);
            if (mails)
                (await admin.PostAsync($"/api/v1/users/{person.Id}/two-factor/email-code", null)).EnsureSuccessStatusCode();
        }

        await Milliseconds(Some.Email(), 0);

        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            known.Add(await Milliseconds(people[i / PerAccount], i));
            unknown.Add(await Milliseconds(Some.Email(), i));
        }

        var longer = known.Sum(k => unknown.Count(u => k > u)) / (double)(Samples * Samples);
        longer.ShouldBeInRange(0.15, 0.85, $"medians: known {Median(known):0} ms, unknown {Median(unknown):0} ms");

        async Task<double> Milliseconds(string email, int sample)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { email, password }) };
            request.Headers.Add("X-Forwarded-For", $"198.51.100.{sample}");
            var watch = Stopwatch.StartNew();
            using var answer = await identity.Client().SendAsync(request);
            answer.StatusCode.ShouldBe(status);
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    private static double Median(List<double> of)
    {
        var sorted = of.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
