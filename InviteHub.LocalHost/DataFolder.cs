using System.Security.Cryptography;
using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>
/// What an application keeps from start to start: generated secrets, its servers' data, logs, and which processes it started.
/// Others may pass through it, since a server runs as another user, but they read nothing.
/// </summary>
internal sealed class DataFolder(string path)
{
    public string Path => path;

    /// <summary>Output of every resource.</summary>
    public string Logs => Create("logs", UnixFileMode.None);

    /// <summary>The processes that run now.</summary>
    public string Run => Create("run", UnixFileMode.None);

    private string Secrets => Create("secrets", UnixFileMode.None);

    /// <summary>Takes the folder for this process alone; a killed process gives it back too.</summary>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Run, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DistributedApplicationException($"{path} belongs to another user; set INVITEHUB_DATA to a folder of your own.", error);
        }
        catch (IOException error)
        {
            throw new DistributedApplicationException($"The application already runs from {path}; stop it first, or set INVITEHUB_DATA to another folder.", error);
        }
    }

    /// <summary>The value kept under this name, in a file of its own; the first time, the one given here.</summary>
    public string KeptValue(string name, Func<string> first)
    {
        var file = System.IO.Path.Combine(Secrets, name);
        if (!File.Exists(file))
        {
            var whole = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
            Account.Current.WriteSecret(whole, first());
            try
            {
                File.Move(whole, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(whole); // Another process came first, and its value counts.
            }
        }
        return File.ReadAllText(file);
    }

    private string Create(string name, UnixFileMode others)
    {
        var folder = System.IO.Path.Combine(path, name);
        if (name.Length > 0)
            Create("", UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
        return folder;
    }
}

/// <summary>Where the build puts things: <c>root/artifacts/bin/project/configuration/project.dll</c>.</summary>
internal sealed class BuildLayout(string baseDirectory)
{
    private readonly DirectoryInfo _output = new(Path.TrimEndingDirectorySeparator(baseDirectory));

    /// <summary>The repository.</summary>
    public string Root => _output.Parent!.Parent!.Parent!.Parent!.FullName;

    /// <summary>The folder of the running project.</summary>
    public string ProjectFolder => Path.Combine(Root, _output.Parent!.Name);

    /// <summary>The program that a project was built to, in the same configuration as the running one.</summary>
    public string ProgramOf(string projectPath)
    {
        var project = Path.GetFileNameWithoutExtension(projectPath);
        return Path.Combine(_output.Parent!.Parent!.FullName, project, _output.Name, project + ".dll");
    }
}
