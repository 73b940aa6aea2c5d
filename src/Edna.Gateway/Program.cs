using Edna.Demo;
using Edna.Hosting;

return await GatewayRun.UntilStoppedAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddEdnaGateway();
    if (args.Contains(DemoHost.Switch)) builder.Services.AddHostedService<DemoHost>();

    var app = builder.Build();
    app.UseEdnaGateway();
    app.MapEdna();
    return app;
});
