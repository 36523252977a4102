using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace InviteHub.LocalHost.Tests;

public sealed class running_an_application : IAsyncLifetime
{
    private const string Sample = "../InviteHub.LocalHost.Sample/InviteHub.LocalHost.Sample.csproj";

    private const string Token = "a token of the tests";

    private readonly HttpClient _http = new() { DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };
    private readonly string _data = ThrowAwayFolder.Create("app");
    private IDistributedApplicationBuilder _builder;
    private DistributedApplication? _app;

    public running_an_application() => _builder = NewBuilder();

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task a_service_gets_what_it_was_given_and_nothing_of_the_hosts_own()
    {
        Environment.SetEnvironmentVariable("Parameters__of_the_host", "its own");
        var secret = _builder.AddParameter("secret", new GenerateParameterDefault { MinLength = 40 }, secret: true, persist: true);
        var other = _builder.AddProject("other", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health")
            .WithReference(other).WaitFor(other)
            .WithReference(_builder.AddConnectionString("things", ReferenceExpression.Create($"Key={secret};Port={other.GetEndpoint("http").Property(EndpointProperty.Port)}")))
            .WithEnvironment("Secret", secret)
            .WithEnvironment("Address", other.GetEndpoint("http"));
        await StartAsync("service");

        (await VariableAsync(service, "services__other__http__0")).ShouldBe(other.GetEndpoint("http").Url);
        (await VariableAsync(service, "services__other__http__1")).ShouldBe("");
        var kept = await secret.Resource.GetValueAsync(default);
        kept!.Length.ShouldBe(40);
        (await VariableAsync(service, "Secret")).ShouldBe(kept);
        (await VariableAsync(service, "Address")).ShouldBe(other.GetEndpoint("http").Url);
        (await VariableAsync(service, "ConnectionStrings__things")).ShouldBe($"Key={kept};Port={other.GetEndpoint("http").Port}");
        (await VariableAsync(service, "OTEL_SERVICE_NAME")).ShouldBe("service");
        (await VariableAsync(service, "OTEL_RESOURCE_ATTRIBUTES")).ShouldStartWith("service.instance.id=");
        (await VariableAsync(service, "Parameters__of_the_host")).ShouldBe("");
        (await VariableAsync(service, "PATH")).ShouldBe(Environment.GetEnvironmentVariable("PATH"));
        File.GetUnixFileMode(Path.Combine(_data, "secrets", "secret")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var next = NewBuilder().AddParameter("secret", new GenerateParameterDefault(), secret: true, persist: true);
        (await next.Resource.GetValueAsync(default)).ShouldBe(kept);
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task a_dependent_starts_only_when_what_it_waits_for_is_healthy()
    {
        var ready = Path.Combine(_data, "ready");
        var first = _builder.AddProject("first", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health").WithEnvironment("READY_FILE", ready);
        _builder.AddProject("second", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health").WaitFor(first);
        await StartAsync();
        await Eventually.TrueAsync(async () => (await ResourceAsync("first"))["state"]!.ToString() == "Running" && await AnswersAsync(first.GetEndpoint("http").Url));
        await Task.Delay(500);
        (await ResourceAsync("first"))["healthy"]!.GetValue<bool>().ShouldBeFalse();
        (await ResourceAsync("second"))["state"]!.ToString().ShouldBe("Waiting");

        await File.WriteAllTextAsync(ready, "");

        await _app!.ResourceNotifications.WaitForResourceHealthyAsync("second").WaitAsync(Eventually.Patience);
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task a_killed_service_is_back_on_the_same_port_at_once()
    {
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health");
        await StartAsync("service");
        var url = service.GetEndpoint("http").Url;
        var before = await ProcessAsync(url);

        Process.GetProcessById(before).Kill();

        await Eventually.TrueAsync(async () => await AnswersAsync(url) && await ProcessAsync(url) != before);
        await Eventually.TrueAsync(async () => (await ResourceAsync("service"))["healthy"]!.GetValue<bool>());
        var resource = await ResourceAsync("service");
        resource["restarts"]!.GetValue<int>().ShouldBe(1);
        resource["processId"]!.GetValue<int>().ShouldBe(await ProcessAsync(url));
        resource["endpoints"]!.AsArray().Single()!.ToString().ShouldBe(url);
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task a_killed_postgres_is_back_on_the_same_port_with_its_data()
    {
        var postgres = _builder.AddPostgres("postgres").WithDataVolume();
        postgres.AddDatabase("database").WithCreationScript(
            """
            CREATE DATABASE kept;
            DO $$ BEGIN CREATE ROLE keeper LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            ALTER ROLE keeper PASSWORD 'secret';
            ALTER DATABASE kept OWNER TO keeper
            """);
        await StartAsync("database");
        var before = (await ResourceAsync("postgres"))["processId"]!.GetValue<int>();

        Process.GetProcessById(before).Kill();

        await Eventually.TrueAsync(async () => await ResourceAsync("postgres") is var now && now["healthy"]!.GetValue<bool>() && now["processId"]!.GetValue<int>() != before);
        var databases = await PostgresServer.ExecuteAsync(
            "127.0.0.1", postgres.GetEndpoint("tcp").Port, "keeper", "secret", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'kept'");
        databases.Trim().ShouldBe("keeper");
    }

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task whatever_would_keep_it_from_starting_is_said_at_once()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        _builder.AddProject("unbuilt", "../Unbuilt/Unbuilt.csproj");
        _builder.AddExecutable("unknown", "no-such-program", ".");
        _builder.AddProject("late", Sample).WithHttpEndpoint(port);

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => StartAsync());

        var lines = error.Message.Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldMatch("^unbuilt: /.*/Unbuilt.dll is missing: build /.*/Unbuilt.csproj in the same configuration as this host.$");
        lines[1].ShouldBe("unknown: the program 'no-such-program' is missing: install it, or put it on the PATH.");
        lines[2].ShouldBe($"late: port {port} is already in use by another program; stop that one or choose another port.");
        Directory.GetFiles(Path.Combine(_data, "run"), "*.pid").ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task a_program_that_fails_at_once_is_tried_again_with_growing_waits_and_its_output_is_kept()
    {
        _builder.AddExecutable("failing", "sh", ".", "-c", "echo out of luck >&2; exit 3");
        await StartAsync();

        await Eventually.TrueAsync(async () => (await ResourceAsync("failing"))["restarts"]!.GetValue<int>() >= 3);

        var log = await _http.GetStringAsync($"{_builder.Configuration["ASPNETCORE_URLS"]}/api/resources/failing/logs");
        log.Split('\n').ShouldAllBe(line => line == "out of luck");
        // The file is written a moment later.
        await Eventually.TrueAsync(async () => (await File.ReadAllLinesAsync(Path.Combine(_data, "logs", "failing.log"))).Length >= 4);
    }

    [Fact]
    [Trait("Feature", "OPS-02")]
    public async Task a_person_stops_a_service_and_starts_it_again()
    {
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health");
        _builder.AddProject("dependent", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health").WaitFor(service);
        await StartAsync("dependent");
        var url = service.GetEndpoint("http").Url;
        var before = await ProcessAsync(url);

        await CommandAsync("service", "stop");

        Processes.IsAlive(before).ShouldBeFalse();
        (await ResourceAsync("service"))["state"]!.ToString().ShouldBe("Stopped");
        (await ResourceAsync("dependent"))["healthy"]!.GetValue<bool>().ShouldBeTrue();
        (await _http.PostAsync($"{_builder.Configuration["ASPNETCORE_URLS"]}/api/resources/service/stop", content: null)).StatusCode
            .ShouldBe(System.Net.HttpStatusCode.Conflict);

        await CommandAsync("service", "start");
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync("service").WaitAsync(Eventually.Patience);
        var again = await ProcessAsync(url);

        await CommandAsync("service", "restart");
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("service").WaitAsync(Eventually.Patience);
        new[] { before, again, await ProcessAsync(url) }.ShouldBeUnique();
        Processes.IsAlive(again).ShouldBeFalse();
        (await ResourceAsync("service"))["restarts"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "OPS-02")]
    public async Task telemetry_goes_to_the_dashboard()
    {
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health");
        await StartAsync("service");

        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_ENDPOINT")).ShouldBe(_builder.Configuration["ASPNETCORE_URLS"]);
        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_PROTOCOL")).ShouldBe("http/protobuf");
        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_HEADERS")).ShouldBe($"x-otlp-api-key={_builder.Configuration["AppHost:OtlpApiKey"]}");
    }

    [Fact]
    [Trait("Feature", "OPS-02")]
    public async Task telemetry_goes_elsewhere_when_that_is_wanted()
    {
        _builder = NewBuilder("--OTEL_EXPORTER_OTLP_ENDPOINT=http://elsewhere.example:4317", "--OTEL_EXPORTER_OTLP_PROTOCOL=grpc");
        var service = _builder.AddProject("service", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health");
        await StartAsync("service");

        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_ENDPOINT")).ShouldBe("http://elsewhere.example:4317");
        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_PROTOCOL")).ShouldBe("grpc");
        (await VariableAsync(service, "OTEL_EXPORTER_OTLP_HEADERS")).ShouldBe("");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _http.Dispose();
        ThrowAwayFolder.Delete(_data);
    }

    private IDistributedApplicationBuilder NewBuilder(params string[] more) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [$"--INVITEHUB_DATA={_data}", $"--INVITEHUB_DASHBOARD_TOKEN={Token}", .. more],
        ProjectDirectory = Path.GetFullPath("../../../../tests/InviteHub.LocalHost.Tests", AppContext.BaseDirectory),
    });

    private async Task StartAsync(string? untilHealthy = null)
    {
        _app = _builder.Build();
        await _app.StartAsync();
        if (untilHealthy is not null)
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(untilHealthy).WaitAsync(Eventually.Patience);
    }

    private async Task<JsonNode> ResourceAsync(string name) =>
        (await _http.GetFromJsonAsync<JsonArray>($"{_builder.Configuration["ASPNETCORE_URLS"]}/api/resources"))!.Single(resource => resource!["name"]!.ToString() == name)!;

    private async Task CommandAsync(string resource, string command) =>
        (await _http.PostAsync($"{_builder.Configuration["ASPNETCORE_URLS"]}/api/resources/{resource}/{command}", content: null)).EnsureSuccessStatusCode();

    private async Task<string> VariableAsync(IResourceBuilder<ProjectResource> service, string name) =>
        await _http.GetStringAsync($"{service.GetEndpoint("http").Url}/environment/{name}");

    private async Task<int> ProcessAsync(string url) => await _http.GetFromJsonAsync<int>($"{url}/process");

    private async Task<bool> AnswersAsync(string url)
    {
        try
        {
            return (await _http.GetAsync($"{url}/process")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
