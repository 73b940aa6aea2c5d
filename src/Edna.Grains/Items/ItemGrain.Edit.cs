using System.Text.Json;
using Edna.Json;
using Edna.Objects;
using Edna.Results;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<Result<Item>> PatchAsync(JsonText mergePatch, long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        var errors = new FieldErrors();
        var (metadata, split) = ItemPatch.Apply(at.State, mergePatch, at.Dataset, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        return await ApplyAsync(at, EditDecisions.Patch(at.State, metadata, split, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> SetTagsAsync(IReadOnlyDictionary<string, string> tags, long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        var errors = new FieldErrors();
        ItemRules.CheckTags(tags, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        at = await WithObjectTagsAsync(at, by);
        return await ApplyAsync(at, EditDecisions.Tag(at.State, tags, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> MergeTagsAsync(IReadOnlyDictionary<string, string?> tags, long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        at = await WithObjectTagsAsync(at, by);
        var merged = new Dictionary<string, string>(at.State.Tags, StringComparer.Ordinal);
        foreach (var (name, value) in tags)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = value;
        }
        var errors = new FieldErrors();
        ItemRules.CheckTags(merged, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        return await ApplyAsync(at, EditDecisions.Tag(at.State, merged, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> TrashAsync(long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        return await ApplyAsync(at, EditDecisions.Trash(at.State, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> RestoreAsync(long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        return await ApplyAsync(at, EditDecisions.Restore(at.State, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Done>> PurgeAsync(long? ifMatch, string by)
    {
        if (!(await OpenAsync(ifMatch)).TryGet(out var at, out var problem)) return problem;
        // By way of the trash: were this cut off half-way, nobody would be sent to bytes that are gone.
        if (EditDecisions.Trash(at.State, time.GetUtcNow()) is { Next: { } trashed } first)
        {
            await WriteAsync(trashed, first.Kind, by);
            await DiscardAsync(at.Keys, first.Discard);
        }
        await RemoveObjectsAsync(at.Keys);
        await RemoveInPlaceAsync(at.Keys, at.State.ContentKey, at.State.ETag);
        await RemoveInPlaceAsync(at.Keys, at.State.ReplacedKey, at.State.ReplacedETag);
        await ForgetAsync(by);
        return Done.Instance;
    }

    /// <summary>Removes the bytes that were registered in place. Others that their owner has put there since are the owner's.</summary>
    private async Task RemoveInPlaceAsync(ObjectKeys keys, string? inPlace, string? etag)
    {
        if (inPlace is null || await store.HeadAsync(new(keys.Bucket, inPlace), CancellationToken.None) is not { } there || there.ETag != etag) return;
        await store.DeleteAsync(keys.Bucket, [inPlace], CancellationToken.None);
    }

    /// <summary>Removes whatever lies under the item's own prefixes.</summary>
    private async Task RemoveObjectsAsync(ObjectKeys keys)
    {
        foreach (var prefix in keys.ItemPrefixes(key.ItemId))
        {
            var found = new List<string>();
            await foreach (var stored in store.ListAsync(keys.Bucket, prefix, null, CancellationToken.None)) found.Add(stored.Key);
            if (found.Count > 0) await store.DeleteAsync(keys.Bucket, found, CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async Task ForgetAsync(string by)
    {
        await RefreshAsync();
        DeactivateOnIdle();
        if (record.State.Item is not { Status: not ItemStatus.Purged } state) return;
        var outcome = EditDecisions.Purge(state, time.GetUtcNow());
        await WriteAsync(outcome.Next!, outcome.Kind, by);
    }
}

/// <summary>Applies a JSON merge patch (RFC 7396) to what of an item may change: <c>metadata</c> and <c>split</c>.</summary>
internal static class ItemPatch
{
    /// <summary>The patched metadata and split; faults go to <paramref name="errors"/>.</summary>
    public static (JsonText? Metadata, string? Split) Apply(ItemState state, JsonText mergePatch, Datasets.Dataset dataset, FieldErrors errors)
    {
        var (metadata, split) = (state.Metadata, state.Split);
        using var patch = JsonDocument.Parse(mergePatch.Text);
        if (patch.RootElement.ValueKind != JsonValueKind.Object)
        {
            errors.Add("$", "must be a JSON object (JSON merge patch)");
            return (metadata, split);
        }
        foreach (var change in patch.RootElement.EnumerateObject())
        {
            if (change.NameEquals("metadata")) metadata = PatchMetadata(metadata, change.Value, errors);
            else if (change.NameEquals("split")) split = PatchSplit(change.Value, dataset, errors);
            else errors.Add(change.Name, "cannot be changed; metadata and split can");
        }
        return (metadata, split);
    }

    private static JsonText? PatchMetadata(JsonText? before, JsonElement change, FieldErrors errors)
    {
        if (change.ValueKind == JsonValueKind.Null) return null;
        if (change.ValueKind != JsonValueKind.Object)
        {
            errors.Add("metadata", "must be a JSON object, or null to remove it");
            return before;
        }
        JsonText merged = new(MergePatch.Apply(before?.Text ?? "{}", change.GetRawText()));
        ItemRules.CheckMetadata(merged, errors);
        return merged;
    }

    private static string? PatchSplit(JsonElement change, Datasets.Dataset dataset, FieldErrors errors)
    {
        if (change.ValueKind == JsonValueKind.Null) return null;
        if (change.ValueKind != JsonValueKind.String)
        {
            errors.Add("split", "must be a text, or null to remove it");
            return null;
        }
        ItemRules.CheckSplit(change.GetString()!, dataset, errors);
        return change.GetString();
    }
}
