using System.Globalization;
using System.Net.Http.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>Where items are left to themselves: a fault host whose clock can be put forward, past the deadline of every upload.</summary>
internal sealed class UnattendedHost : IAsyncDisposable
{
    public const string Dataset = "unattended";

    /// <summary>Longer than URLs live. A clock that is put forward again and again reaches what stores allow, and is put right then.</summary>
    private static readonly TimeSpan Forward = TimeSpan.FromSeconds(65);

    private static readonly TimeSpan MostForward = TimeSpan.FromMinutes(12);

    private readonly TempFolder _folder = new();
    private TimeSpan _ahead;

    private UnattendedHost(CephBucket bucket) => Bucket = bucket;

    /// <summary>The service's bucket.</summary>
    public CephBucket Bucket { get; }

    public EdnaProcess Edna { get; private set; } = null!;

    /// <summary>For what the client library has no call for.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The file that has the host count its steps.</summary>
    public string At => _folder.At("fault");

    public string CallbackKey => File.ReadAllText(Path.Combine(Edna.DataDirectory, "callback.key")).Trim();

    /// <summary>The item that was announced last.</summary>
    public string Item { get; private set; } = "";

    /// <summary>Whether the deadline of its upload is past.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>An upload that is going to be given up.</summary>
    public Upload? GivenUp { get; set; }

    public static async Task<UnattendedHost> StartAsync(CancellationToken ct)
    {
        var host = new UnattendedHost(await CephBucket.CreateAsync(ct));
        var settings = new Dictionary<string, string?>(host.Bucket.Settings())
        {
            ["EDNA_FAULT_AT"] = host.At, ["EDNA_FAULT_CLOCK"] = host._folder.At("clock"), ["Edna__Uploads__UrlLifetime"] = "00:01:00",
            ["Edna__Uploads__Grace"] = "00:00:00", ["Edna__Uploads__SweepInterval"] = "00:00:01",
        };
        host.Edna = await EdnaProcess.StartAsync(settings, host._folder.At("data"), program: Programs.FaultHost, ct: ct);
        host.Http = host.Edna.NewHttp();
        using var client = host.Edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, ct);
        return host;
    }

    /// <summary>Where the bytes of an attempt of <see cref="Item"/> lie.</summary>
    public string KeyOf(int attempt) => $"default/{Dataset}/items/{Item}/{attempt}";

    /// <summary>An item has been announced.</summary>
    public void Announced(string item) => (Item, IsOverdue) = (item, false);

    /// <summary>Puts the clock past the deadline of the upload that was announced last.</summary>
    public void PassDeadline()
    {
        if (IsOverdue) return;
        IsOverdue = true;
        _ahead += Forward;
        Write("clock", _ahead.ToString("c", CultureInfo.InvariantCulture));
    }

    /// <summary>Puts the clock right when it is far ahead. Nothing in a process bears a clock that goes back, so it is another one then.</summary>
    public async Task RewindAsync(CancellationToken ct)
    {
        if (_ahead + Forward <= MostForward) return;
        Assert.Equal(0, await Edna.TerminateAsync(ct));
        _ahead = TimeSpan.Zero;
        File.Delete(_folder.At("clock"));
        await Edna.StartAgainAsync(ct);
    }

    /// <summary>Has the host die before the first call of a name.</summary>
    public void DieBefore(string call) => Write("fault", call);

    /// <summary>How long the dataset keeps its trash.</summary>
    public async Task KeepTrashAsync(int days, CancellationToken ct)
    {
        using var answer = await Http.PatchAsJsonAsync($"v1/datasets/{Dataset}", new { trashRetentionDays = days }, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// Waits for what comes about by itself. While steps are counted it must not be asked for, for asking takes steps of its own: then it has
    /// come about with the last of its steps, or the process has died, which the client sees.
    /// </summary>
    public async Task UntilAsync(EdnaClient client, string lastStep, Func<Task<bool>> done, CancellationToken ct)
    {
        Assert.True(await Eventually.GetAsync(async () =>
        {
            if (!File.Exists(At)) return await done();
            await client.GetDatasetAsync(Dataset, ct);
            return (await StepsAsync(ct)).Contains(lastStep);
        }, isDone => isDone, ct), $"{lastStep} never came. {Edna.Log}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Edna.DisposeAsync();
        await Bucket.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>In one step, so that the host never reads half of it.</summary>
    private void Write(string file, string text)
    {
        File.WriteAllText(_folder.At(file + ".new"), text);
        File.Move(_folder.At(file + ".new"), _folder.At(file), overwrite: true);
    }

    /// <summary>The steps so far. The host writes at the same time, and must not be kept from it.</summary>
    private async Task<IReadOnlyList<string>> StepsAsync(CancellationToken ct)
    {
        if (!File.Exists(At + ".steps")) return [];
        using var steps = new StreamReader(new FileStream(At + ".steps", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return (await steps.ReadToEndAsync(ct)).Split('\n');
    }
}
