using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Dapper;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// The keys that all services share, in a database of their own, each wrapped by the master key: DataProtection's for tokens,
/// one a day for personal data on the bus, and the secret that links are made from.
/// </summary>
public sealed class KeyRing(NpgsqlDataSource database, IKeyWrapper master, TimeProvider clock) : IXmlRepository, IDisposable
{
    /// <summary>How long personal data in a forgotten queue stays readable.</summary>
    public static readonly TimeSpan BusKeysLiveFor = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<DateOnly, byte[]> _busKeys = new();
    private readonly ConcurrentDictionary<string, byte[]> _secrets = new(StringComparer.Ordinal);

    internal NpgsqlDataSource Database => database;

    /// <summary>Creates the tables where they are missing.</summary>
    public async Task ApplySchema(CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var script in PostgresEventStore.EmbeddedSql(typeof(KeyRing).Assembly))
        {
            await using var command = new NpgsqlCommand(script, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Today's key for personal data on the bus.</summary>
    internal (DateOnly Day, byte[] Key) BusKey()
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (_busKeys.TryGetValue(today, out var known))
            return (today, known);

        // Once a day and process; the first to come makes the key, and old ones are destroyed with it.
        var key = _busKeys.GetOrAdd(today, Once(
            "insert into bus_keys (day, wrapped_key) values ($1, $2) on conflict (day) do update set day = excluded.day returning wrapped_key",
            today, ContextOf(today)));
        using var expired = database.CreateCommand("delete from bus_keys where day < $1");
        expired.Parameters.AddWithValue(today.AddDays(-(int)BusKeysLiveFor.TotalDays));
        expired.ExecuteNonQuery();
        foreach (var day in _busKeys.Keys.Where(d => d < today.AddDays(-(int)BusKeysLiveFor.TotalDays)))
            _busKeys.TryRemove(day, out _);
        return (today, key);
    }

    /// <summary>The key of a day, or null when it was destroyed.</summary>
    internal byte[]? BusKey(DateOnly day)
    {
        if (_busKeys.TryGetValue(day, out var known))
            return known;
        using var command = database.CreateCommand("select wrapped_key from bus_keys where day = $1");
        command.Parameters.AddWithValue(day);
        return command.ExecuteScalar() is byte[] wrapped
            ? _busKeys.GetOrAdd(day, master.Unwrap(wrapped, ContextOf(day)))
            : null;
    }

    /// <summary>A secret of 32 bytes that all services share, made when it is first asked for.</summary>
    internal byte[] Secret(string name) => _secrets.GetOrAdd(name, secret => Once(
        "insert into shared_secrets (name, wrapped_secret) values ($1, $2) on conflict (name) do update set name = excluded.name returning wrapped_secret",
        secret, ContextOf(secret)));

    /// <summary>Wraps all that it keeps anew, whichever master key wrapped it before; others read and write meanwhile. They are few.</summary>
    public async Task Rewrap(CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var (day, key) in await connection.QueryAsync<(DateOnly, byte[])>("select day, wrapped_key from bus_keys order by day for update", transaction: transaction))
            await connection.ExecuteAsync("update bus_keys set wrapped_key = @wrapped where day = @day", new { day, wrapped = Anew(key, ContextOf(day)) }, transaction);
        foreach (var (name, secret) in await connection.QueryAsync<(string, byte[])>("select name, wrapped_secret from shared_secrets order by name for update", transaction: transaction))
            await connection.ExecuteAsync("update shared_secrets set wrapped_secret = @wrapped where name = @name", new { name, wrapped = Anew(secret, ContextOf(name)) }, transaction);
        foreach (var (name, text) in await connection.QueryAsync<(string, string)>("select name, xml from data_protection_keys order by name for update", transaction: transaction))
        {
            var xml = XElement.Parse(text);
            foreach (var wrapped in xml.Descendants(MasterKeyXml.Element))
                wrapped.Value = Convert.ToBase64String(Anew(Convert.FromBase64String(wrapped.Value), MasterKeyXml.Context));
            await connection.ExecuteAsync(
                "update data_protection_keys set xml = @xml where name = @name", new { name, xml = xml.ToString(SaveOptions.DisableFormatting) }, transaction);
        }

        await transaction.CommitAsync(ct);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select xml from data_protection_keys order by name");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
            elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand("insert into data_protection_keys (name, xml) values ($1, $2) on conflict do nothing");
        command.Parameters.AddWithValue(friendlyName);
        command.Parameters.AddWithValue(element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose() => database.Dispose();

    private static string ContextOf(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"bus {day:yyyyMMdd}");

    private static string ContextOf(string secret) => $"secret {secret}";

    private byte[] Anew(byte[] wrapped, string context) => master.Wrap(master.Unwrap(wrapped, context), context);

    private byte[] Once(string sql, object name, string context)
    {
        using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        command.Parameters.AddWithValue(master.Wrap(RandomNumberGenerator.GetBytes(32), context));
        return master.Unwrap((byte[])command.ExecuteScalar()!, context);
    }
}

/// <summary>Wraps DataProtection's keys with the master key.</summary>
internal sealed class MasterKeyXml(IServiceProvider services) : IXmlEncryptor, IXmlDecryptor
{
    public const string Context = "data protection";
    public const string Element = "wrapped";
    private readonly IKeyWrapper _master = services.GetRequiredService<IKeyWrapper>();

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement(Element, Convert.ToBase64String(_master.Wrap(System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString()), Context))),
        typeof(MasterKeyXml));

    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(System.Text.Encoding.UTF8.GetString(_master.Unwrap(Convert.FromBase64String(encryptedElement.Value), Context)));
}
