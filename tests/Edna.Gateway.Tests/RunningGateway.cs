using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Edna.Access;
using Edna.Gateway.Tests;
using Edna.Hosting;
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

    public string AdminKey => File.ReadAllText(Path.Combine(Directory, "admin.key")).Trim();

    /// <summary>A gateway of one's own, with settings (<c>--key=value</c>) and services of one's own.</summary>
    public static async Task<RunningGateway> StartAsync(string[] settings, Action<IServiceCollection>? replace = null)
    {
        var gateway = new RunningGateway(settings, replace);
        await gateway.InitializeAsync();
        return gateway;
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", $"--EDNA_DATA={Directory}", .. settings]);
        builder.AddEdnaGateway();
        builder.Logging.ClearProviders();
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(StartBanner)));
        replace?.Invoke(builder.Services);
        app = builder.Build();
        _ = app.Services.GetRequiredService<AdminKey>();
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
        using var response = await Admin.PostAsJsonAsync($"{dataset}/items", new { path, contentType = "text/plain", size = text.Length });
        var upload = (await response.ReadAsync()).GetProperty("upload");
        using var put = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString()) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(text)) };
        foreach (var header in upload.GetProperty("headers").EnumerateObject())
            if (!put.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString())) put.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        using var anonymous = Anonymous();
        (await anonymous.SendAsync(put)).EnsureSuccessStatusCode();
        (await Admin.PostAsync($"{response.Headers.Location}/upload/complete", null)).EnsureSuccessStatusCode();
        return response.Headers.Location!.ToString();
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        if (app is not null) await app.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>Short ways to send and to look at answers.</summary>
internal static class Http
{
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Sends a request; <c>headers</c> are "Name: value".</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string address, string? json = null, params string[] headers)
    {
        var request = new HttpRequestMessage(new(method), address) { Content = json is null ? null : RunningGateway.Json(json) };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }
        return await client.SendAsync(request);
    }

    /// <summary>Checks that an answer is a whole problem document with this status and code, and answers it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"expected {status} {code}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        var problem = document.RootElement.Clone();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        foreach (var member in (string[])["type", "title", "detail", "traceId"]) Assert.NotEmpty(problem.GetProperty(member).GetString()!);
        return problem;
    }

    public static string? Etag(this HttpResponseMessage response) => response.Headers.ETag?.ToString();
}
