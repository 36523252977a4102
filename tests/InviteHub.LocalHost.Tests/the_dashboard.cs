using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace InviteHub.LocalHost.Tests;

[Trait("Feature", "OPS-02")]
public sealed class the_dashboard : IAsyncLifetime
{
    private const string Token = "a token of the tests";

    private readonly string _data = ThrowAwayFolder.Create("dashboard");
    private readonly IDistributedApplicationBuilder _builder;
    private readonly DistributedApplication _app;
    private readonly HttpClient _stranger;
    private readonly HttpClient _http;

    public the_dashboard()
    {
        _builder = DistributedApplication.CreateBuilder([$"--INVITEHUB_DATA={_data}", $"--INVITEHUB_DASHBOARD_TOKEN={Token}"]);
        _builder.AddExecutable("talker", "sh", "/", "-c", "echo one; echo two; sleep 1; printf '\\033[31mthree\\033[0m\\n'; sleep 600");
        _app = _builder.Build();
        _stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(_builder.Configuration["ASPNETCORE_URLS"]!) };
        _http = new HttpClient { BaseAddress = _stranger.BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _stranger.Dispose();
        await _app.DisposeAsync();
        ThrowAwayFolder.Delete(_data);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task shows_what_a_program_exports(OtlpExportProtocol protocol)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("shop", serviceInstanceId: "shop-1");
        using var source = new ActivitySource($"Shop.{protocol}");
        using var meter = new Meter($"Shop.{protocol}");
        ActivityTraceId trace;
        using (var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source.Name).AddOtlpExporter(To(protocol, "traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meter.Name)
            .SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter(To(protocol, "metrics")).Build())
        using (var loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(resource).AddOtlpExporter(To(protocol, "logs"));
        })))
        {
            using var order = source.StartActivity("order", ActivityKind.Server)!;
            trace = order.TraceId;
            using (var pay = source.StartActivity("pay", ActivityKind.Client)!)
            {
                pay.SetTag("card", "none").AddEvent(new ActivityEvent("declined")).SetStatus(ActivityStatusCode.Error, "no money");
                meter.CreateHistogram<double>("shop.pay.duration", "ms").Record(70, new KeyValuePair<string, object?>("kind", "card"));
                loggers.CreateLogger("Shop.Payments").LogWarning("No money for {Order}", 17);
            }
            meter.CreateCounter<long>("shop.orders", "{order}").Add(3);
        }

        var list = await GetAsync($"/api/traces?resource=shop&text=PAY&errors=true");
        var row = list["items"]!.AsArray().Single()!;
        (Text(row, "id"), Text(row, "name"), Text(row, "resource")).ShouldBe((trace.ToHexString(), "order", "shop"));
        ((int)row["spans"]!, (int)row["errors"]!, (int)list["total"]!).ShouldBe((2, 1, 1));

        var spans = (await GetAsync($"/api/traces/{trace}"))["spans"]!.AsArray();
        spans.Select(span => (Text(span!, "name"), (int)span!["depth"]!, Text(span, "kind"), (bool)span["failed"]!))
            .ShouldBe([("order", 0, "server", false), ("pay", 1, "client", true)]);
        (Text(spans[1]!, "status"), Text(spans[1]!["events"]![0]!, "name")).ShouldBe(("no money", "declined"));
        Attributes(spans[1]!).ShouldContain(("card", "none"));

        var log = (await GetAsync($"/api/logs?trace={trace}&level=13"))["items"]!.AsArray().Single()!;
        (Text(log, "message"), Text(log, "category"), Text(log, "span")).ShouldBe(("No money for 17", "Shop.Payments", Text(spans[1]!, "id")));
        Attributes(log).ShouldContain(("Order", "17"));

        (await GetAsync("/api/metrics")).AsArray().Select(instrument => (Text(instrument!, "name"), Text(instrument!, "kind"), Text(instrument!, "unit")))
            .ShouldBe([("shop.orders", "counter", "{order}"), ("shop.pay.duration", "histogram", "ms")]);
        var orders = await GetAsync($"/api/metrics/points?resource=shop&meter={meter.Name}&instrument=shop.orders&minutes=10");
        orders["lines"]![0]!["values"]!.AsArray().Sum(value => (double?)value ?? 0).ShouldBe(3 / 10.0, 0.0001); // In a second, of a step of ten.
        var pays = await GetAsync($"/api/metrics/points?resource=shop&meter={meter.Name}&instrument=shop.pay.duration&minutes=10&with=kind%3Dcard");
        pays["lines"]!.AsArray().Select(line => line!["values"]!.AsArray().OfType<JsonValue>().Single().GetValue<double>()).ShouldAllBe(value => value > 50 && value <= 75);
        Text(pays["exemplars"]!.AsArray().Single()!, "trace").ShouldBe(trace.ToHexString());
    }

    [Fact]
    public async Task takes_no_telemetry_without_the_key()
    {
        using var http = await _http.PostAsync("/v1/traces", Body([], "application/x-protobuf"));
        using var grpc = await GrpcAsync(new byte[5], key: "wrong");

        http.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Status(grpc).ShouldBe("16");
    }

    [Fact]
    public async Task says_what_is_wrong_with_telemetry_that_it_can_not_read()
    {
        var key = _builder.Configuration["AppHost:OtlpApiKey"]!;
        using var broken = new HttpRequestMessage(HttpMethod.Post, "/v1/logs") { Content = Body([0xFF, 0xFF], "application/x-protobuf"), Headers = { { "x-otlp-api-key", key } } };
        using var json = new HttpRequestMessage(HttpMethod.Post, "/v1/logs") { Content = JsonContent.Create(new { }), Headers = { { "x-otlp-api-key", key } } };

        (await _http.SendAsync(broken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _http.SendAsync(json)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        Status(await GrpcAsync([0, 0, 0, 0, 2, 0xFF, 0xFF], key)).ShouldBe("3");
        Status(await GrpcAsync([0, 0, 0, 0, 0], key)).ShouldBe("0");
    }

    [Fact]
    public async Task answers_only_to_those_who_know_the_token()
    {
        foreach (var path in new[] { "/api/resources", "/api/resources/talker/logs", "/api/traces", "/api/logs", "/api/metrics", "/api/about" })
            (await _stranger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        (await _stranger.PostAsync("/api/resources/talker/stop", content: null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _stranger.GetAsync("/login?t=a+guess")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _stranger.PostAsJsonAsync("/api/session", new { token = "a guess" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _stranger.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'; script-src 'self'");
    }

    [Fact]
    public async Task lets_the_browser_in_by_the_address_that_was_printed_but_no_other_page_in_it()
    {
        var welcome = await _stranger.GetAsync($"/login?t={Uri.EscapeDataString(Token)}");

        (welcome.StatusCode, welcome.Headers.Location).ShouldBe((HttpStatusCode.Redirect, new Uri("/", UriKind.Relative)));
        var cookie = welcome.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldEndWith("; path=/; samesite=strict; httponly");
        cookie.ShouldNotContain(Token);
        _stranger.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]); // The handler keeps it too; and again does no harm.
        (await _stranger.GetAsync("/api/resources")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StopAsync("http://127.0.0.1:1")).ShouldBe(HttpStatusCode.Forbidden);
        (await StopAsync(origin: null)).ShouldBe(HttpStatusCode.Forbidden);
        (await StopAsync(_stranger.BaseAddress!.GetLeftPart(UriPartial.Authority))).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task answers_only_to_loopback_names()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "rebound.example" } };

        (await _http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _http.GetStringAsync("/")).ShouldContain("<title>Dashboard</title>");
    }

    [Fact]
    public async Task tells_lines_as_they_come_and_does_not_wait_for_readers_when_it_stops()
    {
        using var stream = new StreamReader(await _http.GetStreamAsync("/api/resources/talker/console"));
        var lines = new List<string>();
        while (lines.Count < 3)
        {
            var line = await stream.ReadLineAsync().WaitAsync(Eventually.Patience);
            if (line!.StartsWith("data: ", StringComparison.Ordinal))
                lines.AddRange(JsonNode.Parse(line["data: ".Length..])!.AsArray().Select(entry => Text(entry!, "text")));
        }
        lines.ShouldBe(["one", "two", "\e[31mthree\e[0m"]);
        (await _http.GetStringAsync("/api/resources/talker/logs")).ShouldBe("one\ntwo\nthree");

        await _app.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        (await stream.ReadToEndAsync().WaitAsync(Eventually.Patience)).ShouldNotContain("data:");
    }

    private async Task<HttpStatusCode> StopAsync(string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/resources/talker/stop");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return (await _stranger.SendAsync(request)).StatusCode;
    }

    private Action<OtlpExporterOptions> To(OtlpExportProtocol protocol, string signal) => options =>
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc
            ? new Uri(_builder.Configuration["AppHost:OtlpGrpcEndpoint"]!)
            : new Uri(_http.BaseAddress!, $"/v1/{signal}");
        options.Headers = $"x-otlp-api-key={_builder.Configuration["AppHost:OtlpApiKey"]}";
    };

    private async Task<HttpResponseMessage> GrpcAsync(byte[] frame, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_builder.Configuration["AppHost:OtlpGrpcEndpoint"]}/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Body(frame, "application/grpc"),
            Headers = { { "x-otlp-api-key", key } },
        };
        return await _http.SendAsync(request);
    }

    private static ByteArrayContent Body(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new(type) } };

    private static string Status(HttpResponseMessage answer) => answer.TrailingHeaders.GetValues("grpc-status").Single();

    private async Task<JsonNode> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(path))!;

    private static string Text(JsonNode thing, string name) => thing[name]!.GetValue<string>();

    private static IEnumerable<(string, string)> Attributes(JsonNode of) =>
        of["attributes"]!.AsArray().Select(attribute => (Text(attribute!, "name"), Text(attribute!, "value")));
}
