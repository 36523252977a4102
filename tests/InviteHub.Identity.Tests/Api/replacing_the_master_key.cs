using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

/// <summary>A service on the former master key, then on the next one with the former beside it, then on the next one alone.</summary>
[Trait("Feature", "GDP-03")]
public sealed class replacing_the_master_key : IAsyncLifetime
{
    private const string Former = "the former master key, long enough to be one";
    private const string Next = "the next master key, long enough to be one";
    private const string Purpose = "of a test";

    private readonly TestDatabase _database = new();
    private readonly TestDatabase _keyRing = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _keyRing.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _keyRing.DisposeAsync();
    }

    [Fact]
    public async Task keeps_people_links_tokens_and_messages_and_needs_the_former_one_no_more()
    {
        var (invitation, day, key) = (Some.Id(), new DateOnly(2100, 1, 1), Enumerable.Range(0, 32).Select(n => (byte)n).ToArray());
        var (sealedName, link, token) = await On(Former, "", async services => (
            await services.GetRequiredService<SubjectKeys>().Seal("person", "Ada"u8.ToArray(), Purpose),
            services.GetRequiredService<LinkTokens>().ForInvitation(invitation, 1),
            Protector(services).Protect("a session")));
        await _keyRing.Ask<int>("insert into bus_keys (day, wrapped_key) values ($1, $2)", day, new MasterKey(Former).Wrap(key, "bus 21000101"));

        await On(Next, Former, async _ =>
        {
            await Eventually.Is(
                async () => await _database.Ask<long>("select count(*) from keys.subject_keys where master_key_id <> $1", new MasterKey(Next).KeyId) == 0, "the person's key is wrapped anew");
            await Eventually.Is(async () => await Opens(), "the key of the day is wrapped anew");
            return true;
        });

        await On(Next, "", async services =>
        {
            (await services.GetRequiredService<SubjectKeys>().Open("person", sealedName, Purpose)).ShouldBe("Ada"u8.ToArray());
            services.GetRequiredService<LinkTokens>().ForInvitation(invitation, 1).ShouldBe(link);
            Protector(services).Unprotect(token).ShouldBe("a session");
            return true;
        });

        async Task<bool> Opens()
        {
            try
            {
                return new MasterKey(Next).Unwrap((await _keyRing.Ask<byte[]>("select wrapped_key from bus_keys where day = $1", day))!, "bus 21000101").SequenceEqual(key);
            }
            catch (System.Security.Cryptography.AuthenticationTagMismatchException)
            {
                return false;
            }
        }
    }

    private static IDataProtector Protector(IServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);

    /// <summary>Does something with a service that has these master keys, and stops it.</summary>
    private async Task<T> On<T>(string master, string further, Func<IServiceProvider, Task<T>> work)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(User).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:identitydb"] = _database.ConnectionString,
            ["ConnectionStrings:keyringdb"] = _keyRing.ConnectionString,
            ["MasterKey"] = master,
            ["FurtherMasterKeys"] = further,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("identity", events => events.Add<UserEvent>(), issuesTokens: true);
        await using var service = builder.Build();
        var started = new TaskCompletionSource();
        service.Lifetime.ApplicationStarted.Register(started.SetResult);
        var running = service.RunService();
        await await Task.WhenAny(started.Task, running);
        try
        {
            return await work(service.Services);
        }
        finally
        {
            await service.StopAsync();
            await running;
        }
    }
}
