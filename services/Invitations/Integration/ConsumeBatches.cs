using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Integration;

/// <summary>Subscriptions says what would become of a batch.</summary>
internal sealed class InvitationBatchCheckedConsumer(PostgresEventStore store, InvitationPolicies policies, TimeProvider clock)
    : EventConsumer<InvitationBatchChecked>(store)
{
    protected override async Task Handle(InvitationBatchChecked message, EventSession session, CancellationToken ct)
    {
        var policy = await policies.OfBatch(message.OrganizationId, clock.GetUtcNow(), ct);
        await session.Decide<InvitationBatch, InvitationBatchEvent>(
            InvitationBatch.Stream(message.OrganizationId, message.BatchId), batch => CheckBatch.Decide(batch, message, policy), ct);
    }
}

/// <summary>Subscriptions decided on some invitations of a batch: they open, wait or are refused, and their rows say so, in one commit.</summary>
internal sealed class InvitationsAnsweredConsumer(PostgresEventStore store, InvitationQueries queries, LinkTokens links, TimeProvider clock)
    : EventConsumer<InvitationsAnswered>(store)
{
    protected override async Task Handle(InvitationsAnswered message, EventSession session, CancellationToken ct)
    {
        Guid[] all = [.. message.Admitted, .. message.Waitlisted, .. message.Refused];
        await session.FetchForWriting<Invitation, InvitationEvent>([.. all.Select(id => Invitation.Stream(message.OrganizationId, id))], ct);
        var sender = message.Admitted is [var one, ..] ? await queries.Sender(one, ct) : null;

        var opened = new List<Guid>();
        foreach (var id in message.Admitted)
        {
            var admitted = new InvitationAdmitted(
                id, message.OrganizationId, message.OrganizationName, message.AppName, message.RoleName, message.ValidForDays);
            await Decide(id, invitation =>
            {
                var decision = OpenInvitation.Decide(invitation, OpenInvitation.For(invitation, admitted, sender, links, clock, message.ChunkId));
                if (decision.Events.Count > 0)
                    opened.Add(id);
                return decision;
            });
        }

        await session.Decide<BatchChunk, BatchChunkEvent>(
            BatchChunk.Stream(message.OrganizationId, message.ChunkId), chunk => OpenChunk.Decide(chunk, opened), ct);

        foreach (var id in message.Waitlisted)
        {
            await Decide(id, invitation => AwaitSeat.Decide(
                invitation, new(message.OrganizationName, message.AppName ?? "", message.RoleName ?? "")));
        }

        foreach (var (n, id) in message.Refused.Index())
        {
            await Decide(id, invitation => RefuseInvitation.Decide(
                invitation, new(message.Kinds[n], message.Codes[n], message.Details[n], CheckBatch.FactsAt(n, message.Facts))));
        }

        InvitationBatches.Answered(session.Sql, message);

        Task Decide(Guid id, Func<Invitation, Decision<InvitationEvent>> decide) =>
            session.Decide<Invitation, InvitationEvent>(Invitation.Stream(message.OrganizationId, id), decide, ct);
    }
}
