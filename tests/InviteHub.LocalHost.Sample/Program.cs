using Aspire.Hosting;

// An application host and the services that it runs, in one small program.
if (args is ["host", .. var parts])
    await RunHostAsync(parts);
else
    await RunServiceAsync();

static async Task RunHostAsync(string[] parts)
{
    const string Sample = "../tests/InviteHub.LocalHost.Sample/InviteHub.LocalHost.Sample.csproj";
    var builder = DistributedApplication.CreateBuilder();
    var first = builder.AddProject("first", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health")
        .WithEnvironment("STOPPED_FILE", Environment.GetEnvironmentVariable("STOPPED_FILE"));
    var second = builder.AddProject("second", Sample).WithHttpEndpoint().WithHttpHealthCheck("/health")
        .WithEnvironment("STOPPED_FILE", Environment.GetEnvironmentVariable("STOPPED_FILE"))
        .WithReference(first).WaitFor(first);
    if (parts.Contains("postgres"))
    {
        var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("database");
        first.WithReference(database).WaitFor(database);
    }
    if (parts.Contains("messaging"))
    {
        var rabbit = builder.AddRabbitMQ("messaging").WithDataVolume();
        second.WithReference(rabbit).WaitFor(rabbit);
    }

    await using var host = builder.Build();
    await host.StartAsync();
    await host.ResourceNotifications.WaitForResourceHealthyAsync("second");
    await Console.Out.WriteLineAsync($"ready {builder.Configuration["ASPNETCORE_URLS"]}");
    await host.WaitForShutdownAsync();
}

static async Task RunServiceAsync()
{
    await using var app = WebApplication.CreateSlimBuilder().Build();
    var readyFile = app.Configuration["READY_FILE"];
    var ready = true;
    app.MapPut("/ready/{value:bool}", (bool value) => ready = value);
    app.MapGet("/health", () => ready && (readyFile is null || File.Exists(readyFile)) ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
    app.MapGet("/process", () => Environment.ProcessId);
    app.Map("/process/after/{milliseconds:int}", async (int milliseconds) =>
    {
        await Task.Delay(milliseconds);
        return Environment.ProcessId;
    });
    app.MapPost("/echo", (HttpRequest request) => Results.Stream(request.Body));
    app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
    if (app.Configuration["STOPPED_FILE"] is { } stopped)
        app.Lifetime.ApplicationStopped.Register(() => File.AppendAllLines(stopped, [app.Configuration["OTEL_SERVICE_NAME"]!]));
    await app.RunAsync();
}
