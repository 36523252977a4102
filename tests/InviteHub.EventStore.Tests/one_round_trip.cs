using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 4, counted on the wire: how often the client had to speak again after the server had answered.</summary>
public sealed class counting_round_trips(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(10, 5)]
    public async Task saves_any_number_of_events_in_any_number_of_streams_with_their_projections_in_one(int streams, int events)
    {
        await using var line = Line.To(database.ConnectionString);
        await using var process = database.AnotherProcess(connectionString: line.ConnectionString);
        var store = process.GetRequiredService<PostgresEventStore>();

        // The first ones open the connection and have their statements prepared; then it is the same for all.
        for (var round = 0; round < 4; round++)
            await Save(store, line, streams, events);
        // A large commit may reach the server in two pieces with its first answers in between; a round trip more would be in every one.
        var counted = new List<int>();
        for (var round = 0; round < 5; round++)
            counted.Add(await Save(store, line, streams, events));
        counted.Min().ShouldBe(1);
    }

    [Fact]
    public async Task counts_honestly_by_finding_two_where_there_are_two()
    {
        await using var line = Line.To(database.ConnectionString);
        await using var process = database.AnotherProcess(connectionString: line.ConnectionString);
        var store = process.GetRequiredService<PostgresEventStore>();
        var id = await database.Opened();
        await database.Credit(id, 1, store);

        line.Reset();
        await database.Credit(id, 1, store);

        line.RoundTrips.ShouldBe(2); // One reads, one writes.
    }

    [Fact]
    public async Task takes_another_one_only_for_the_key_of_a_subject_that_is_not_in_the_cache()
    {
        await using var line = Line.To(database.ConnectionString);
        await using var process = database.AnotherProcess(connectionString: line.ConnectionString);
        var store = process.GetRequiredService<PostgresEventStore>();
        await Save(store, line, 1, 1);

        (await SaveName(store, line, "subject-a")).ShouldBe(2);
        (await SaveName(store, line, "subject-a")).ShouldBe(1);
    }

    private async Task<int> Save(PostgresEventStore store, Line line, int streams, int events)
    {
        var session = store.OpenSession();
        session.HandledBy("consumer", Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < streams; i++)
        {
            var stream = session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream());
            stream.AppendOne(new AccountEvent.Opened(database.NextNumber()));
            stream.AppendMany(Enumerable.Repeat(new AccountEvent.Credited(1), events - 1));
        }

        line.Reset();
        await session.SaveChanges();
        return line.RoundTrips;
    }

    private static async Task<int> SaveName(PostgresEventStore store, Line line, string subject)
    {
        var session = store.OpenSession();
        session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream()).AppendOne(new AccountEvent.OwnerNamed(subject, "Ada"));
        line.Reset();
        await session.SaveChanges();
        return line.RoundTrips;
    }

    /// <summary>A line to the server that listens in.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _closed = new();
        private readonly string _host;
        private readonly int _port;
        private readonly Lock _gate = new();
        private int _roundTrips;
        private bool _serverSpokeLast = true;

        private Line(string connectionString)
        {
            var target = new NpgsqlConnectionStringBuilder(connectionString);
            (_host, _port) = (target.Host!, target.Port);
            _listener.Start();
            ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Host = "127.0.0.1",
                Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
                MaxPoolSize = 1,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString;
        }

        public string ConnectionString { get; }

        public int RoundTrips => Volatile.Read(ref _roundTrips);

        public static Line To(string connectionString)
        {
            var line = new Line(connectionString);
            _ = line.Accept();
            return line;
        }

        public void Reset()
        {
            lock (_gate)
                (_roundTrips, _serverSpokeLast) = (0, true);
        }

        public async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            _listener.Stop();
            _closed.Dispose();
        }

        private async Task Accept()
        {
            var closed = _closed.Token;
            while (!closed.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(closed);
                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                if (_host.StartsWith('/'))
                    throw new NotSupportedException("the server is reached over a Unix socket");
                await server.ConnectAsync(_host, _port, closed);
                _ = Carry(client, server, toServer: true, closed);
                _ = Carry(server, client, toServer: false, closed);
            }
        }

        private async Task Carry(TcpClient from, TcpClient to, bool toServer, CancellationToken closed)
        {
            var buffer = new byte[65536];
            while (await from.GetStream().ReadAsync(buffer, closed) is > 0 and var count)
            {
                lock (_gate)
                {
                    if (toServer && _serverSpokeLast)
                        _roundTrips++;
                    _serverSpokeLast = !toServer;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), closed);
            }

            to.Close();
        }
    }
}
