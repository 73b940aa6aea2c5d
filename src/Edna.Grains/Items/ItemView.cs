using Edna.Keys;
using Edna.Labels;
using Edna.Results;

namespace Edna.Items;

/// <summary>Turns what is stored into what clients see, and into rows.</summary>
internal static class ItemView
{
    /// <summary>The item as clients see it.</summary>
    public static Item Of(ItemKey key, ItemState state, string? downloadUrl = null) => new()
    {
        Id = key.ItemId, Dataset = key.Dataset.Dataset, Path = state.Path, Status = state.Status, Failure = state.Failure,
        Size = state.Size, ContentType = state.ContentType, Checksum = state.Checksum, Tags = state.Tags, Metadata = state.Metadata,
        Split = state.Split, Labels = Summary(state), Revision = state.Revision, ContentRevision = state.ContentRevision,
        LabelRevision = state.LabelRevision, CreatedAt = state.CreatedAt, CreatedBy = state.CreatedBy, UpdatedAt = state.UpdatedAt,
        DownloadUrl = downloadUrl,
    };

    /// <summary>The item in a row.</summary>
    public static Item Of(ItemRow row) => Of(row.Key, ItemJson.Read(row.Body));

    /// <summary>Why there is nothing to download; null when there is.</summary>
    public static Problem? WhyUnreadable(ItemState state) => state switch
    {
        { Status: ItemStatus.Trashed } => ItemErrors.Trashed(state.Path),
        { HasContent: false } => ItemErrors.NotAvailable(state.Path, state.Status),
        { IsLost: true } => ItemErrors.Lost(state.Path, state.Failure?.Detail ?? "Its bytes are no longer what was confirmed."),
        _ => null,
    };

    /// <summary>The row of a state.</summary>
    public static ItemRow RowOf(ItemKey key, ItemState state) => new()
    {
        Key = key, Path = state.Path, Status = state.Status, Revision = state.Revision, Split = state.Split, UpdatedAt = state.UpdatedAt,
        UploadDeadline = state.Status != ItemStatus.Purged ? state.Upload?.Deadline ?? state.LateUntil : state.SignedUntil > state.UpdatedAt ? state.SignedUntil : null,
        Body = ItemJson.Write(state),
    };

    private static LabelSummary? Summary(ItemState state) => state.Labels is not { } head ? null : new()
    {
        Revision = state.LabelRevision, Status = head.Status, Classes = head.Classes, At = head.At, By = head.By,
    };
}
