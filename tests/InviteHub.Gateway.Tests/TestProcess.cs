using System.Runtime.CompilerServices;

namespace InviteHub.Gateway.Tests;

internal static class TestProcess
{
    /// <summary>Many hosts in one process: none of them needs to watch its settings' files, and watches are few on a machine.</summary>
    [ModuleInitializer]
    internal static void WatchNoFiles() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
