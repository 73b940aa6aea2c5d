using System.Buffers;
using System.Text;
using Edna.Datasets;
using Edna.Json;
using Edna.Keys;

namespace Edna.Items;

/// <summary>What an item may be: checked before anything is signed or written.</summary>
public static class ItemRules
{
    private static readonly SearchValues<char> TypeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+");

    /// <summary>Checks an announcement and names every fault.</summary>
    /// <param name="request">The announcement.</param>
    /// <param name="dataset">The dataset it is for.</param>
    /// <param name="errors">Takes the faults.</param>
    /// <param name="path">The normalised path; null when it is at fault.</param>
    public static void Check(CreateItem request, Dataset dataset, FieldErrors errors, out string? path)
    {
        if (!ItemPath.TryNormalise(request.Path, out path, out var fault)) errors.Add("path", fault);
        CheckContentType(request.ContentType, errors);
        if (request.Size is not { } size) errors.Add("size", "is required: the number of bytes to come");
        else if (size is < 0 or > ItemLimits.ObjectBytes) errors.Add("size", $"must be 0 to {ItemLimits.ObjectBytes} bytes");
        else if (size > ItemLimits.SinglePutBytes)
            errors.Require(request.Multipart != false, "multipart", $"must not be false: one PUT carries at most {ItemLimits.SinglePutBytes} bytes (5 GiB, S3)");
        if (request.Checksum is { } checksum) CheckChecksum(checksum, errors);
        if (request.Tags is { } tags) CheckTags(tags, errors);
        if (request.Metadata is { } metadata) CheckMetadata(metadata, errors);
        if (request.Split is { } split) CheckSplit(split, dataset, errors);
    }

    /// <summary>Checks tags by S3's rules: at most 10, lengths in UTF-16 units, S3's characters; <c>edna:</c> is reserved.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckTags(IReadOnlyDictionary<string, string> tags, FieldErrors errors)
    {
        errors.Require(tags.Count <= ItemLimits.Tags, "tags", $"must be at most {ItemLimits.Tags} tags (S3), there are {tags.Count}");
        foreach (var (key, value) in tags)
        {
            CheckTagKey(key, errors);
            var field = $"tags.{key}";
            if (value is null) errors.Add(field, "must be a text, not null");
            else if (value.Length > ItemLimits.TagValue) errors.Add(field, $"the value must be at most {ItemLimits.TagValue} characters (S3)");
            else if (!IsTagText(value)) errors.Add(field, TagCharacters("the value"));
        }
    }

    /// <summary>Checks the key of a tag.</summary>
    /// <param name="key">The key.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckTagKey(string key, FieldErrors errors)
    {
        var field = $"tags.{key}";
        errors.Require(key.Length is > 0 and <= ItemLimits.TagKey, field, $"the key must be 1 to {ItemLimits.TagKey} characters (S3)");
        errors.Require(IsTagText(key), field, TagCharacters("the key"));
        errors.Require(!key.StartsWith("edna:", StringComparison.OrdinalIgnoreCase), field, "keys that start with 'edna:' are EDNA's own");
        errors.Require(!key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase), field, "keys that start with 'aws:' are reserved by S3");
    }

    /// <summary>Whether a text has only characters that S3 allows in tags: letters, digits, spaces and <c>_ . : / = + - @</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsTagText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!(Rune.IsLetter(rune) || Rune.IsNumber(rune) || rune.Value is ' ' or '_' or '.' or ':' or '/' or '=' or '+' or '-' or '@'))
                return false;
        return true;
    }

    /// <summary>Checks metadata: a JSON object of at most <see cref="ItemLimits.MetadataBytes"/> bytes.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckMetadata(JsonText metadata, FieldErrors errors)
    {
        var json = Encoding.UTF8.GetBytes(metadata.Text);
        errors.Require(json.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..], "metadata", "must be a JSON object");
        if (JsonSoundness.FaultOf(json) is { } fault) errors.Add("metadata", fault);
        var bytes = json.Length;
        errors.Require(bytes <= ItemLimits.MetadataBytes, "metadata", $"must be at most {ItemLimits.MetadataBytes} bytes of JSON, there are {bytes}");
    }

    /// <summary>Checks a split: one of the dataset's, where it names any.</summary>
    /// <param name="split">The split.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckSplit(string split, Dataset dataset, FieldErrors errors)
    {
        if (dataset.Splits is { Count: > 0 } splits)
            errors.Require(splits.Contains(split), "split", $"must be one of the dataset's splits: {string.Join(", ", splits)}");
        else CheckSplitName("split", split, errors);
    }

    /// <summary>Checks the name of a split: 1–64 visible characters or spaces.</summary>
    /// <param name="field">The field it stands in.</param>
    /// <param name="split">The name.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckSplitName(string field, string? split, FieldErrors errors) =>
        errors.Require(split is { Length: > 0 and <= ItemLimits.Split } && !split.Any(c => char.IsControl(c) || char.IsSurrogate(c)),
            field, $"must be 1 to {ItemLimits.Split} characters without control characters");

    /// <summary>Whether a text is a media type, <c>type/subtype</c> with parameters or without.</summary>
    /// <param name="contentType">The text.</param>
    public static bool IsContentType(string? contentType)
    {
        var valid = contentType is { Length: > 0 and <= ItemLimits.ContentType } && contentType.All(c => c is >= ' ' and <= '~');
        var essence = contentType?.Split(';', 2)[0].TrimEnd().Split('/') ?? [];
        return valid && essence.Length == 2 && essence.All(part => part.Length > 0 && !part.AsSpan().ContainsAnyExcept(TypeCharacters));
    }

    private static void CheckContentType(string? contentType, FieldErrors errors) =>
        errors.Require(IsContentType(contentType), "contentType", $"must be a media type such as image/png, at most {ItemLimits.ContentType} characters");

    /// <summary>Whether a checksum has an algorithm that EDNA knows and a digest of its length, in base64 as it is written.</summary>
    /// <param name="checksum">The checksum.</param>
    public static bool IsChecksum(Checksum checksum)
    {
        Span<byte> digest = stackalloc byte[64];
        return checksum.Value is { Length: <= 64 } value
            && Convert.TryFromBase64String(value, digest, out var written) && written == BytesOf(checksum.Algorithm) && written > 0
            && Convert.ToBase64String(digest[..written]) == value;
    }

    private static int BytesOf(string algorithm) => algorithm switch { "sha256" => 32, "md5" => 16, "crc64nvme" => 8, _ => 0 };

    private static void CheckChecksum(Checksum checksum, FieldErrors errors)
    {
        var bytes = BytesOf(checksum.Algorithm);
        if (bytes == 0) errors.Add("checksum.algorithm", "must be sha256, md5 or crc64nvme");
        else errors.Require(IsChecksum(checksum), "checksum.value", $"must be the {bytes} bytes of the {checksum.Algorithm} in base64");
    }

    private static string TagCharacters(string what) => $"{what} may have letters, digits, spaces and _ . : / = + - @ (S3)";
}
