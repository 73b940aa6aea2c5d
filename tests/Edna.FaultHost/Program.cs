using Edna.FaultHost;
using Edna.Hosting;
using Edna.Items;
using Edna.Objects;

// The gateway as it is, but it kills itself between two steps that a test chooses; see Steps.
return await GatewayRun.UntilStoppedAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder([GatewayServices.ReadOnce, .. args]);
    builder.AddEdnaGateway();
    var steps = new Steps(builder.Configuration["EDNA_FAULT_AT"] ?? throw new InvalidOperationException("EDNA_FAULT_AT names no file."));
    builder.Services.Between<IObjectStore>(steps);
    builder.Services.Between<IItemTable>(steps);
    var app = builder.Build();
    app.UseEdnaGateway();
    app.MapEdna();
    return app;
});
