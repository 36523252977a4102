using InviteHub.Gateway;
using InviteHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddCommonDefaults("gateway");
builder.AddBackends();
builder.AddEntrance();
builder.Services.AddSingleton<ApiDescription>();
builder.Services.AddSingleton<CookieSession>();

var app = builder.Build();
// From the outside in: what stands further down is protected by all above it.
app.UseDraining();
app.UseSecurityHeaders();
app.UseProblems();
app.UseEntrance();
app.UseBackendLimits();
app.Use(app.Services.GetRequiredService<CookieSession>().Enter);

app.MapBackends();
app.MapHealthOfAll();
app.MapApiDescription();
app.MapConsole();
await app.RunAsync();
