using InviteHub.Contracts;
using InviteHub.EventStore;
using PersonalDataAttribute = InviteHub.EventStore.PersonalData.PersonalDataAttribute;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Keeps <c>invitation_list</c> and <c>invitation_links</c> in the commit of each command.</summary>
internal sealed class InvitationList : IInlineProjection, IProjection
{
    /// <summary>The index that lets an address have one open invitation of a kind (INV-02).</summary>
    public const string OneOpenInvitation = "one_open_invitation";

    public string Name => "invitations.invitation_list.v1";

    public IReadOnlyList<string> Tables => ["invitation_list", "invitation_links"];

    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        switch (alike[0].Data)
        {
            case InvitationEvent.Requested:
                Request([.. alike.Select(happened => (happened.Stream.Key, (InvitationEvent.Requested)happened.Data))], sql);
                break;
            case InvitationEvent.Opened:
                Open([.. alike.Select(happened => (happened.Stream.Key, (InvitationEvent.Opened)happened.Data))], sql);
                Keep(alike, [.. alike.Select(happened => (InvitationEvent.Opened)happened.Data).Select(e => (e.TokenHash, e.Generation))], sql);
                break;
            default:
                foreach (var happened in alike)
                    Change(happened, sql);
                break;
        }
    }

    private static void Request((Guid Id, InvitationEvent.Requested Asked)[] all, SqlQueue sql)
    {
        sql.Execute(
            """
            insert into invitation_list (id, organization_id, way, status, invitee_id, email, email_key, first_name, last_name,
                personal_number, lma_number, phone, gender, swedish_citizen, eu_citizen, app_id, subscription_id, role, sent_by, sent_on,
                scope, is_open)
            select id, organization_id, way, 'requested', invitee_id, email, email_key, first_name, last_name,
                personal_number, lma_number, phone, gender, swedish_citizen, eu_citizen, app_id, subscription_id, role, sent_by, sent_on,
                scope, true
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) as new (
                id, organization_id, way, invitee_id, email, email_key, first_name, last_name,
                personal_number, lma_number, phone, gender, swedish_citizen, eu_citizen, app_id, subscription_id, role, sent_by, sent_on, scope)
            """,
            Of(one => one.Id), Of(one => one.Asked.OrganizationId), Of(one => one.Asked.Way.Name()), Of(one => one.Asked.InviteeId), Of(one => one.Asked.Email),
            Of(one => one.Asked.Email == PersonalDataAttribute.Erased ? ErasedKey(one.Id) : KeyOf(one.Asked.Email)),
            Of(one => one.Asked.FirstName), Of(one => one.Asked.LastName), Of(one => Masked(one.Asked.PersonalNumber)), Of(one => one.Asked.LmaNumber),
            Of(one => one.Asked.Phone), Of(one => one.Asked.Gender), Of(one => one.Asked.SwedishCitizen), Of(one => one.Asked.EuCitizen),
            Of(one => one.Asked.AppId), Of(one => one.Asked.SubscriptionId), Of(one => one.Asked.Role), Of(one => one.Asked.InvitedBy), Of(one => one.Asked.At),
            Of(one => ScopeOf(one.Asked)));

        T[] Of<T>(Converter<(Guid Id, InvitationEvent.Requested Asked), T> column) => Array.ConvertAll(all, column);
    }

    private static void Open((Guid Id, InvitationEvent.Opened Opened)[] all, SqlQueue sql)
    {
        sql.Execute(
            """
            update invitation_list i set status = 'pending', organization = new.organization, app = new.app, role_name = new.role_name,
                expires_on = new.expires_on, sent_on = new.sent_on, channel = coalesce(new.channel, i.channel), delivery_status = new.delivery_status
            from unnest($1, $2, $3, $4, $5, $6, $7, $8) as new (id, organization, app, role_name, expires_on, sent_on, channel, delivery_status)
            where i.id = new.id
            """,
            Of(one => one.Id), Of(one => one.Opened.OrganizationName), Of(one => one.Opened.AppName), Of(one => one.Opened.RoleName),
            Of(one => one.Opened.ExpiresAt), Of(one => one.Opened.At), Of(one => one.Opened.Channel),
            // Of one by itself, Notifications says when its message is queued.
            Of(one => one.Opened.ChunkId is null ? null : "queued"));

        T[] Of<T>(Converter<(Guid Id, InvitationEvent.Opened Opened), T> column) => Array.ConvertAll(all, column);
    }

    private static void Keep(IReadOnlyList<RecordedEvent> alike, (string TokenHash, int Generation)[] links, SqlQueue sql) => sql.Execute(
        """
        insert into invitation_links (token_hash, invitation_id, organization_id, generation)
        select * from unnest($1, $2, $3, $4) on conflict do nothing
        """,
        Array.ConvertAll(links, link => link.TokenHash), alike.Select(happened => happened.Stream.Key).ToArray(),
        alike.Select(happened => Guid.Parse(happened.Stream.TenantId)).ToArray(), Array.ConvertAll(links, link => link.Generation));

    private static void Change(RecordedEvent happened, SqlQueue sql)
    {
        var id = happened.Stream.Key;
        switch (happened.Data)
        {
            case InvitationEvent.Waitlisted e:
                sql.Execute("update invitation_list set status = 'waiting', organization = $2, app = $3, role_name = $4 where id = $1",
                    id, e.OrganizationName, e.AppName, e.RoleName);
                break;
            case InvitationEvent.Resent e:
                sql.Execute(
                    """
                    update invitation_list set status = 'pending', is_open = true, expires_on = $2, sent_on = $3, delivery_status = null, delivery_error = null
                    where id = $1
                    """,
                    id, e.ExpiresAt, e.At);
                Keep([happened], [(e.TokenHash, e.Generation)], sql);
                break;
            case InvitationEvent.RenewalRequested e:
                sql.Execute(
                    """
                    update invitation_list set status = 'requested', is_open = true, refusal_code = null, refusal_detail = null, refusal_facts = null, delivery_status = null,
                        delivery_error = null, asked_on = $2
                    where id = $1
                    """,
                    id, e.At);
                break;
            case InvitationEvent.RenewalRefused e:
                sql.Execute(
                    "update invitation_list set status = 'expired', refusal_code = $2, refusal_detail = $3, refusal_facts = $4::jsonb, is_open = false where id = $1",
                    id, e.Code, e.Detail, InvitationBatches.JsonOf(e.Facts));
                break;
            case InvitationEvent.DetailsChanged e:
                sql.Execute(
                    """
                    update invitation_list set first_name = $2, last_name = $3, personal_number = $4, lma_number = $5, phone = $6, gender = $7,
                        swedish_citizen = $8, eu_citizen = $9
                    where id = $1
                    """,
                    id, e.FirstName, e.LastName, Masked(e.PersonalNumber), e.LmaNumber, e.Phone, e.Gender, e.SwedishCitizen, e.EuCitizen);
                break;
            case InvitationEvent.Declined e:
                sql.Execute("update invitation_list set status = 'declined', decline_reason = $2, is_open = false where id = $1", id, e.Reason);
                break;
            case InvitationEvent.Refused e:
                sql.Execute(
                    "update invitation_list set status = 'rejected', refusal_code = $2, refusal_detail = $3, refusal_facts = $4::jsonb, is_open = false where id = $1",
                    id, e.Code, e.Detail, InvitationBatches.JsonOf(e.Facts));
                break;
            case InvitationEvent.Rejected:
                sql.Execute(
                    "update invitation_list set status = 'rejected', refusal_code = 'not-approved', refusal_detail = $2, is_open = false where id = $1",
                    id, "A second person did not approve it.");
                break;
            case InvitationEvent.Revoked:
                sql.Execute("update invitation_list set status = 'revoked', is_open = false where id = $1", id);
                break;
            case InvitationEvent.Expired:
                sql.Execute("update invitation_list set status = 'expired', is_open = false where id = $1", id);
                break;
            case InvitationEvent.DeliveryChanged e:
                sql.Execute(
                    "update invitation_list set channel = $2, delivery_status = $3, delivery_error = $4 where id = $1",
                    id, e.Channel, e.Status, e.Error);
                break;
            case InvitationEvent.InviteeForgotten:
                // As a rebuild writes it, to which the events read so.
                sql.Execute(
                    """
                    update invitation_list set email = $2, email_key = $3, first_name = $2, last_name = $2, personal_number = null,
                        lma_number = case when lma_number is not null then $2 end, phone = case when phone is not null then $2 end,
                        gender = case when gender is not null then $2 end, swedish_citizen = null, eu_citizen = null,
                        decline_reason = case when decline_reason is not null then $2 end
                    where id = $1
                    """,
                    id, PersonalDataAttribute.Erased, ErasedKey(id));
                break;
            case InvitationEvent.Accepted e:
                sql.Execute("update invitation_list set status = 'accepted', accepted_by = $2, is_open = false where id = $1", id, e.UserId);
                break;
        }
    }

    /// <summary>The kind of invitation that an address can have one of while it is open.</summary>
    public static string ScopeOf(InvitationEvent.Requested asked) =>
        ScopeOf(asked.SubscriptionId, asked.Way.IsToAccount() ? Way.Account.Name() : asked.Way.Name());

    /// <summary>The same of a subscription, or else of a way by its name.</summary>
    public static string ScopeOf(Guid? subscriptionId, string way) => subscriptionId is { } subscription ? $"access {subscription}" : way;

    // Nobody's address: two who were forgotten do not share it.
    private static string ErasedKey(Guid id) => $"{PersonalDataAttribute.Erased} {id}";

    /// <summary>A personal number as it is shown (INV-03).</summary>
    public static string? Masked(string? personalNumber) => personalNumber is { Length: 12 } number ? $"{number[..8]}-****" : null;

    /// <summary>What two spellings of one address share.</summary>
    public static string KeyOf(string email) => EmailAddress.TryParse(email, out var address, out _) ? address.Key : email;
}
