using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>
/// One person in one role at one organization or service (ROL-05, ROL-06): asked for here, granted or refused by Identity. Each has a
/// stream of its own, so that a supplier's many people are in nobody's way, and of two who appoint the same person at once one asks.
/// </summary>
internal sealed record Appointment : IAggregate<Appointment, AppointmentEvent>
{
    public static string Category => "appointment";

    public static Appointment Initial { get; } = new();

    /// <summary>The id follows from what makes it one: there can't be two streams for the same person in the same role.</summary>
    public static StreamId StreamOf(string role, Guid holderId, Guid userId)
    {
        var key = new Guid(SHA256.HashData(Encoding.ASCII.GetBytes($"{role}/{holderId}/{userId}")).AsSpan(..16));
        return role == HeldRole.ServiceAdmin ? StreamId.Of(Category, key) : StreamId.Of(Category, key, holderId);
    }

    /// <summary>What Identity was asked last; the answer names it.</summary>
    public Guid RequestId { get; private init; }

    public Guid HolderId { get; private init; }

    public Guid UserId { get; private init; }

    public string Role { get; private init; } = "";

    public AppointmentStatus Status { get; private init; }

    /// <summary>Why Identity said no.</summary>
    public RefusedByIdentity? Refusal { get; private init; }

    public AppointmentDetails Details { get; private init; } = new();

    /// <summary>Whether the person has the role, or is to have it.</summary>
    public bool Stands => Status is AppointmentStatus.Requested or AppointmentStatus.Granted;

    public Appointment Apply(AppointmentEvent happened) => happened switch
    {
        AppointmentEvent.RequestedInClear e => Asked(new(e.RequestId, e.HolderId, e.UserId, e.Role, e.Details, e.By)),
        AppointmentEvent.Requested e => Asked(e),
        AppointmentEvent.Granted => this with { Status = AppointmentStatus.Granted },
        AppointmentEvent.Refused e => this with { Status = AppointmentStatus.Refused, Refusal = new(e.Kind, e.Code, e.Detail) },
        AppointmentEvent.DetailsChangedInClear e => this with { Details = e.Details },
        AppointmentEvent.DetailsChanged e => this with { Details = e.Details ?? new() },
        AppointmentEvent.Ended => this with { Status = AppointmentStatus.Ended },
        _ => throw new InvalidOperationException($"an appointment knows no {happened.GetType().Name}"),
    };

    private static Appointment Asked(AppointmentEvent.Requested e) => new()
    {
        RequestId = e.RequestId, HolderId = e.HolderId, UserId = e.UserId, Role = e.Role, Status = AppointmentStatus.Requested, Details = e.Details ?? new(),
    };
}

/// <summary>Where an appointment is.</summary>
internal enum AppointmentStatus
{
    /// <summary>Never asked for.</summary>
    None,

    /// <summary>Identity is asked.</summary>
    Requested,

    /// <summary>The person has the role.</summary>
    Granted,

    /// <summary>The role does not go with the person's others.</summary>
    Refused,

    /// <summary>Taken back.</summary>
    Ended,
}

/// <summary>What an organization keeps of its professional, of its mentor the status alone (ROL-06).</summary>
internal sealed record AppointmentDetails
{
    /// <summary>One of <see cref="Statuses"/>.</summary>
    public string Status { get; init; } = Active;

    /// <summary>BCP 47, such as <c>sv</c> or <c>pt-BR</c>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<Guid> ClassroomIds { get; init; } = [];

    public IReadOnlyList<string> Competences { get; init; } = [];

    public const string Active = "active";

    public static IReadOnlyList<string> Statuses { get; } = [Active, "inactive"];

    /// <summary>By value: the lists by what they hold.</summary>
    public bool Equals(AppointmentDetails? other) => other is not null && Status == other.Status && Languages.SequenceEqual(other.Languages)
        && ClassroomIds.SequenceEqual(other.ClassroomIds) && Competences.SequenceEqual(other.Competences);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Languages.Count, ClassroomIds.Count, Competences.Count);
}

/// <summary>The roles that belong to an organization or a service, as the contracts write them (ROL-01).</summary>
internal static class HeldRole
{
    public const string SupplierAdmin = "supplierAdmin";
    public const string CustomerAdmin = "customerAdmin";
    public const string Professional = "professional";
    public const string Mentor = "mentor";
    public const string ServiceAdmin = "serviceAdmin";

    /// <summary>Those who administer an organization.</summary>
    public static IReadOnlyList<string> Administrators { get; } = [SupplierAdmin, CustomerAdmin];

    /// <summary>An organization's people, by their part of the address.</summary>
    public static IReadOnlyDictionary<string, string> People { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["professionals"] = Professional, ["mentors"] = Mentor };

    /// <summary>What an organization must be to have somebody in a role.</summary>
    public static string KindFor(string role) => role is SupplierAdmin or Professional ? OrganizationKind.Supplier : OrganizationKind.Customer;

    /// <summary>The administrator of an organization of a kind, who appoints its people.</summary>
    public static string AdministratorOf(string kind) => kind == OrganizationKind.Supplier ? SupplierAdmin : CustomerAdmin;
}
