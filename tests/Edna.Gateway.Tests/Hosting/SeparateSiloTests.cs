using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Edna.Gateway.Tests.Changes;
using Edna.Gateway.Tests.Problems;
using Edna.Hosting;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Storage.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Edna.Gateway.Tests.Hosting;

/// <summary>The gateway as a client of a silo beside it: what a grain says crosses the wire whole.</summary>
public sealed class SeparateSiloTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("edna-silo-").FullName;
    private IHost silo = null!;
    private RunningGateway gateway = null!;

    [Fact]
    public async Task Problems_of_the_silo_stay_problems()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var missing = await gateway.Admin.GetAsync($"{dataset}/items/{ItemId.FromPath("nothing")}");
        await missing.ShouldBeProblemAsync(404, "item.not_found");
        using var invalid = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path = "a/../b", contentType = "x", size = -1 });
        await invalid.ShouldNameAsync("request.invalid", "path", "contentType", "size");

        var item = await gateway.NewItemAsync(dataset);
        using var stale = await gateway.Admin.SendAsync("PATCH", item, "{}", "If-Match: \"7\"");
        Assert.Equal(1, (await stale.ShouldBeProblemAsync(412, "revision.stale")).GetProperty("currentRevision").GetInt64());
        using var labels = await gateway.Admin.SendAsync("PUT", $"{item}/labels", """{"annotations": []}""", "If-Match: \"7\"");
        Assert.Equal(0, (await labels.ShouldBeProblemAsync(412, "labels.revision_conflict")).GetProperty("currentRevision").GetInt64());
        using var patched = await gateway.Admin.SendAsync("PATCH", item, """{"metadata": {"a": [1, "ü"]}}""");
        Assert.Equal("""{"a":[1,"ü"]}""", (await patched.ReadAsync()).GetProperty("metadata").GetRawText());
        using var cursor = await gateway.Admin.GetAsync($"{dataset}/items?cursor=nonsense%20%C3%A4");
        await cursor.ShouldNameAsync("request.invalid", "cursor");
    }

    [Fact]
    public async Task A_store_that_is_down_behind_the_silo_answers_503_with_a_time_to_come_back()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewItemAsync(dataset);
        using var completed = await gateway.Admin.PostAsync($"{item}/upload/complete", null);
        var problem = await completed.ShouldBeProblemAsync(503, "service.unavailable");
        Assert.Contains("The object store", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(completed.Headers.RetryAfter?.Delta);
        using var batch = await gateway.Admin.PostAsJsonAsync($"{dataset}/items:complete", new { items = new[] { item[(item.LastIndexOf('/') + 1)..] } });
        Assert.Equal("service.unavailable", (await batch.ReadAsync()).GetProperty("results")[0].GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Changes_are_told_as_they_happen_by_a_gateway_that_has_no_table()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a");
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        for (var i = 0; i < 20; i++) await gateway.NewItemsAsync(dataset, $"b/{i}");
        Assert.Equal(["a", .. Enumerable.Range(0, 20).Select(i => $"b/{i}")], (await stream.TakeAsync(21)).Select(c => c.GetProperty("path").GetString()));
        var end = stream.LastId;
        var waiting = gateway.Admin.GetJsonAsync($"{dataset}/changes?since={end}&wait=60");
        await gateway.NewItemsAsync(dataset, "c");
        Assert.Equal(["c"], (await waiting).GetProperty("changes").Each("path"));
    }

    [Fact]
    public async Task The_gateway_of_a_silo_elsewhere_serves_no_store_of_its_own()
    {
        using var anonymous = gateway.Anonymous();
        using var response = await anonymous.GetAsync("/store/edna/x");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    public async ValueTask InitializeAsync()
    {
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        var builder = Host.CreateApplicationBuilder([$"--EDNA_DATA={directory}", $"--Edna:Cluster:SiloPort={siloPort}", $"--Edna:Cluster:GatewayPort={gatewayPort}",
            "--Edna:Objects:Files:PublicUrl=http://127.0.0.1:1"]);
        builder.AddEdnaSilo();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IObjectStore>(services =>
            new FaultyStore(services.GetRequiredService<FileObjectStore>(), () => new UnavailableException("The object store", new IOException("secret inner reason"))));
        silo = builder.Build();
        await silo.StartAsync(TestContext.Current.CancellationToken);
        gateway = await RunningGateway.StartAsync(["--Edna:Silo:CoHosted=false", $"--Edna:Cluster:GatewayPort={gatewayPort}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await silo.StopAsync(TestContext.Current.CancellationToken);
        silo.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
