using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Identity asks to invite somebody to their account (INV-14, INV-18). It belongs to no organization and takes no seat: so nobody has to admit
/// it, and it is open at once. One that waits for the person's answer is sent again; where the person has another address, number or username
/// by now, it is taken back and a new one goes out. Where the message is to carry a one-time password, it ends with that; the link is made all
/// the same, and nobody is told it.
/// </summary>
internal static class InviteAccount
{
    /// <summary>How long the link works.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromDays(365);

    /// <summary>Whom these invitations are of: no organization, but those who run all of it.</summary>
    public static readonly Guid Platform = Guid.Empty;

    private const string PlatformName = "InviteHub";

    public sealed record Command(AccountInvitationDue Asked, string? InvitedByName, string TokenHash, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation.Status switch
    {
        InvitationStatus.None => new InvitationEvent[]
        {
            new InvitationEvent.Requested(
                c.Asked.InvitationId, Platform, c.Asked.Way == Way.Created.Name() ? Way.Created : Way.Account, c.Asked.UserId, IsExistingUser: true,
                c.Asked.Email, c.Asked.FirstName, c.Asked.LastName, PersonalNumber: null, LmaNumber: null, c.Asked.Phone, Gender: null,
                SwedishCitizen: null, EuCitizen: null, AppId: null, SubscriptionId: null, Role: null, c.Asked.Language, c.Asked.By, c.Asked.ByRole, c.At)
            {
                Username = c.Asked.Username,
            },
            new InvitationEvent.Opened(
                PlatformName, AppName: null, RoleName: null, c.Asked.By, c.InvitedByName, Generation: 1, c.TokenHash, Until(c), c.At)
            {
                Channel = c.Asked.Channel == "email" ? null : c.Asked.Channel, OneTimePasswordId = PasswordOf(c),
            },
        },
        InvitationStatus.Pending when Reaches(invitation, c.Asked) =>
            new InvitationEvent.Resent(invitation.NextGeneration, c.TokenHash, Until(c), c.Asked.By, c.At) { OneTimePasswordId = PasswordOf(c) },
        InvitationStatus.Pending => new InvitationEvent.Revoked(c.Asked.By, c.At),
        _ => Nothing.Happened,
    };

    /// <summary>Gathers, decides and appends; a new invitation's saga waits for nothing but its end.</summary>
    public static async Task Handle(
        AccountInvitationDue asked, EventSession session, InvitationQueries queries, LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        // It was asked for before they were forgotten, and comes late.
        if (await queries.IsForgotten(asked.UserId, ct))
            return;
        var name = (await queries.Names([asked.By], ct)).GetValueOrDefault(asked.By);
        if (await queries.OpenToAccount(asked.UserId, ct) is { } earlier && (await Ask(earlier)).IsOpen)
            return;
        await Ask(asked.InvitationId);
        session.SaveSaga(asked.InvitationId, new InviteSaga { CorrelationId = asked.InvitationId, CurrentState = nameof(InviteMachine.Open) }, version: 0);

        async Task<Invitation> Ask(Guid id) => (await session.Decide<Invitation, InvitationEvent>(
            Invitation.Stream(Platform, id),
            invitation => Decide(invitation, new(asked, name, LinkTokens.HashOf(links.ForInvitation(id, invitation.NextGeneration)), clock.GetUtcNow())),
            ct)).State;
    }

    private static DateTimeOffset Until(Command c) => c.Asked.OneTimePasswordUntil ?? c.At + GoodFor;

    private static Guid? PasswordOf(Command c) => c.Asked.OneTimePasswordUntil is null ? null : c.Asked.InvitationId;

    private static bool Reaches(Invitation invitation, AccountInvitationDue asked) =>
        (invitation.Offer!.Email, invitation.Offer.Phone, invitation.Offer.Username, invitation.Link!.Channel ?? "email")
        == (asked.Email, asked.Phone, asked.Username, asked.Channel);
}
