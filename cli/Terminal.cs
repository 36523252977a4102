using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace InviteHub.Cli;

/// <summary>The exit codes of all commands.</summary>
internal static class Exit
{
    /// <summary>It is done, and all is as it should be.</summary>
    public const int Fine = 0;

    /// <summary>It is done, and something is not as it should be.</summary>
    public const int Wrong = 1;

    /// <summary>It can't be done as it was asked for, or by whom.</summary>
    public const int Refused = 2;

    /// <summary>The gateway can't be reached, or what stands behind it.</summary>
    public const int Unreachable = 3;
}

/// <summary>A command that ends early, with what to tell the caller.</summary>
/// <param name="exit">The exit code.</param>
/// <param name="message">What to tell.</param>
/// <param name="code">The same for programs.</param>
public sealed class CommandEndedException(int exit, string message, string code = "refused") : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int Exit => exit;

    /// <summary>Why, for programs.</summary>
    public string Code => code;
}

/// <summary>How a command talks: its answer to standard output in words or JSON, all else to standard error, so that answers can be piped.</summary>
internal sealed class Terminal(ParseResult parsed, bool json)
{
    /// <summary>Written by machines for machines, and still to be read.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IAnsiConsole _side = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error) });

    /// <summary>The option that every command has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Answer in JSON." };

    /// <summary>An instant with its offset, or in UTC.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = $"{description} (2026-03-01, 2026-03-01T12:00:00Z; UTC unless it says otherwise).",
        HelpName = "INSTANT",
        CustomParser = given =>
        {
            if (DateTimeOffset.TryParse(given.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
                return instant;
            given.AddError($"'{given.Tokens[0].Value}' is no instant such as 2026-03-01 or 2026-03-01T12:00:00Z.");
            return null;
        },
    };

    /// <summary>Runs a command; why it ended early is told, and becomes its exit code.</summary>
    public async Task<int> Run(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (CommandEndedException ended)
        {
            await Complain(ended.Code, ended.Message);
            return ended.Exit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Complain("file", e.Message);
            return Exit.Refused;
        }
    }

    /// <summary>The command's answer.</summary>
    public Task Answer(object answer, string words) =>
        parsed.InvocationConfiguration.Output.WriteLineAsync(json ? JsonSerializer.Serialize(answer, Json) : words);

    /// <summary>Shows how far something is; nothing where a program reads.</summary>
    /// <param name="what">What goes on.</param>
    /// <param name="work">Says done and total now and then; the total may be 0 as long as nobody knows it.</param>
    public async Task<T> Progress<T>(string what, Func<Action<long, long>, Task<T>> work)
    {
        if (json)
            return await work((_, _) => { });
        // Bars are not drawn into a file, and one of short work would end before its first line.
        if (!_side.Profile.Out.IsTerminal)
            await parsed.InvocationConfiguration.Error.WriteLineAsync(what);
        return await _side.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask(Markup.Escape(what));
                bar.IsIndeterminate = true;
                var result = await work((done, total) =>
                {
                    bar.IsIndeterminate = total == 0;
                    bar.MaxValue = Math.Max(total, 1);
                    bar.Value = done;
                });
                bar.IsIndeterminate = false;
                bar.Value = bar.MaxValue;
                return result;
            });
    }

    /// <summary>Asks whoever sits here; null when nobody does.</summary>
    public string? Ask(string question, bool isSecret)
    {
        if (Console.IsInputRedirected || !_side.Profile.Capabilities.Interactive)
            return null;
        var prompt = new TextPrompt<string>(question);
        return _side.Prompt(isSecret ? prompt.Secret(mask: null) : prompt);
    }

    private Task Complain(string code, string message) =>
        parsed.InvocationConfiguration.Error.WriteLineAsync(json ? JsonSerializer.Serialize(new { code, message }, Json) : message);
}
