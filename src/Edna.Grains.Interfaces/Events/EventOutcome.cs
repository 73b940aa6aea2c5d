using System.Text.Json.Serialization;

namespace Edna.Events;

/// <summary>What an event came to.</summary>
[GenerateSerializer, Alias("edna.EventOutcome")]
public enum EventOutcome
{
    /// <summary>Its key is not that of an item's bytes.</summary>
    Ignored = 0,

    /// <summary>It told nothing new: doubled, late, of a superseded content, or an echo of what EDNA did itself.</summary>
    Unchanged = 1,

    /// <summary>It confirmed an upload.</summary>
    Confirmed = 2,

    /// <summary>It settled an upload as failed: what arrived is not what was declared.</summary>
    Failed = 3,

    /// <summary>It led to a change that was made behind EDNA's back.</summary>
    Changed = 4,

    /// <summary>All bytes it tells of have arrived and are being compared with their checksum. It is not taken yet: it must be brought again.</summary>
    Verifying = 5,
}

/// <summary>What a document's events came to.</summary>
[GenerateSerializer, Immutable, Alias("edna.EventCounts")]
public sealed record EventCounts
{
    /// <summary>Records in the document.</summary>
    [Id(0)] public required int Received { get; init; }

    /// <summary>Uploads confirmed.</summary>
    [Id(1)] public required int Confirmed { get; init; }

    /// <summary>Uploads that failed, because what arrived is not what was declared.</summary>
    [Id(2)] public required int Failed { get; init; }

    /// <summary>Items brought to what others did to their objects.</summary>
    [Id(3)] public required int Changed { get; init; }

    /// <summary>Records that told nothing new: doubled, late, or of EDNA's own doing.</summary>
    [Id(4)] public required int Unchanged { get; init; }

    /// <summary>Records of keys that are not items' bytes, and of kinds that say nothing about bytes or tags.</summary>
    [Id(5)] public required int Ignored { get; init; }

    /// <summary>Records that can never be understood; the others were taken all the same.</summary>
    [Id(7)] public required int Invalid { get; init; }

    /// <summary>What else is to be said, such as what is wrong with a record, or how to confirm a subscription; absent mostly.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Note { get; init; }
}
