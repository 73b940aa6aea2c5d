using System.Buffers.Text;
using System.Text;
using Edna.Items;
using Edna.Json;
using Edna.Keys;

namespace Edna.Objects;

/// <summary>The facts of an item as read from an object's metadata; the reverse of <see cref="ObjectFacts.Of"/>.</summary>
/// <param name="Path">The item's path.</param>
/// <param name="CreatedBy">Who announced the item; empty when the object does not tell.</param>
/// <param name="Checksum">The declared checksum; null when none was.</param>
/// <param name="Split">The split.</param>
/// <param name="Metadata">The user's metadata; null also when it did not fit.</param>
public sealed record ItemFacts(string Path, string CreatedBy, Checksum? Checksum, string? Split, JsonText? Metadata)
{
    /// <summary>Reads an object's metadata; null, with the reason, when it does not say which item the object belongs to.</summary>
    /// <param name="metadata">User metadata, names without <c>x-amz-meta-</c>, lower case.</param>
    /// <param name="fault">What is missing or wrong.</param>
    public static ItemFacts? Read(IReadOnlyDictionary<string, string> metadata, out string? fault)
    {
        var path = PathOf(metadata);
        if (!ItemPath.TryNormalise(path, out var normalised, out fault) || normalised != path)
        {
            fault = path is null ? $"has no {ObjectFacts.Path}" : $"has a path that no item can have: {fault ?? "it is not in NFC"}";
            return null;
        }
        Checksum? checksum = null;
        if (metadata.TryGetValue(ObjectFacts.Checksum, out var declared) && (checksum = ChecksumOf(declared)) is null)
        {
            fault = $"has a checksum that cannot be read: '{declared}'";
            return null;
        }
        return new(normalised,
            ObjectFacts.Decode(metadata.GetValueOrDefault(ObjectFacts.CreatedBy) ?? metadata.GetValueOrDefault(ObjectFacts.By, "")), checksum,
            metadata.TryGetValue(ObjectFacts.Split, out var split) ? ObjectFacts.Decode(split) : null,
            metadata.TryGetValue(ObjectFacts.Metadata, out var json) ? new JsonText(ObjectFacts.Decode(json)) : null);
    }

    private static string? PathOf(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(ObjectFacts.Path, out var plain)) return ObjectFacts.Decode(plain);
        if (!metadata.TryGetValue(ObjectFacts.Path64, out var packed) || !Base64Url.IsValid(packed)) return null;
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(packed));
    }

    private static Checksum? ChecksumOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var checksum = new Checksum { Algorithm = text[..colon], Value = text[(colon + 1)..] };
        return ItemRules.IsChecksum(checksum) ? checksum : null;
    }
}
