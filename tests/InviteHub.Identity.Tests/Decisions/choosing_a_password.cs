using System.Diagnostics;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "INV-10")]
public class choosing_a_password
{
    private static readonly string[] Own = ["Kim.Eriksdotter@north.example", "Kim", "Eriksdotter"];

    [Theory]
    [InlineData("correct staple of a horse")]
    [InlineData("tv4-elva-blå-lådor")]
    [InlineData("xK9#mQ2$vL7p")]
    [InlineData("kim likes walking in the rain")]
    [InlineData("Kim & Kim open 300 doors")]
    public void takes_what_is_long_and_not_common(string password) => Passwords.Check(password, Own).ShouldBeEmpty();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("xK9#mQ2$vL7")]
    [InlineData("🐎🐎🐎🐎🐎🐎🐎🐎")]
    public void needs_twelve_characters(string? password) => Passwords.Check(password, Own).ShouldHaveSingleItem().ShouldContain("at least 12");

    [Fact]
    public void takes_128_characters_and_no_more()
    {
        var words = string.Concat(Enumerable.Range(0, 40).Select(n => $"{n * n}-"));
        Passwords.Check(words[..128]).ShouldBeEmpty();
        Passwords.Check(words[..129]).ShouldHaveSingleItem().ShouldContain("at most 128");
    }

    [Theory]
    [InlineData("qwertyuiopasdfghjkl")]
    [InlineData("Summer2026!!")]
    [InlineData("P@ssw0rd1234")]
    [InlineData("passwordpassword")]
    [InlineData("123456789012")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("abcdefghijklm")]
    [InlineData("!!!!....!!!!....")]
    [InlineData("ILOVEYOUFOREVER")]
    [InlineData("1q2w3e4r5t6y")]
    public void refuses_what_is_guessed_first(string password) => Passwords.Check(password, Own).ShouldHaveSingleItem().ShouldContain("guessed first");

    [Theory]
    [InlineData("kim.eriksdotter@north.example")]
    [InlineData("KimEriksdotter1")]
    [InlineData("eriksdotterkim!")]
    [InlineData("north-eriksdotter-99")]
    public void refuses_the_persons_own_name_and_address(string password) =>
        Passwords.Check(password, Own).ShouldHaveSingleItem().ShouldContain("your name");

    [Fact]
    public async Task is_found_again_by_its_hash_alone()
    {
        using var passwords = new Passwords();
        var hash = await passwords.Hash("correct staple of a horse");
        (await passwords.Verify(hash, "correct staple of a horse")).ShouldBeTrue();
        (await passwords.Verify(hash, "correct staple of a house")).ShouldBeFalse();
        Convert.FromBase64String(hash)[..13].ShouldBe([1, 0, 0, 0, 2, 0, 3, 0x34, 0x50, 0, 0, 0, 16]);
    }

    [Fact]
    [Trait("Feature", "USR-08")]
    public async Task costs_the_same_work_when_nobody_has_it()
    {
        using var passwords = new Passwords();
        var hash = await passwords.Hash("correct staple of a horse");
        await passwords.Verify(null, "warm up");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await Milliseconds(() => passwords.Verify(hash, "correct staple of a house")));
            unknown.Add(await Milliseconds(() => passwords.Verify(null, "correct staple of a house")));
        }

        known.Sort();
        unknown.Sort();
        (unknown[4] / known[4]).ShouldBeInRange(0.5, 2);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task is_refused_at_once_when_too_many_wait()
    {
        using var passwords = new Passwords();
        using var done = new CancellationTokenSource();
        var tries = Enumerable.Range(0, (16 * Environment.ProcessorCount) + 5).Select(_ => passwords.Verify(null, "x", done.Token)).ToArray();
        var refused = tries.Where(t => t.IsFaulted).Select(t => t.Exception!.InnerException).ToArray();
        refused.Length.ShouldBe(5);
        refused.ShouldAllBe(e => ((BadHttpRequestException)e!).StatusCode == 503);

        await done.CancelAsync();
        await Task.WhenAll(tries).ContinueWith(_ => { });
        (await passwords.Verify(null, "x")).ShouldBeFalse();
    }

    private static async Task<double> Milliseconds(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }
}
