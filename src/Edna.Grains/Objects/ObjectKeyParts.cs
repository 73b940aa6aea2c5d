using System.Globalization;

namespace Edna.Objects;

/// <summary>What an object of EDNA's own is.</summary>
public enum ObjectRole
{
    /// <summary>The bytes of an upload attempt.</summary>
    Content,

    /// <summary>An item document.</summary>
    Item,

    /// <summary>A label document.</summary>
    Labels,

    /// <summary>A preview.</summary>
    Preview,

    /// <summary><c>dataset.json</c>.</summary>
    Dataset,

    /// <summary>A page of an import.</summary>
    Import,
}

/// <summary>What the key of an object of EDNA's own says; the reverse of <see cref="ObjectKeys"/>.</summary>
/// <param name="Role">What it is.</param>
/// <param name="ItemId">The item it belongs to; null where it belongs to the dataset.</param>
/// <param name="Revision">The content or label revision; 0 where there is none.</param>
public readonly record struct ObjectKeyParts(ObjectRole Role, string? ItemId, long Revision)
{
    /// <summary>Reads a key without the dataset's root; null when it is none of EDNA's own.</summary>
    /// <param name="key">The part of the key after <see cref="ObjectKeys.Root"/>.</param>
    public static ObjectKeyParts? Read(string key)
    {
        if (key == "dataset.json") return new(ObjectRole.Dataset, null, 0);
        var parts = key.Split('/');
        if (parts is ["imports", var job, { Length: 13 } page] && job.StartsWith("import-", StringComparison.Ordinal) && page.EndsWith(".json", StringComparison.Ordinal))
            return new(ObjectRole.Import, null, 0);
        if (parts.Length < 3 || !Keys.ItemId.IsValid(parts[1])) return null;
        if (parts[0] == "previews") return new(ObjectRole.Preview, parts[1], 0);
        if (parts.Length > 3) return null;
        return (parts[0], parts[2]) switch
        {
            ("items", "item.json") => new(ObjectRole.Item, parts[1], 0),
            ("items", var revision) when Number(revision) is { } n => new(ObjectRole.Content, parts[1], n),
            ("labels", var file) when file.EndsWith(".json", StringComparison.Ordinal) && Number(file[..^5]) is { } n => new(ObjectRole.Labels, parts[1], n),
            _ => null,
        };
    }

    /// <summary>A revision as keys write it: no sign, no leading zero, from 1.</summary>
    private static long? Number(string text) =>
        text.Length > 0 && text[0] != '0' && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
