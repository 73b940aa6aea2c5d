using Edna.Demo;
using Edna.Health;
using Edna.Hosting;

if (args is [HealthCommand.Name, ..]) return await HealthCommand.RunAsync(args[1..], Console.Out);
if (!ProcessRole.TryRead(out var role)) return await ProcessRole.RefuseAsync();
if (role == ProcessRole.Silo) return await SiloRun.RunAsync(args);

return await GatewayRun.UntilStoppedAsync(() =>
{
    // Taken out: to the configuration a bare switch would swallow the argument after it.
    var builder = WebApplication.CreateSlimBuilder([GatewayServices.ReadOnce, .. args.Where(a => a != DemoHost.Switch)]);
    builder.AddEdnaGateway();
    if (args.Contains(DemoHost.Switch)) builder.Services.AddHostedService<DemoHost>();

    var app = builder.Build();
    app.UseEdnaGateway();
    app.MapEdna();
    return app;
});
