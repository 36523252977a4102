using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;
using InviteHub.Subscriptions.ReadModels;

namespace InviteHub.Subscriptions.Integration;

/// <summary>
/// Erases what Subscriptions keeps of a person (GDP-03), and ends what they had: roles, memberships and assignments by commands, so that the
/// others hear of it, and seats, which come back to those who wait (GDP-05). Streams keep ids alone.
/// </summary>
internal sealed class ErasureDueConsumer(PostgresEventStore store, SubjectKeys keys, Erasures erasures, TimeProvider clock)
    : PersonEraser("subscriptions", store, keys, erasures, clock)
{
    private const string Forgotten = "forgotten";

    protected override void Erase(Guid person, Guid[] subjects, IReadOnlyList<string> emails, EraseRows erase)
    {
        erase("people", "delete from people where user_id = any($1)", subjects);
        erase(
            "appointments",
            """
            update appointments set details_status = 'active', languages = '{}', classroom_ids = '{}', competences = '{}'
            where user_id = any($1) and (details_status, languages, classroom_ids, competences) is distinct from ('active', '{}'::text[], '{}'::uuid[], '{}'::text[])
            """,
            subjects);
    }

    protected override async Task Follow(ErasureDue asked, Guid[] subjects, EventMetadata metadata, CancellationToken ct)
    {
        foreach (var (holder, role, user) in await Store.List<(Guid, string, Guid)>(
                     "select holder_id, role, user_id from appointments where user_id = any(@subjects)", new { subjects }, ct))
        {
            await Store.Transact(
                metadata,
                session => session.Decide<Appointment, AppointmentEvent>(
                    Appointment.StreamOf(role, holder, user), appointment => EndAppointment.Decide(appointment, whyNot: null, new(asked.By)), ct),
                ct);
        }

        foreach (var (id, user) in await Store.List<(Guid, Guid)>(
                     "select organization_id, user_id from organization_access where user_id = any(@subjects)", new { subjects }, ct))
        {
            await Store.Transact(
                metadata,
                session => session.Decide<Organization, OrganizationEvent>(Organization.StreamOf(id), organization => EndAccess.Decide(organization, user), ct),
                ct);
        }

        foreach (var (subscription, organization, invitation) in await Store.List<(Guid, Guid, Guid)>(
                     "select subscription_id, organization_id, invitation_id from seat_holders where person_id = any(@subjects)", new { subjects }, ct))
        {
            await Store.Transact(metadata, session => GiveBack(session, subscription, organization, invitation, subjects, ct), ct);
        }
    }

    private async Task<Refusal?> GiveBack(
        EventSession session, Guid subscriptionId, Guid organizationId, Guid invitationId, Guid[] subjects, CancellationToken ct)
    {
        var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(subscriptionId, organizationId), ct);
        var seat = stream.Aggregate.Seats.GetValueOrDefault(invitationId);
        if (seat is not null && !subjects.Contains(seat.PersonId))
            return null;
        if (seat is { IsOccupied: true })
            return await TakeSeatBack.Take(session, stream.Id, organizationId, invitationId, Clock.Today(), ct);
        var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(invitationId, organizationId), ct);
        await WithdrawInvitation.Handle(new(invitationId, organizationId, Forgotten, Clock.Today(), admission.Aggregate.Round), session, ct);
        return null;
    }
}
