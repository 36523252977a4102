namespace InviteHub.Architecture.Tests.Red;

public sealed record PublicThing
{
    public sealed record Inner;
}
