using Edna.Changes;
using Edna.Items;
using Edna.Json;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;
using Edna.Rebuild;

namespace Edna.Grains.Tests.Rebuild;

/// <summary>One item along a history: its state by the decisions, and beside it what the grain that carries them out leaves in the bucket.</summary>
internal sealed class ItemHistory(string path)
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly UploadLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
    private readonly Dictionary<long, (StoredObject Object, IReadOnlyDictionary<string, string> Tags, bool Right, ImportedContent? InPlace)> objects = [];
    private readonly List<LabelDocument> labels = [];
    private ItemDocument? document;
    private DateTimeOffset now = Noon;

    /// <summary>The state; null before the first announcement.</summary>
    public ItemState? State { get; private set; }

    /// <summary>The state once the bytes that have arrived are confirmed.</summary>
    public ItemState? Settled => State is { Upload: { } open, Status: not ItemStatus.Trashed } && objects.TryGetValue(open.Attempt, out var there) && there.Right
        ? UploadDecisions.Confirm(State, there.Object, ChecksumVerdict.Match, now).Next
        : State;

    /// <summary>What a rebuild finds.</summary>
    public FoundItem? Found => objects.Count == 0 && document is null && labels.Count == 0 ? null : new FoundItem
    {
        ItemId = ItemId.FromPath(path), Document = document, Labels = labels.LastOrDefault(), Attempts = objects.Keys.DefaultIfEmpty().Max(),
        Contents = [.. objects.OrderByDescending(o => o.Key).Select(o => new FoundContent
        {
            Revision = o.Key, Object = o.Value.Object, Tags = o.Value.Tags, Checksum = o.Value.Right ? ChecksumVerdict.Match : ChecksumVerdict.Mismatch,
            InPlace = o.Value.InPlace,
        })],
    };

    public void Announce(CreateItem request, string by) => Apply(UploadDecisions.Plan(State, request with { Path = path }, path, Limits, Tick(), by));

    /// <summary>The client sends its bytes; the store takes them once, and only as they were signed. Wrong ones pass only where a store does not check.</summary>
    public void Arrive(bool right)
    {
        if (State is not { Upload: { } open, Status: not ItemStatus.Trashed } || objects.ContainsKey(open.Attempt)) return;
        objects[open.Attempt] = (new()
        {
            Size = open.Size, ETag = $"e{open.Attempt}", ContentType = open.ContentType, LastModified = Tick(),
            Metadata = ObjectFacts.Of(path, open).ToDictionary(),
        }, open.Tags, right || open.Checksum is null, null);
    }

    /// <summary>An import finds an object of this path, as it is now, and registers it where it lies: as a new item, or as what became of its object.</summary>
    public void Import(long size, IReadOnlyDictionary<string, string> tags)
    {
        if (State is not (null or { ContentKey: not null })) return;
        var found = new RegisterObject
        {
            Key = $"in/{path}", Path = path, Size = size, ETag = $"x{size}", LastModified = Tick(), ContentType = "image/png", Tags = tags,
        };
        var outcome = RegisterDecisions.Register(State, found, now, "ann");
        if (outcome.Next is not { } next) return;
        foreach (var before in objects.Where(o => o.Value.InPlace is not null).Select(o => o.Key).ToArray()) objects.Remove(before);
        objects[next.ContentRevision] = (
            new() { Size = size, ETag = found.ETag, ContentType = "image/png", LastModified = found.LastModified }, LabelTags.Project(next.Tags, next.Labels?.Classes).Tags, true,
            new(found.Key, new()
            {
                Key = found.Key, Path = path, Revision = next.ContentRevision, Size = size, ETag = found.ETag, LastModified = found.LastModified, ContentType = "image/png", Tags = tags,
            }, "ann"));
        if (next.HasDocument || next.Upload is not null || next.Split is not null || next.Metadata != found.Metadata) next = Documented(next);
        State = ItemJson.Read(ItemJson.Write(next));
    }

    public void Complete()
    {
        if (State is not { Upload: { } open, Status: not ItemStatus.Trashed } || !objects.TryGetValue(open.Attempt, out var there)) return;
        Apply(UploadDecisions.Confirm(State, there.Object, there.Right ? ChecksumVerdict.Match : ChecksumVerdict.Mismatch, Tick()));
    }

    /// <summary>Somebody removes the content behind EDNA's back, and it is noticed.</summary>
    public void Lose()
    {
        if (State is not { HasContent: true } || !objects.Remove(State.ContentRevision)) return;
        Apply(ObjectDecisions.Observe(State, null, null, Tick()).Outcome);
    }

    public void Abort() => Apply(state => UploadDecisions.Abort(state, now));

    public void Tag(IReadOnlyDictionary<string, string> tags) => Apply(state => EditDecisions.Tag(state, tags, now));

    public void Patch(JsonText? metadata, string? split) => Apply(state => EditDecisions.Patch(state, metadata, split, now));

    public void Trash() => Apply(state => EditDecisions.Trash(state, now));

    public void Restore() => Apply(state => EditDecisions.Restore(state, now));

    public void Label(IReadOnlyList<Annotation> annotations, LabelStatus status, bool delete)
    {
        if (State is null or { Status: ItemStatus.Trashed } || (delete && State.Labels is null)) return;
        var next = new LabelDocument
        {
            Item = ItemId.FromPath(path), Revision = State.LabelRevision + 1, Status = status, At = Tick(), By = "lea",
            Annotations = delete ? [] : annotations, Deleted = delete,
        };
        labels.Add(LabelJson.Read(LabelJson.Write(next)));
        Apply(EditDecisions.Label(State, next, LabelJson.Digest(next.Annotations, next.Status), LabelDecisions.KindOf(next)));
    }

    private void Apply(Func<ItemState, ItemOutcome> decide)
    {
        Tick();
        if (State is not null) Apply(decide(State));
    }

    /// <summary>As the grain does: bucket first, then row, then what is no longer needed.</summary>
    private void Apply(ItemOutcome outcome)
    {
        if (outcome.Next is not { } next) return;
        if (State is not null && outcome.Kind is not (ChangeKind.Created or ChangeKind.UploadOpened))
        {
            var sync = BucketDecisions.Sync(State, next, outcome.Kind);
            if (sync.Tags is { } tags) objects[next.ContentRevision] = objects[next.ContentRevision] with { Tags = tags };
            if (sync.Document) next = Documented(next);
        }
        State = ItemJson.Read(ItemJson.Write(next));
        if (outcome.Discard is { } discarded) objects.Remove(discarded.Attempt);
    }

    private ItemState Documented(ItemState next)
    {
        next = next with { HasDocument = true };
        document = ItemJson.ReadDocument(ItemJson.WriteDocument(ItemDocument.Of(next)));
        return next;
    }

    private DateTimeOffset Tick() => now = now.AddSeconds(97);
}
