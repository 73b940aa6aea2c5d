namespace Edna.Client;

/// <summary>The request to write an item's labels.</summary>
public sealed record PutLabels
{
    /// <summary>All annotations of the item.</summary>
    public required IReadOnlyList<Annotation> Annotations { get; init; }

    /// <summary>How far they are: <c>draft</c> (when left out), <c>submitted</c>, <c>approved</c> or <c>rejected</c>.</summary>
    public string? Status { get; init; }
}

/// <summary>One revision of an item's labels.</summary>
public sealed record LabelDocument
{
    /// <summary>The item's id.</summary>
    public string? Item { get; init; }

    /// <summary>Counts the documents of the item, from 1.</summary>
    public long Revision { get; init; }

    /// <summary>How far the labels are.</summary>
    public string? Status { get; init; }

    /// <summary>The annotations.</summary>
    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>When it was written, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who wrote it.</summary>
    public string? By { get; init; }

    /// <summary>The reviewer's comment.</summary>
    public string? Comment { get; init; }

    /// <summary>Classes that have no object tag of their own in the bucket.</summary>
    public IReadOnlyList<string>? NotInTags { get; init; }
}

/// <summary>A label document in short.</summary>
public sealed record LabelSummary
{
    /// <summary>The document's revision.</summary>
    public long Revision { get; init; }

    /// <summary>How far the labels are.</summary>
    public string? Status { get; init; }

    /// <summary>Annotations by class.</summary>
    public IReadOnlyDictionary<string, int> Classes { get; init; } = new Dictionary<string, int>();
}
