using System.Collections.Concurrent;
using System.Net;
using Edna.Changes;
using Edna.Datasets;
using Edna.Hosting;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Search;
using Edna.Storage.Files;
using Edna.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using Xunit;

namespace Edna.Silo.Tests.Cluster;

/// <summary>Silos in this process, usually one, with the embedded adapters on a folder of its own; store and index can be cut off.</summary>
public class EdnaCluster : IAsyncLifetime
{
    private readonly Lock sharing = new();
    private ServiceProvider? shared;

    private readonly string folder = Directory.CreateTempSubdirectory("edna-silo-").FullName;
    private readonly KeyValuePair<string, string?>[] settings;
    private InProcessTestCluster cluster = null!;

    /// <summary>One with the embedded adapters.</summary>
    public EdnaCluster() : this([])
    {
    }

    /// <summary>One with settings of a test's own.</summary>
    internal EdnaCluster(params KeyValuePair<string, string?>[] settings) => this.settings = settings;

    /// <summary>A bucket that datasets may be bound to.</summary>
    public const string OtherBucket = "lake";

    /// <summary>How many silos; they share the files, each of which is opened once.</summary>
    protected virtual short Silos => 1;

    /// <summary>The cluster's client.</summary>
    public IGrainFactory Grains => cluster.Client;

    /// <summary>The first silo's services.</summary>
    public IServiceProvider Services => cluster.Silos[0].ServiceProvider;

    /// <summary>Cuts the object store off and brings it back.</summary>
    public Outage StoreOutage { get; } = new();

    /// <summary>Cuts the search index off and brings it back.</summary>
    public Outage IndexOutage { get; } = new();

    /// <summary>Multipart uploads that the store shall say are older than they are, by this much.</summary>
    public ConcurrentDictionary<string, TimeSpan> AgedMultiparts { get; } = new();

    /// <summary>What the store shall throw when it is asked for an object of this key, or to abort a multipart upload of this id.</summary>
    public ConcurrentDictionary<string, Exception> StoreFaults { get; } = new();

    /// <summary>Is told of each call of a grain before it is made.</summary>
    public Action<IIncomingGrainCallContext>? Calling { get; set; }

    /// <summary>What finds the addresses of webhooks' hosts instead of the system; null for the system.</summary>
    public HostLookup? Lookup { get; set; }

    /// <summary>The item table, behind the grains' back.</summary>
    public IItemTable Table => Services.GetRequiredService<IItemTable>();

