using System.Diagnostics.CodeAnalysis;
using InviteHub.Contracts;

namespace InviteHub.Architecture.Tests.Red
{
    internal static class RedContracts
    {
        public static IReadOnlyCollection<Type> All { get; } =
        [
            typeof(Contracts.One.Sent), typeof(Contracts.One.Open), typeof(Contracts.One.NoRecord), typeof(Contracts.One.Nesting),
            typeof(Contracts.One.Kind), typeof(Contracts.One.Fine), typeof(Contracts.Other.Sent),
        ];
    }
}

namespace InviteHub.Architecture.Tests.Red.Contracts.One
{
    internal enum Kind
    {
        Small,
        Large,
    }

    internal sealed record Sent(Guid Id, [property: PersonalData] string Email, string Name, int[] Numbers);

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "the rule must find it")]
    internal record Open(Guid Id);

    internal sealed class NoRecord;

    internal sealed record Nesting(Sent Inner, IReadOnlyList<Uri> Rows, object Anything, DateTime Time);

    internal sealed record Fine(
        Guid? Id, string? Text, decimal Price, bool? IsOn, Kind Kind, DateTimeOffset At, DateOnly? On, byte[] Bytes,
        IReadOnlyList<Guid> Ids, IReadOnlyDictionary<string, long> Counts);
}

namespace InviteHub.Architecture.Tests.Red.Contracts.Other
{
    internal sealed record Sent(Guid Id, string Email, string? Name, long[] Numbers);
}
