using Edna.Demo;
using Edna.Hosting;

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
