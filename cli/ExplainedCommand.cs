using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace InviteHub.Cli;

/// <summary>A command whose own help tells more than the list of all commands does: exit codes and examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="text">What it does, in the first line, and all else that is to be known.</param>
internal sealed class ExplainedCommand(string name, string text) : Command(name, text.Split('\n')[0])
{
    /// <summary>Has help print what commands explain.</summary>
    public static void In(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Explain((HelpAction)help.Action!);
    }

    private string More => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private sealed class Explain(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ExplainedCommand explained)
                parseResult.InvocationConfiguration.Output.WriteLine(explained.More);
            return code;
        }
    }
}
