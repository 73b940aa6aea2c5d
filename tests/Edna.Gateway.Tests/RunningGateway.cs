using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Edna.Access;
using Edna.Gateway.Tests;
using Edna.Hosting;
using Edna.Items;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningGateway))]

namespace Edna.Gateway.Tests;

/// <summary>A whole gateway with its silo on a free port and a directory of its own, talked to over HTTP only.</summary>
public sealed class RunningGateway : IAsyncLifetime
{
    private readonly string[] settings;
    private readonly Action<IServiceCollection>? replace;
    private WebApplication? app;

    /// <summary>The one that most tests share.</summary>
    public RunningGateway() : this([])
    {
    }

    private RunningGateway(string[] settings, Action<IServiceCollection>? replace = null) => (this.settings, this.replace) = (settings, replace);

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("edna-gateway-").FullName;

    /// <summary>A client with the admin key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>The services of the process: for looking behind the API's back.</summary>
    public IServiceProvider Services => app!.Services;

    public string AdminKey => File.ReadAllText(Path.Combine(Directory, "admin.key")).Trim();

    /// <summary>A gateway of one's own, with settings (<c>--key=value</c>) and services of one's own.</summary>
    public static async Task<RunningGateway> StartAsync(string[] settings, Action<IServiceCollection>? replace = null)
    {
        var gateway = new RunningGateway(settings, replace);
        try
        {
            await gateway.InitializeAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", $"--EDNA_DATA={Directory}", .. settings]);
        builder.AddEdnaGateway();
        builder.Logging.ClearProviders();
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(StartBanner)));
        replace?.Invoke(builder.Services);
        app = builder.Build();
        _ = app.Services.GetRequiredService<Edna.Events.CallbackKey>();
        app.UseEdnaGateway();
        app.MapEdna();
        await app.StartAsync();
        Address = new(app.Urls.First());
        Admin = WithToken(AdminKey);
    }

    public HttpClient Anonymous() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Makes an API key with these scopes and answers a client that uses it.</summary>
    public async Task<HttpClient> WithNewKeyAsync(params string[] scopes) => WithToken((await NewKeyAsync(scopes)).Secret!);

    public async Task<ApiKey> NewKeyAsync(params string[] scopes)
    {
        using var response = await Admin.PostAsJsonAsync("/v1/api-keys", new { name = "test", scopes });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<ApiKey>())!;
    }

    /// <summary>Makes a dataset and answers its address.</summary>
    public async Task<string> NewDatasetAsync(object? more = null)
    {
        var name = "d-" + Guid.NewGuid().ToString("N")[..12];
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["name"] = name;
        using var response = await Admin.PostAsync("/v1/datasets", Json(body.ToJsonString()));
        response.EnsureSuccessStatusCode();
        return $"/v1/datasets/{name}";
    }

    /// <summary>Announces an item and answers its address.</summary>
    public async Task<string> NewItemAsync(string dataset, string path = "a.txt", int size = 5)
    {
        using var response = await Admin.PostAsJsonAsync($"{dataset}/items", new { path, contentType = "text/plain", size });
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.ToString();
    }

    /// <summary>Announces an item, sends its bytes by the signed URL, has it confirmed and answers its address.</summary>
    public async Task<string> NewAvailableItemAsync(string dataset, string path = "a.txt", string text = "hello")
    {
        var planned = await PlanAsync(dataset, new { path, contentType = "text/plain", size = text.Length });
        (await planned.SendAsync(Encoding.ASCII.GetBytes(text))).EnsureSuccessStatusCode();
        (await Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
        return planned.Item;
    }

    /// <summary>Announces an item and answers its address and what to send.</summary>
    public async Task<PlannedUpload> PlanAsync(string dataset, object item)
    {
        using var response = await Admin.PostAsJsonAsync($"{dataset}/items", item);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return new(response.Headers.Location!.ToString(), (await response.ReadAsync()).GetProperty("upload"));
    }

    /// <summary>Announces items of one byte together.</summary>
    public async Task NewItemsAsync(string dataset, params IEnumerable<string> paths)
    {
        var items = paths.Select(path => new { path, contentType = "text/plain", size = 1 });
        (await Admin.PostAsJsonAsync($"{dataset}/items:batch", new { items })).EnsureSuccessStatusCode();
    }

    /// <summary>Waits on the table's own word that the search index has every row of a dataset; the runner's timeout is the bound.</summary>
    public async Task UntilIndexedAsync(string dataset)
    {
        var (table, cancel) = (Services.GetRequiredService<IItemTable>(), TestContext.Current.CancellationToken);
        while ((await table.ListDirtyShardsAsync(cancel)).Any(s => dataset.EndsWith($"/{s.Dataset.Dataset}", StringComparison.Ordinal))) await Task.Delay(20, cancel);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (app is not null) await app.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
