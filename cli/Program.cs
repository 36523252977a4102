using System.CommandLine;
using System.CommandLine.Invocation;
using InviteHub.Cli;

var root = new RootCommand("InviteHub for operators and auditors. Each command tells its exit codes and shows examples with --help.")
{
    VerifyCommand.Make(),
    ExportCommand.Make(),
    ReplayCommand.Make(),
    DiffCommand.Make(),
    RebuildCommand.Make(),
    BatchCommand.Make(),
    AnonymizeCommand.Make(),
    DoctorCommand.Make(),
};
ExplainedCommand.In(root);
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Action is ParseErrorAction ? Exit.Refused : code;
