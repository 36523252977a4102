using InviteHub.EventStore;
using InviteHub.EventStore.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Testing;

/// <summary>Rebuilds what a running service shows from its streams alone (LOG-06).</summary>
public static class Rebuilt
{
    /// <summary>Rebuilds every projection that can be, and answers those of its tables whose rows are not the same afterwards, with both.</summary>
    /// <param name="services">What the running service is made of.</param>
    /// <param name="database">Its database.</param>
    public static async Task<IReadOnlyList<string>> Differences(IServiceProvider services, TestDatabase database)
    {
        var daemon = services.GetRequiredService<ProjectionDaemon>();
        var differ = new List<string>();
        foreach (var projection in services.GetServices<IInlineProjection>().OfType<IProjection>())
        {
            var before = await Rows(projection, database);
            await daemon.Rebuild(projection.Name);
            var after = await Rows(projection, database);
            differ.AddRange(before.Zip(after).Where(table => table.First != table.Second).Select(table => $"{table.First}\nbecame\n{table.Second}"));
        }

        return differ;
    }

    private static async Task<IReadOnlyList<string>> Rows(IProjection projection, TestDatabase database)
    {
        var tables = new List<string>();
        foreach (var table in projection.Tables)
            tables.Add($"{table}\n{await database.Ask<string>($"select string_agg(t::text, E'\\n' order by t::text) from {table} t")}");
        return tables;
    }
}
