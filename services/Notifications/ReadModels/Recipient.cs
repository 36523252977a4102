using Dapper;
using Npgsql;

namespace InviteHub.Notifications.ReadModels;

/// <summary>Where and how somebody is written to.</summary>
/// <param name="Email">The address, as typed.</param>
/// <param name="FirstName">How the person is addressed.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
internal sealed record Recipient(string Email, string FirstName, string Language)
{
    /// <summary>Whom a message goes to: an invitation says it, a notice means somebody we are told of; null as long as we were not.</summary>
    public static async Task<Recipient?> Of(IMessage message, NpgsqlDataSource database)
    {
        if (message is DeliveryEvent.Queued invitation)
            return new(invitation.Email, invitation.FirstName, invitation.Language);
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Recipient>(
            "select email, first_name as FirstName, language from people where user_id = @RecipientId",
            new { ((DeliveryEvent.NoticeQueued)message).RecipientId });
    }

    /// <summary>Whether whom a notice means is forgotten: then nobody is told of them any more.</summary>
    public static async Task<bool> IsForgotten(IMessage message, NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return message is DeliveryEvent.NoticeQueued notice && await connection.ExecuteScalarAsync<bool>(
            "select ih_is_forgotten(@Subject)", new { Subject = notice.RecipientId.ToString() });
    }
}
