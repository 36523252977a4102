namespace InviteHub.Identity;

/// <summary>Makes an answer take as long whatever was done for it, so that its time does not tell what that was (USR-08).</summary>
internal static class EqualTime
{
    // Some times what the work takes; who asks for a mail does not mind.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    public static async Task For(Func<Task> work, TimeProvider clock, CancellationToken ct)
    {
        var time = Task.Delay(Least, clock, ct);
        await work();
        await time;
    }
}
