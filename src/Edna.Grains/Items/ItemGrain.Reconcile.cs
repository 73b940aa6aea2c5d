using Edna.Labels;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task ReconcileAsync(string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out _)) return;
        while (await ReadLabelsAsync(at, at.State.LabelRevision + 1) is { } document)
        {
            var digest = LabelJson.Digest(document.Annotations, document.Status);
            await ApplyAsync(at, EditDecisions.Label(at.State, document, digest, LabelDecisions.KindOf(document)), document.By);
            at = at with { State = record.State.Item! };
        }
        var place = at.Keys.Item(key.ItemId);
        if (at.State.HasDocument)
            await store.WriteAsync(place, ItemJson.WriteDocument(ItemDocument.Of(at.State)), "application/json", false, CancellationToken.None);
        else await store.DeleteAsync(place.Bucket, [place.Key], CancellationToken.None);
    }
}
