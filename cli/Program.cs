using System.CommandLine;
using InviteHub.Cli;

var root = new RootCommand("InviteHub for operators and auditors.") { VerifyCommand.Make() };
return await root.Parse(args).InvokeAsync();
