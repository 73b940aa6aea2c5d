using Edna.Hosting;

return await GatewayRun.UntilStoppedAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddEdnaGateway();

    var app = builder.Build();
    app.UseEdnaGateway();
    app.MapEdna();
    return app;
});
