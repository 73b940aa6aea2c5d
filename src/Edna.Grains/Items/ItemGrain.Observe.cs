namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<ObjectFinding> ObserveAsync(string by) =>
        (await OpenAsync()).TryGet(out var at, out _) ? await ObserveAsync(at, at.State, withTags: true, by) : ObjectFinding.NoContent;

    /// <summary>Looks at the content in the store, and writes what that means.</summary>
    /// <param name="at">The item.</param>
    /// <param name="state">Its state, with what the occasion adds to it.</param>
    /// <param name="withTags">Whether tags are looked at too.</param>
    /// <param name="by">Who asks.</param>
    private async Task<ObjectFinding> ObserveAsync(Opened at, ItemState state, bool withTags, string by)
    {
        if (!state.HasContent) return ObjectFinding.NoContent;
        var location = at.Keys.Content(key.ItemId, state);
        var found = await store.HeadAsync(location, CancellationToken.None);
        var tags = withTags && found is not null && !state.IsLost ? await store.GetTagsAsync(location, CancellationToken.None) : null;
        var (outcome, finding) = ObjectDecisions.Observe(state, found, tags, time.GetUtcNow());
        await ApplyAsync(at with { TagsThere = tags }, outcome, by);
        return finding;
    }
}
