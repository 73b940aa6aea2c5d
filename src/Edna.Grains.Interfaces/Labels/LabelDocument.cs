using System.Text.Json.Serialization;

namespace Edna.Labels;

/// <summary>How far the labels of an item are. The names are stored: never rename.</summary>
[GenerateSerializer, Alias("edna.LabelStatus"), JsonConverter(typeof(JsonStringEnumConverter<LabelStatus>))]
public enum LabelStatus
{
    /// <summary>Being worked on.</summary>
    [JsonStringEnumMemberName("draft")] Draft = 0,

    /// <summary>Ready for review.</summary>
    [JsonStringEnumMemberName("submitted")] Submitted = 1,

    /// <summary>A reviewer agreed.</summary>
    [JsonStringEnumMemberName("approved")] Approved = 2,

    /// <summary>A reviewer did not.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected = 3,
}

/// <summary>The request to write a label document.</summary>
[GenerateSerializer, Immutable, Alias("edna.PutLabels"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PutLabels
{
    /// <summary>All annotations of the item, at most 10,000.</summary>
    [Id(0)] public IReadOnlyList<Annotation>? Annotations { get; init; }

    /// <summary>How far they are; <c>draft</c> when left out.</summary>
    [Id(1)] public LabelStatus? Status { get; init; }
}

/// <summary>The request to approve or reject a label document.</summary>
[GenerateSerializer, Immutable, Alias("edna.ReviewLabels"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReviewLabels
{
    /// <summary><c>approve</c> or <c>reject</c>.</summary>
    [Id(0)] public string? Decision { get; init; }

    /// <summary>Why, at most 4,096 characters.</summary>
    [Id(1)] public string? Comment { get; init; }
}

/// <summary>One revision of an item's labels. It lies in the bucket as it stands here and never changes.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelDocument")]
public sealed record LabelDocument
{
    /// <summary>The item's id.</summary>
    [Id(0)] public required string Item { get; init; }

    /// <summary>Counts the documents of the item, from 1; the <c>ETag</c>.</summary>
    [Id(1)] public required long Revision { get; init; }

    /// <summary>How far the labels are.</summary>
    [Id(2)] public required LabelStatus Status { get; init; }

    /// <summary>The annotations.</summary>
    [Id(3)] public required IReadOnlyList<Annotation> Annotations { get; init; }

    /// <summary>When it was written, UTC.</summary>
    [Id(4)] public required DateTimeOffset At { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(5)] public required string By { get; init; }

    /// <summary>The reviewer's comment.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Comment { get; init; }

    /// <summary>Classes that have no object tag of their own in the bucket, for lack of room or because S3 refuses their characters.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<string>? NotInTags { get; init; }

    /// <summary>True when the document removed the labels.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Deleted { get; init; }
}

/// <summary>A label document in short.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelSummary")]
public sealed record LabelSummary
{
    /// <summary>The document's revision.</summary>
    [Id(0)] public required long Revision { get; init; }

    /// <summary>How far the labels are.</summary>
    [Id(1)] public required LabelStatus Status { get; init; }

    /// <summary>Annotations by class.</summary>
    [Id(2)] public required IReadOnlyDictionary<string, int> Classes { get; init; }

    /// <summary>When the document was written, UTC.</summary>
    [Id(3)] public required DateTimeOffset At { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(4)] public required string By { get; init; }
}

/// <summary>A page of an item's label documents, newest first.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelHistory")]
public sealed record LabelHistory
{
    /// <summary>The entries.</summary>
    [Id(0)] public required IReadOnlyList<LabelHistoryEntry> Items { get; init; }

    /// <summary>The revision below which the next page starts; null at the end.</summary>
    [Id(1)] public long? Before { get; init; }
}

/// <summary>Who wrote which label document, when, and from what sources.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelHistoryEntry")]
public sealed record LabelHistoryEntry
{
    /// <summary>The document's revision.</summary>
    [Id(0)] public required long Revision { get; init; }

    /// <summary>How far the labels were.</summary>
    [Id(1)] public required LabelStatus Status { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(2)] public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(3)] public required DateTimeOffset At { get; init; }

    /// <summary>How many annotations it holds.</summary>
    [Id(4)] public required int Annotations { get; init; }

    /// <summary>The kinds of source in it: <c>human</c>, <c>model</c>, <c>import</c>.</summary>
    [Id(5)] public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The reviewer's comment.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Comment { get; init; }

    /// <summary>True when the document removed the labels.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Deleted { get; init; }
}
