using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>Whom a server runs as: whoever we are, or an unprivileged user when that is root.</summary>
internal sealed partial record Account(string? User, uint UserId, uint GroupId)
{
    /// <summary>Whoever runs the host.</summary>
    public static readonly Account Current = new(null, 0, 0);

    public IEnumerable<string> SetprivArguments => User is null ? [] : [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups"];

    /// <summary>The first of these users that this machine has when we are root; else ourselves.</summary>
    public static Account Unprivileged(params ReadOnlySpan<string> candidates)
    {
        if (!Environment.IsPrivilegedProcess)
            return Current;
        var users = File.ReadAllLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        foreach (var candidate in candidates)
        {
            if (users.Find(fields => fields[0] == candidate) is { } user)
                return new Account(candidate, uint.Parse(user[2]), uint.Parse(user[3]));
        }
        throw new DistributedApplicationException($"None of the users {string.Join(", ", candidates)} exists, and a server must not run as root.");
    }

    /// <summary>
    /// The folder that this account keeps its data in, mode 0700. Where the account can't even reach the wanted place (a
    /// checkout under /root), the folder is made under /var/lib/invitehub and a link is left in the wanted place.
    /// </summary>
    public async Task<string> OwnFolderAsync(string wanted, CancellationToken cancellationToken)
    {
        if (new DirectoryInfo(wanted) is { Exists: true, LinkTarget: { } target })
            return target;
        var parent = Path.GetDirectoryName(Path.GetFullPath(wanted))!;
        Directory.CreateDirectory(parent);
        if (User is not null && !await CanEnterAsync(parent, cancellationToken))
        {
            if (Directory.Exists(wanted))
                throw new DistributedApplicationException($"{User} can't enter {wanted}; give others the right to pass (chmod o+x) on every folder above it.");
            Directory.CreateDirectory(Elsewhere);
            File.SetUnixFileMode(Elsewhere, Passable); // Whatever the umask says.
            var elsewhere = Path.Combine(Elsewhere, $"{Path.GetFileName(wanted)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
            File.CreateSymbolicLink(wanted, elsewhere);
            wanted = elsewhere;
        }
        Directory.CreateDirectory(wanted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(wanted);
        return wanted;
    }

    /// <summary>The secret in this file: the one given, else the one that is there, else a new one.</summary>
    public string KeptSecret(string path, string? given)
    {
        var secret = given ?? (File.Exists(path) ? File.ReadAllText(path) : RandomNumberGenerator.GetHexString(32, lowercase: true));
        WriteSecret(path, secret);
        return secret;
    }

    /// <summary>Writes a file that only this account (and root) can read.</summary>
    public void WriteSecret(string path, string content)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(path, options))
            writer.Write(content);
        Own(path);
    }

    private const string Elsewhere = "/var/lib/invitehub";

    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private void Own(string path)
    {
        if (User is not null && ChangeOwner(path, UserId, GroupId) != 0)
            throw new DistributedApplicationException($"{path} can't be given to {User}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    private async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync(new Command("test", "-x", folder) { RunAs = this }, null, cancellationToken)).ExitCode == 0;

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
