using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Cluster;

/// <summary>
/// Clients that push, tag, label, read and search, each on items of its own, and remember what they were told. Nothing else writes, so that
/// they know what must be there.
/// </summary>
internal sealed class MixedLoad(Balancer balancer, string dataset, CancellationToken ct) : IAsyncDisposable
{
    private const int Clients = 8;

    private readonly ConcurrentBag<Written> _written = [];
    private readonly HttpClient _store = new();
    private volatile bool _stopping;
    private Task _running = Task.CompletedTask;

    /// <summary>What was pushed: by path, each once.</summary>
    public IReadOnlyCollection<Written> All => _written;

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunAsync(client), ct)));

    /// <summary>Ends when so many requests more were answered; fails when the load did.</summary>
    public async Task AnsweredAsync(int more)
    {
        var (tally, from) = (balancer.Tally, balancer.Tally.Good);
        while (tally.Good < from + more)
        {
            if (_running.IsCompleted) await _running;
            await Task.Delay(50, ct);
        }
    }

    public async Task StopAsync()
    {
        _stopping = true;
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _store.Dispose();
    }

    private async Task RunAsync(int client)
    {
        var (random, mine) = (new Random(client), new List<Written>());
        for (var round = 0; !_stopping; round++)
        {
            var one = mine.Count == 0 ? null : mine[random.Next(mine.Count)];
            switch (one is null ? 0 : random.Next(10))
            {
                case < 3:
                    mine.Add(await PushAsync($"client-{client}/{round:D5}.txt"));
                    _written.Add(mine[^1]);
                    break;
                case < 5: await TagAsync(one!); break;
                case < 7: await LabelAsync(one!); break;
                case < 9: await ReadAsync(one!); break;
                default: await balancer.AskAsync(edna => edna.SearchAsync(new SearchRequest { Datasets = [dataset], Query = $"client-{client}", Limit = 20 }, ct)); break;
            }
        }
    }

    private async Task<Written> PushAsync(string path)
    {
        var bytes = Encoding.UTF8.GetBytes($"what lies at {path}");
        var written = new Written(path, bytes);
        var request = new CreateItem { Path = path, ContentType = "text/plain", Size = bytes.Length, Checksum = new("sha256", Convert.ToBase64String(SHA256.HashData(bytes))) };
        if (await balancer.AskAsync(edna => edna.CreateItemAsync(dataset, request, ct)) is not { } plan) return written;
        written.Id = plan.Item.Id;
        await _store.SendAsync(plan.Upload!, bytes, ct);
        var item = await balancer.AskAsync(edna => edna.CompleteUploadAsync(dataset, plan.Item.Id, ct: ct));
        written.IsAvailable = item is not null;
        return written;
    }

    private async Task TagAsync(Written one)
    {
        if (one.Id is null) return;
        var n = ++one.TriedTag;
        var tags = new Dictionary<string, string> { ["n"] = n.ToString(CultureInfo.InvariantCulture) };
        if (await balancer.AskAsync(edna => edna.PutTagsAsync(dataset, one.Id, tags, ct)) is not null) one.Tag = n;
        else one.HasLostTags = true;
    }

    private async Task LabelAsync(Written one)
    {
        if (!one.IsAvailable) return;
        // Each another one, so that each is a revision: one that is carried out twice would be two.
        var labels = new PutLabels
        {
            Annotations = [new Annotation { Kind = AnnotationKinds.Classification, Class = string.Create(CultureInfo.InvariantCulture, $"cat{++one.TriedLabels}"), Source = new AnnotationSource { Kind = "human", Name = "test" } }],
        };
        if (await balancer.AskAsync(edna => edna.PutLabelsAsync(dataset, one.Id!, labels, ct: ct)) is { } written) one.Labels = written.Revision;
        else one.HasLostLabels = true;
    }

    /// <summary>Whoever was told that something is written reads it from then on, from whichever silo.</summary>
    private async Task ReadAsync(Written one)
    {
        if (one.Id is null) return;
        if (await balancer.AskAsync(edna => edna.GetItemAsync(dataset, one.Id, ct)) is { } item) one.ShouldBe(item);
    }
}

/// <summary>What a client knows of an item of its own.</summary>
internal sealed class Written(string path, byte[] bytes)
{
    public string Path => path;

    public byte[] Bytes => bytes;

    /// <summary>Its id; null when nobody answered whether it was made.</summary>
    public string? Id { get; set; }

    /// <summary>Whether its content was acknowledged.</summary>
    public bool IsAvailable { get; set; }

    /// <summary>The tag that was acknowledged last.</summary>
    public int Tag { get; set; }

    /// <summary>The tag that was sent last.</summary>
    public int TriedTag { get; set; }

    /// <summary>The revision of the labels that was acknowledged last.</summary>
    public long Labels { get; set; }

    /// <summary>The labels that were sent, each once.</summary>
    public int TriedLabels { get; set; }

    /// <summary>Whether tags were sent that nobody answered for.</summary>
    public bool HasLostTags { get; set; }

    /// <summary>Whether labels were sent that nobody answered for.</summary>
    public bool HasLostLabels { get; set; }

    /// <summary>
    /// Whether a finding of the scrub is what is left of a write of this item that died halfway, and which its client did not send again: bytes, tags or
    /// a label document that are in the bucket and not in the table. Of what was acknowledged there is nothing to find.
    /// </summary>
    public bool Explains(string finding) => Id is not null && finding.Contains($" {Id}", StringComparison.Ordinal) && finding.Split(' ')[0] switch
    {
        "upload.arrived" => !IsAvailable,
        "content.retagged" => HasLostTags,
        "labels.newer" => HasLostLabels,
        _ => false,
    };

    /// <summary>Fails when an item has less than what was acknowledged, what nobody sent, or something twice.</summary>
    public void ShouldBe(Item item)
    {
        Assert.Equal(path, item.Path);
        if (IsAvailable) Assert.Equal((ItemStatuses.Available, (long)bytes.Length), (item.Status, item.Size));
        Assert.InRange(int.Parse(item.Tags.GetValueOrDefault("n", "0"), CultureInfo.InvariantCulture), Tag, TriedTag);
        Assert.InRange(item.Labels?.Revision ?? 0, Labels, TriedLabels);
    }
}
