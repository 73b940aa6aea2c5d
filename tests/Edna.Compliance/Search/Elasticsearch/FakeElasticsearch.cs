using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>
/// A fake server on loopback, for there is no real one to be had. It takes only what Elastic's published description allows, answers only
/// what it allows, keeps documents in memory and carries out the part of the query language that the adapter uses. What it shows is that
/// requests and answers have the right shape and mean the right thing as far as its authors understood; not that a server does the same.
/// </summary>
public sealed partial class FakeElasticsearch : IAsyncDisposable
{
    private const int MostRequests = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeIndex> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FakeIndex Index, IReadOnlyList<FakeDocument> Documents)> _points = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly WebApplication _app;
    private readonly string _flavor;
    private readonly TimeProvider _time;

    private FakeElasticsearch(WebApplication app, string flavor, TimeProvider time) => (_app, _flavor, _time) = (app, flavor, time);

    /// <summary>Where it answers.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>What to do wrong with a request; null for nothing.</summary>
    public Func<FakeRequest, FakeFault?>? Fault { get; set; }

    /// <summary>Whether and how to reject a document of a bulk request, by its id.</summary>
    public Func<string, (int Status, string Type)?>? Reject { get; set; }

    /// <summary>The last thousand requests.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Where requests were not as described. A test that ends with one has failed, whatever it found.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>Points in time that are open.</summary>
    public int OpenPoints
    {
        get
        {
            lock (_lock) return _points.Count;
        }
    }

    /// <summary>The indexes there are, each with its aliases.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Indexes
    {
        get
        {
            lock (_lock) return _indexes.Values.ToDictionary(index => index.Name, index => (IReadOnlyList<string>)[.. index.Aliases.Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>The versions of all documents of the index that a name or an alias stands for, by id.</summary>
    public IReadOnlyDictionary<string, long> VersionsIn(string name)
    {
        lock (_lock) return IndexOf(name).All.ToDictionary(document => document.Id, document => document.Version);
    }

    /// <summary>Removes a document behind everybody's back, as a fault of the server would.</summary>
    public void Lose(string name, string id)
    {
        lock (_lock) IndexOf(name).Lose(id);
    }

    /// <summary>Starts a server that holds nothing.</summary>
    /// <param name="flavor"><c>elasticsearch</c> or <c>opensearch</c>.</param>
    /// <param name="time">The clock by which removed documents are forgotten.</param>
    public static async Task<FakeElasticsearch> StartAsync(string flavor = Elastic, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = 100 << 20);
        var server = new FakeElasticsearch(builder.Build(), flavor, time ?? TimeProvider.System);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Address = new(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <summary>Lets all points in time run out.</summary>
    public void ForgetPoints()
    {
        lock (_lock) _points.Clear();
    }

    /// <summary>Removes all indexes, as an operator may.</summary>
    public void DropIndexes()
    {
        lock (_lock) _indexes.Clear();
    }

    /// <summary>Removes the index that a name or an alias stands for.</summary>
    public void DropIndex(string name)
    {
        lock (_lock) Drop(IndexOf(name).Name);
    }

    /// <summary>Stops answering for good.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await ReadAsync(context.Request);
        _requests.Enqueue(request);
        while (_requests.Count > MostRequests) _requests.TryDequeue(out _);
        var fault = Fault?.Invoke(request);
        if (fault is FakeFault.Slow slow) await slow.Until.WaitAsync(context.RequestAborted);
        if (fault is FakeFault.Down)
        {
            context.Abort();
            return;
        }
        var (status, answer) = fault is FakeFault.Refuse refuse ? (refuse.Status, Error(refuse.Status, refuse.Type, "as the test wants it")) : Carry(request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (answer is null) return;
        var bytes = fault is FakeFault.Garbage garbage ? Encoding.UTF8.GetBytes(garbage.Text) : answer;
        context.Response.ContentLength = bytes.Length;
        if (fault is not FakeFault.Cut)
        {
            await context.Response.Body.WriteAsync(bytes);
            return;
        }
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private (int Status, byte[]? Answer) Carry(FakeRequest request)
    {
        try
        {
            return (200, Handle(request));
        }
        catch (FakeRefusal refusal)
        {
            return (refusal.Status, request.Method == "HEAD" ? null : Error(refusal.Status, refusal.Type, refusal.Message));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // What the fake does not understand it must not answer for.
            var violation = Violation(request, e.ToString());
            return (violation.Status, Error(violation.Status, violation.Type, violation.Message));
        }
    }

    private static byte[] Error(int status, string type, string reason)
    {
        var error = new JsonObject { ["type"] = type, ["reason"] = reason, ["root_cause"] = new JsonArray(new JsonObject { ["type"] = type, ["reason"] = reason }) };
        if (PublishedDescription.Instance.FaultOf("_types.ErrorCause", JsonSerializer.SerializeToElement(error)) is { } wrong) throw new InvalidOperationException(wrong);
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["error"] = error, ["status"] = status });
    }

    private FakeRefusal Violation(FakeRequest request, string fault)
    {
        _violations.Enqueue($"{request.Method} {request.Path}{request.Query}: {fault}\n{request.Body}");
        return new(400, "not_as_described", fault);
    }

    private static async Task<FakeRequest> ReadAsync(HttpRequest request)
    {
        using var raw = new MemoryStream();
        await request.Body.CopyToAsync(raw);
        return new(
            request.Method, request.Path.Value!, request.QueryString.Value ?? "",
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), raw.ToArray());
    }
}
