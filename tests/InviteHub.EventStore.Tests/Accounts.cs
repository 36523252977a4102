using InviteHub.EventStore.PersonalData;

namespace InviteHub.EventStore.Tests;

/// <summary>The example that all tests of the store use: an account that is credited, and whose owner has a name.</summary>
internal abstract record AccountEvent
{
    [EventType("account.opened.v1")]
    internal sealed record Opened(int Number) : AccountEvent;

    [EventType("account.credited.v1")]
    internal sealed record Credited(int Amount) : AccountEvent;

    [EventType("account.owner_named.v2")]
    internal sealed record OwnerNamed(
        string PersonId,
        [property: PersonalData(nameof(OwnerNamed.PersonId))] string Name,
        [property: PersonalData(nameof(OwnerNamed.PersonId))] DateOnly? BornOn = null,
        [property: PersonalData(nameof(OwnerNamed.PersonId))] Address? Address = null) : AccountEvent;
}

internal sealed record Address(string Street, string Town);

internal sealed record Account(int Number, int Balance, string? Owner, DateOnly? BornOn, Address? Address) : IAggregate<Account, AccountEvent>
{
    public static string Category => "account";

    public static Account Initial { get; } = new(0, 0, null, null, null);

    public Account Apply(AccountEvent happened) => happened switch
    {
        AccountEvent.Opened e => this with { Number = e.Number },
        AccountEvent.Credited { Amount: < 0 } => throw new InvalidOperationException("an amount that Apply refuses"),
        AccountEvent.Credited e => this with { Balance = Balance + e.Amount },
        AccountEvent.OwnerNamed e => this with { Owner = e.Name, BornOn = e.BornOn, Address = e.Address },
        _ => throw new InvalidOperationException($"unknown event {happened}"),
    };
}

/// <summary>The read model of the tests: one row an account, no number twice.</summary>
internal sealed class AccountRows : IInlineProjection, IProjection
{
    public const string Schema =
        """
        create table if not exists accounts (
            id      varchar primary key,
            number  int     not null constraint accounts_number_key unique,
            balance int     not null default 0,
            version bigint  not null)
        """;

    public string Name => "tests.accounts.v1";

    public IReadOnlyList<string> Tables => ["accounts"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case AccountEvent.Opened e:
                sql.Execute("insert into accounts (id, number, version) values ($1, $2, $3)", happened.Stream.Id, e.Number, happened.Version);
                break;
            case AccountEvent.Credited e:
                sql.Execute("update accounts set balance = balance + $2, version = $3 where id = $1", happened.Stream.Id, e.Amount, happened.Version);
                break;
        }
    }
}
