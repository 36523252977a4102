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
        var file = System.IO.Path.Combine(Run, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(file))
        {
            throw new DistributedApplicationException($"The application already runs from {path}; stop it first, or set INVITEHUB_DATA to another folder.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(error);
        }
    }

    /// <summary>The value kept under this name, in a file of its own; the first time, the one given here.</summary>
    public string KeptValue(string name, Func<string> first)
    {
        var file = System.IO.Path.Combine(Secrets, name);
        try
        {
            if (!File.Exists(file))
                Keep(file, first());
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(error);
        }
    }

    private static void Keep(string file, string value)
    {
        var whole = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        Account.Current.WriteSecret(whole, value);
        try
        {
            File.Move(whole, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(whole); // Another process came first, and its value counts.
        }
    }

    private string Create(string name, UnixFileMode others)
    {
        var folder = System.IO.Path.Combine(path, name);
        if (name.Length > 0)
            Create("", UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(error);
        }
        return folder;
    }

    private DistributedApplicationException NotWritable(Exception error) =>
        new($"The data folder {path} can't be used: {error.Message} Set INVITEHUB_DATA to a folder of your own on a disk with room.", error);
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
