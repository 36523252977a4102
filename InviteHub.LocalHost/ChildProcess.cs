using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>The signals that end a child: politely, at once for PostgreSQL ("fast"), or for sure.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>What to run, as whom, and where its output goes.</summary>
internal sealed record Command(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the host's own environment, or the whole of it when <see cref="CleanEnvironment"/> is set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public bool CleanEnvironment { get; init; }

    public Account RunAs { get; init; } = Account.Current;

    /// <summary>What the child gets from <see cref="ChildProcess.StopAsync"/>, and from the kernel when the host dies.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>What the kernel sends when the host is gone and can't wait: nothing survives this.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>Remembers the child across hosts, so that the next start ends one that the last host left behind.</summary>
    public string? PidFile { get; init; }

    public Action<string>? Output { get; init; }
}

/// <summary>
/// A child in a session of its own: Ctrl+C in the terminal reaches only the host, which then stops its children in order,
/// and the whole group of a child can be ended at once. When the host dies, the kernel ends the child.
/// </summary>
internal sealed partial class ChildProcess : IServer
{
    // The kernel sends the death signal when the *thread* that forked ends, so all children come from one that never does.
    private static readonly BlockingCollection<Action> Forks = StartForkThread();

    private readonly Process _process;
    private readonly Command _command;

    private ChildProcess(Process process, Command command, Task<int> exited)
    {
        _process = process;
        _command = command;
        ProcessId = process.Id;
        Exited = exited;
    }

    public int ProcessId { get; }

    /// <summary>Completes with the exit code; a process that a signal ended has 128 + the signal's number.</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildProcess> StartAsync(Command command, CancellationToken cancellationToken = default)
    {
        if (command.PidFile is { } pidFile)
            await EndLeftoverAsync(pidFile, command.StopSignal, cancellationToken);
        var process = new Process { StartInfo = StartInfo(command), EnableRaisingEvents = true };
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => ended.TrySetResult();
        await ForkAsync(process);
        process.StandardInput.Close();
        if (command.PidFile is not null && ProcessIdentity.Of(process.Id) is { } identity)
            await File.WriteAllTextAsync(command.PidFile, identity.ToString(), CancellationToken.None);
        var output = Task.WhenAll(Pump(process.StandardOutput, command.Output), Pump(process.StandardError, command.Output));
        return new ChildProcess(process, command, ExitAsync(process, command, ended.Task, output));
    }

    /// <summary>Runs a short command to its end; what it printed comes back with its exit code.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Command command, string? input = null, CancellationToken cancellationToken = default)
    {
        using var process = new Process { StartInfo = StartInfo(command) };
        await ForkAsync(process);
        if (input is not null)
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellationToken),
            process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, string.Concat(output));
    }

    /// <summary>Asks the child to end, and ends it when it has not done so in time.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!Exited.IsCompleted)
            SendSignal(ProcessId, _command.StopSignal);
        if (await Task.WhenAny(Exited, Task.Delay(patience)) != Exited)
            SendSignal(-ProcessId, Signal.Kill);
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(15)); // It may drain for a while before it ends what it has in hand.
        _process.Dispose();
    }

    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string program) =>
        program.Contains('/')
            ? File.Exists(program) ? program : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists);

    private static ProcessStartInfo StartInfo(Command command)
    {
        var setpriv = Find("setpriv");
        var setsid = Find("setsid");
        if (setpriv is null || setsid is null)
            throw new DistributedApplicationException("setpriv and setsid are missing; install util-linux (apt-get install util-linux).");
        var info = new ProcessStartInfo(setsid)
        {
            WorkingDirectory = command.WorkingDirectory ?? "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (command.CleanEnvironment)
            info.Environment.Clear();
        foreach (var (name, value) in command.Environment)
            info.Environment[name] = value;
        var deathSignal = command.DeathSignal switch { Signal.Interrupt => "INT", Signal.Terminate => "TERM", _ => "KILL" };
        string[] arguments = [setpriv, "--pdeathsig", deathSignal, .. command.RunAs.SetprivArguments, "--", command.FileName, .. command.Arguments];
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        return info;
    }

    private static Task ForkAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Forks.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception error)
            {
                started.SetException(new DistributedApplicationException($"{process.StartInfo.FileName} can't be started: {error.Message}", error));
            }
        });
        return started.Task;
    }

    private static async Task<int> ExitAsync(Process process, Command command, Task ended, Task output)
    {
        await ended;
        SendSignal(-process.Id, Signal.Kill); // What the child started and left behind; it would also hold the pipes open.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1)));
        if (command.PidFile is not null)
            File.Delete(command.PidFile);
        return process.ExitCode;
    }

    private static async Task Pump(StreamReader reader, Action<string>? output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            try
            {
                output?.Invoke(line);
            }
            catch (IOException)
            {
                // What can't be kept, since the disk is full, must not hold up who says it.
            }
        }
    }

    /// <summary>Ends the child that a killed host left behind, if the pid file still names it.</summary>
    public static async Task EndLeftoverAsync(string pidFile, Signal signal, CancellationToken cancellationToken)
    {
        if (!File.Exists(pidFile) || !ProcessIdentity.TryParse(await File.ReadAllTextAsync(pidFile, cancellationToken), out var leftover))
            return;
        if (leftover.IsAlive)
            SendSignal(leftover.Id, signal);
        for (var waits = 0; waits < 100 && leftover.IsAlive; waits++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        while (leftover.IsAlive)
        {
            SendSignal(-leftover.Id, Signal.Kill);
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
        File.Delete(pidFile);
    }

    private static BlockingCollection<Action> StartForkThread()
    {
        var forks = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var fork in forks.GetConsumingEnumerable())
                fork();
        }) { IsBackground = true, Name = "child processes" }.Start();
        return forks;
    }

    // The only error that can happen is that the process is gone already, which is what a signal is sent for.
    private static void SendSignal(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

/// <summary>A process for sure: its id, when the kernel started it, and in which boot, since ids are given again.</summary>
internal sealed record ProcessIdentity(int Id, string StartTime, string Boot)
{
    private static readonly string ThisBoot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Neither gone, nor replaced by another process with its id, nor merely waiting to be reaped.</summary>
    public bool IsAlive => Of(Id) == this;

    public static ProcessIdentity? Of(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // The name before it may hold spaces.
            return fields[0] is "Z" or "X" ? null : new ProcessIdentity(id, fields[19], ThisBoot);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static bool TryParse(string text, out ProcessIdentity identity)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        identity = parts is [var id, var startTime, var boot] && int.TryParse(id, out var number) ? new(number, startTime, boot) : new(0, "", "");
        return identity.Id > 1;
    }

    public override string ToString() => $"{Id} {StartTime} {Boot}";
}
