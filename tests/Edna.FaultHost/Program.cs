using Edna.FaultHost;
using Edna.Hosting;
using Edna.Items;
using Edna.Objects;
using Orleans.Configuration;

// The gateway as it is, but it kills itself between two steps that a test chooses, see Steps, or its clock goes ahead, see ShiftedClock.
return await GatewayRun.UntilStoppedAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder([GatewayServices.ReadOnce, .. args]);
    builder.AddEdnaGateway();
    if (builder.Configuration["EDNA_FAULT_AT"] is { } at)
    {
        var steps = new Steps(at);
        builder.Services.Between<IObjectStore>(steps);
        builder.Services.Between<IItemTable>(steps);
    }
    if (builder.Configuration["EDNA_FAULT_CLOCK"] is { } clock)
    {
        builder.Services.AddSingleton<TimeProvider>(new ShiftedClock(clock));
        // Orleans notes by the system's clock when a silo began to join, and judges by this one whether that takes too long: five minutes
        // ahead, a silo that starts may find that it has been at it for too long, declare itself dead and abort.
        builder.Services.Configure<ClusterMembershipOptions>(options => options.EvictWhenMaxJoinAttemptTimeExceeded = false);
    }
    var app = builder.Build();
    app.UseEdnaGateway();
    app.MapEdna();
    return app;
});
