using System.Diagnostics.Metrics;
using Edna.Items;

namespace Edna.Changes;

/// <summary>
/// Counts what happened to items, durable by then: <c>edna.changes</c> in the meter <see cref="Name"/>. Uploads by outcome are its kinds <c>available</c> and
/// <c>failed</c>, the latter with the code of the failure.
/// </summary>
public static class ChangeMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Edna.Items";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Changes = Meter.CreateCounter<long>("edna.changes", "{change}", "Changes of items, by what happened");

    /// <summary>Counts a change.</summary>
    /// <param name="row">The row that was written with it.</param>
    /// <param name="kind">What happened.</param>
    public static void Count(ItemRow row, ChangeKind kind)
    {
        if (!Changes.Enabled) return;
        if (kind == ChangeKind.Failed) Changes.Add(1, new("kind", WordOf(kind)), new("code", ItemJson.Read(row.Body).Failure?.Code ?? ""));
        else Changes.Add(1, new KeyValuePair<string, object?>("kind", WordOf(kind)));
    }

    /// <summary>The word for a kind, as clients know it.</summary>
    public static string WordOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Created => "created",
        ChangeKind.UploadOpened => "upload_opened",
        ChangeKind.Available => "available",
        ChangeKind.Failed => "failed",
        ChangeKind.Updated => "updated",
        ChangeKind.Tagged => "tagged",
        ChangeKind.Labeled => "labeled",
        ChangeKind.Reviewed => "reviewed",
        ChangeKind.Trashed => "trashed",
        ChangeKind.Restored => "restored",
        ChangeKind.Deleted => "deleted",
        _ => "other",
    };
}
