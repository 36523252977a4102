using System.Reflection;
using System.Runtime.CompilerServices;

namespace InviteHub.Architecture.Tests;

/// <summary>A service is used over HTTP and messages: its types are nobody else's, but for its own tests.</summary>
internal static class InternalServices
{
    /// <summary>Public types, except the entry point's, which the web SDK itself makes public.</summary>
    public static IEnumerable<string> PublicTypes(IEnumerable<Type> types) =>
        from type in types
        where type.IsVisible && type is not { Namespace: null, Name: "Program" }
        select $"{type.FullName} is public";

    /// <summary>Friends that are neither the assembly's own tests nor a measure, which ships with nothing.</summary>
    public static IEnumerable<string> Friends(string assembly, IEnumerable<InternalsVisibleToAttribute> friends) =>
        from friend in friends
        where !friend.AssemblyName.StartsWith("InviteHub.Bench.") && (!friend.AssemblyName.StartsWith($"{assembly}.") || !friend.AssemblyName.EndsWith(".Tests"))
        select $"{assembly} shows its inside to {friend.AssemblyName}";
}

public sealed class internal_services
{
    [Fact]
    public void have_no_public_types() => InternalServices.PublicTypes(ServiceAssemblies.Types).ShouldHold();

    [Fact]
    public void show_their_inside_to_tests_and_measures_alone() => ServiceAssemblies.All
        .Concat([typeof(Contracts.PersonalDataAttribute).Assembly, typeof(EventStore.EventTypes).Assembly, typeof(ServiceDefaults.Permission).Assembly])
        .SelectMany(assembly => InternalServices.Friends(assembly.GetName().Name!, assembly.GetCustomAttributes<InternalsVisibleToAttribute>()))
        .ShouldHold();

    [Fact]
    public void that_are_public_are_found() => InternalServices.PublicTypes([typeof(Red.PublicThing), typeof(Red.PublicThing.Inner), typeof(Red.PureState)])
        .ShouldBe([$"{typeof(Red.PublicThing).FullName} is public", $"{typeof(Red.PublicThing.Inner).FullName} is public"]);

    [Fact]
    public void that_have_other_friends_are_found() => InternalServices.Friends("InviteHub.Identity",
    [
        new("InviteHub.Identity.Tests"), new("InviteHub.Invitations"), new("InviteHub.Invitations.Tests"), new("InviteHub.Identity.Helpers"),
    ]).ShouldBe(
    [
        "InviteHub.Identity shows its inside to InviteHub.Invitations",
        "InviteHub.Identity shows its inside to InviteHub.Invitations.Tests",
        "InviteHub.Identity shows its inside to InviteHub.Identity.Helpers",
    ]);
}
