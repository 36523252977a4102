using System.Diagnostics;

namespace InviteHub.Subscriptions.Tests.Protocol;

/// <summary>Searches <c>docs/models/seats.pml</c> whole: every order of messages, twice each, with instances that die in between.</summary>
[Trait("Feature", "SUB-03")]
public sealed class the_model_of_seats : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seats-model").FullName;

    [Theory]
    [InlineData("-DN=2")]
    // Three, of which two wait: each message once, or the search takes minutes.
    [InlineData("-DN=3", "-DCOPIES=1")]
    // One that expires and is asked for again.
    [InlineData("-DN=1", "-DROUNDS=2")]
    public async Task never_oversells_never_seats_two_and_ends_every_invitation(params string[] options) =>
        (await Search(options)).ShouldContain("errors: 0");

    [Theory]
    [InlineData("-DNO_TOMBSTONE")]
    [InlineData("-DNO_VERSION")]
    [InlineData("-DNO_RELEASE")]
    [InlineData("-DN=1", "-DROUNDS=2", "-DNO_ROUNDS")]
    public async Task without_one_of_its_rules_goes_wrong(params string[] without) => (await Search(without)).ShouldContain("assertion violated");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> Search(params string[] options)
    {
        await Run("spin", [.. options, "-a", Model()]);
        await Run("gcc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c");
        return await Run(Path.Combine(_folder, "pan"), "-n", "-m100000");
    }

    private async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program}: {output}");
        return output;
    }

    private static string Model()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InviteHub.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        return Path.Combine(folder.FullName, "docs/models/seats.pml");
    }
}