    /// <summary>The object store, behind the grains' back.</summary>
    public IObjectStore Store => Services.GetRequiredService<IObjectStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(
                [new("EDNA_DATA", folder), new("Edna:Uploads:SweepInterval", "00:00:01"), new("Edna:Datasets:AllowedBuckets:0", OtherBucket),
                    new("Edna:Webhooks:AllowHttp", "true"), new("Edna:Webhooks:AllowedNetworks:0", "127.0.0.0/8"), new("Edna:Webhooks:FirstPause", "00:00:00.1"),
                    new("Edna:Webhooks:LongestPause", "00:00:00.3"), new("Edna:Webhooks:GiveUpAfter", "00:00:05"), .. settings]);
            host.Services.AddEdnaServices(host.Configuration);
            if (Silos > 1) ShareFiles(host);
            host.Services.AddSingleton<IObjectStore>(p => new InterruptedStore(p.GetRequiredService<FileObjectStore>(), StoreOutage, AgedMultiparts, StoreFaults));
            host.Services.AddSingleton<HostLookup>((name, ct) => Lookup is { } lookup ? lookup(name, ct) : Dns.GetHostAddressesAsync(name, ct));
            var index = host.Services.Last(s => s.ServiceType == typeof(ISearchIndex));
            host.Services.AddSingleton<ISearchIndex>(p => new InterruptedIndex((ISearchIndex)Make(index, p), IndexOutage));
        });
        builder.ConfigureSilo((_, silo) => silo.AddEdnaGrains().AddIncomingGrainCallFilter(call =>
        {
            Calling?.Invoke(call);
            return call.Invoke();
        }));
        cluster = builder.Build();
        await cluster.DeployAsync();
        foreach (var silo in cluster.Silos) silo.ServiceProvider.GetRequiredService<FileStoreAddress>().BaseUri = new("http://127.0.0.1:1/");
    }

    /// <summary>Ends the second silo without a word, and has the first know it.</summary>
    public async Task KillOneAsync()
    {
        var address = cluster.Silos[1].SiloAddress;
        // Its host is given no time to stop in, and says so.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.KillSiloAsync(cluster.Silos[1]));
        Assert.True(await Services.GetRequiredService<IClusterMembershipService>().TryKill(address));
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        if (shared is not null) await shared.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A dataset of its own for a test.</summary>
    public async Task<DatasetKey> CreateDatasetAsync(CreateDataset? request = null)
    {
        var name = "d" + Guid.NewGuid().ToString("n")[..12];
        var key = new DatasetKey("default", name);
        var made = await Grains.GetGrain<IDatasetGrain>(key.ToString()).CreateAsync((request ?? new()) with { Name = name }, "ann", null);
        Assert.Null(made.Problem);
        return key;
    }

    /// <summary>The grain of the item at a path.</summary>
    public IItemGrain Item(DatasetKey dataset, string path) => Grains.GetGrain<IItemGrain>(KeyOf(dataset, path).ToString());

    /// <summary>The key of the item at a path.</summary>
    public static ItemKey KeyOf(DatasetKey dataset, string path) => new(dataset, ItemId.FromPath(path));

    /// <summary>Puts an object where an upload would have put it.</summary>
    public async Task ArriveAsync(DatasetKey dataset, string path, string body, long attempt = 1, string contentType = "text/plain") =>
        await Store.WriteAsync(new ObjectKeys(Store.Prefix, dataset, null).Content(ItemId.FromPath(path), attempt),
            System.Text.Encoding.UTF8.GetBytes(body), contentType, true, TestContext.Current.CancellationToken);

    /// <summary>Announces, brings and confirms an item of five bytes.</summary>
    public async Task<Item> UploadAsync(DatasetKey dataset, string path, CreateItem? request = null)
    {
        await Good(Item(dataset, path).PlanAsync((request ?? Announce(path)) with { Path = path }, "ann"));
        await ArriveAsync(dataset, path, "hello");
        return await Good(Item(dataset, path).CompleteAsync(null, "ann"));
    }

    /// <summary>An announcement of five bytes of text.</summary>
    public static CreateItem Announce(string path, long size = 5) => new() { Path = path, ContentType = "text/plain", Size = size };

    /// <summary>What a job of the default tenant has come to once it has ended.</summary>
    public Task<Job> EndOfAsync(string job) =>
        Eventually.IsAsync(() => Good(Grains.GetGrain<IJobGrain>($"default/{job}").GetAsync()), now => now.Status != JobStatus.Running);

    /// <summary>Writes what an item went through behind the grains' back, as if it had been long ago: nothing is told to the feed.</summary>
    public async Task<ItemKey> WriteAsync(DatasetKey dataset, params IReadOnlyList<ItemState> life)
    {
        var key = KeyOf(dataset, life[0].Path);
        foreach (var state in life)
            await Table.WriteAsync(ItemView.RowOf(key, state), state.Revision - 1, new(ChangeKind.Created, state.UpdatedAt, "ann"), TestContext.Current.CancellationToken);
        return key;
    }

    /// <summary>The state of an item, from its row; null when there is no row.</summary>
    public async Task<ItemState?> StateOf(ItemKey key) =>
        await Table.ReadAsync(key, TestContext.Current.CancellationToken) is { } row ? ItemJson.Read(row.Body) : null;

    /// <summary>The value of a result that must be good.</summary>
    public static async Task<T> Good<T>(Task<Result<T>> call)
    {
        var result = await call;
        Assert.True(result.Problem is null, result.Problem?.Detail);
        return result.Value!;
    }

    /// <summary>The code of a result that must be a problem.</summary>
    public static async Task<string> CodeOf<T>(Task<Result<T>> call) => (await call).Problem?.Code ?? "none";

    /// <summary>Has a silo use the files that the first one has opened: each belongs to one writer.</summary>
    private void ShareFiles(IHostApplicationBuilder host)
    {
        // Silos are made side by side.
        lock (sharing) shared ??= new ServiceCollection().AddLogging().AddEdnaServices(host.Configuration).BuildServiceProvider();
        foreach (var file in host.Services.Where(s => s.ServiceType.Name is "StateDatabase" or "SearchDatabase").ToList())
            host.Services.AddSingleton(file.ServiceType, shared.GetRequiredService(file.ServiceType));
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}

/// <summary>A switch: while it is on, whatever it guards does not answer, refuses for good, or lets its callers wait.</summary>
public sealed class Outage
{
    private volatile bool on;
    private volatile string? refusal;
    private volatile Gate? gate;
    private int refused;

    /// <summary>What every search waits for first, with the token that it was given.</summary>
    public Func<ParsedSearch, CancellationToken, Task>? Searching { get; set; }

    /// <summary>Callers that are being held.</summary>
    public int Waiting => gate?.Count ?? 0;

    /// <summary>Calls that were not answered since the outage began.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Cuts off until disposed.</summary>
    public IDisposable Begin(string? word = null)
    {
        (refusal, refused, on) = (word, 0, true);
        return new End(() => on = false);
    }

    /// <summary>Refuses for good, with this word, until disposed.</summary>
    public IDisposable Refuse(string word) => Begin(word);

    /// <summary>Has calls that ask <see cref="PassAsync"/> wait until disposed.</summary>
    public Held Hold()
    {
        var closed = gate = new Gate();
        return new(closed.Reached.Task, () =>
        {
            gate = null;
            closed.Opened.TrySetResult();
        });
    }

    /// <summary>Waits while calls are held.</summary>
    public ValueTask PassAsync() => gate is { } closed ? new(closed.WaitAsync()) : default;

    /// <summary>Throws as an adapter does when its server is away.</summary>
    public void Guard(string what)
    {
        if (!on) return;
        Interlocked.Increment(ref refused);
        throw new UnavailableException(what) { Refusal = refusal };
    }

    /// <summary>Calls that are held, until it is disposed.</summary>
    public sealed class Held(Task reached, Action release) : IDisposable
    {
        /// <summary>Completes when the first call is held.</summary>
        public Task Reached => reached;

        public void Dispose() => release();
    }

    private sealed class Gate
    {
        private int count;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count => Volatile.Read(ref count);

        public Task WaitAsync()
        {
            Interlocked.Increment(ref count);
            Reached.TrySetResult();
            return Opened.Task;
        }
    }

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
