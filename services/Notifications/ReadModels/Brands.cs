using Dapper;
using InviteHub.Notifications.Templates;
using Npgsql;

namespace InviteHub.Notifications.ReadModels;

/// <summary>How messages in an organization's name look.</summary>
internal static class Brands
{
    /// <summary>That of an organization; a tenant that is none has none.</summary>
    public static async Task<Brand> Of(NpgsqlDataSource database, string tenantId)
    {
        if (!Guid.TryParse(tenantId, out var organization))
            return Brand.None;
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Brand>(
            "select name, logo_url as LogoUrl, color, words from brands where organization_id = @organization", new { organization }) ?? Brand.None;
    }
}
