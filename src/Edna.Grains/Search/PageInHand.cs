using System.Globalization;
using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// The page that a reindex pushes, kept before the push: what a push that was cut off may have brought into the new index is known then, even of
/// items that are gone by now. The names are stored.
/// </summary>
public sealed record PageInHand
{
    /// <summary>The dataset of its items.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>How many items are done with it.</summary>
    public int Rows { get; init; }

    /// <summary>How often items of it changed with a push, from 0.</summary>
    public int Round { get; init; }

    /// <summary>What may be pushed, each an <see cref="ItemInHand"/> as text.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}

/// <summary>An item that a reindex pushes.</summary>
/// <param name="Key">Which item.</param>
/// <param name="Revision">The version that is pushed.</param>
/// <param name="UpdatedAt">When the row that is pushed was written, UTC: an item that began anew may come to the same revision. Null: it is removed.</param>
internal readonly record struct ItemInHand(ItemKey Key, long Revision, DateTimeOffset? UpdatedAt)
{
    // No item id has it.
    private const char Separator = ' ';

    /// <summary>Whether the item is removed.</summary>
    public bool Removes => UpdatedAt is null;

    /// <summary>The item as a document that is to be pushed.</summary>
    public static ItemInHand Of(SearchDocument document) => new(document.Key, document.Revision, document.UpdatedAt);

    /// <summary>Reads what is kept.</summary>
    /// <param name="dataset">The page's dataset.</param>
    /// <param name="text">What <see cref="ToString"/> wrote.</param>
    public static ItemInHand Read(DatasetKey dataset, string text)
    {
        var parts = text.Split(Separator);
        return new(new(dataset, parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture),
            parts.Length == 2 ? null : new(long.Parse(parts[2], CultureInfo.InvariantCulture), TimeSpan.Zero));
    }

    /// <summary>What is kept of it: a page has a thousand of them, so it is short.</summary>
    public override string ToString() => UpdatedAt is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{Key.ItemId}{Separator}{Revision}{Separator}{at.UtcTicks}")
        : string.Create(CultureInfo.InvariantCulture, $"{Key.ItemId}{Separator}{Revision}");
}
