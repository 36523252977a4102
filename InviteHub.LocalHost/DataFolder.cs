using System.Text.Json;
using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>
/// What an application keeps from start to start: generated secrets, its servers' data, logs, and which processes it started.
/// Others may pass through it, since a server runs as another user, but they read nothing.
/// </summary>
internal sealed class DataFolder(string path)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public string Path => path;

    /// <summary>Output of every resource.</summary>
    public string Logs => Create("logs", UnixFileMode.None);

    /// <summary>The processes that run now.</summary>
    public string Run => Create("run", UnixFileMode.None);

    private string Secrets => System.IO.Path.Combine(Create("", UnixFileMode.GroupExecute | UnixFileMode.OtherExecute), "parameters.json");

    /// <summary>Takes the folder for this process alone; a killed process gives it back too.</summary>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Run, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new DistributedApplicationException($"The application already runs from {path}; stop it first, or set INVITEHUB_DATA to another folder.", error);
        }
    }

    /// <summary>The value kept under this name; the first time, the one given here.</summary>
    public string KeptValue(string name, Func<string> first)
    {
        lock (Readable)
        {
            var kept = File.Exists(Secrets) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(Secrets))! : [];
            if (kept.TryGetValue(name, out var value))
                return value;
            kept[name] = first();
            // Beside its place first: a half-written file would lose every secret, and with them the data.
            Account.Current.WriteSecret(Secrets + ".new", JsonSerializer.Serialize(kept, Readable));
            File.Move(Secrets + ".new", Secrets, overwrite: true);
            return kept[name];
        }
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
