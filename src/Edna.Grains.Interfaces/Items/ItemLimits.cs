namespace Edna.Items;

/// <summary>The limits of an item. Those of S3 are S3's own.</summary>
public static class ItemLimits
{
    /// <summary>The largest single PUT, in bytes: 5 GiB (S3).</summary>
    public const long SinglePutBytes = 5L << 30;

    /// <summary>The largest object, in bytes: 50 TB (S3).</summary>
    public const long ObjectBytes = 50_000_000_000_000;

    /// <summary>Tags of an item (S3).</summary>
    public const int Tags = 10;

    /// <summary>UTF-16 units in a tag's key (S3).</summary>
    public const int TagKey = 128;

    /// <summary>UTF-16 units in a tag's value (S3).</summary>
    public const int TagValue = 256;

    /// <summary>Bytes of UTF-8 in an item's metadata.</summary>
    public const int MetadataBytes = 8 << 10;

    /// <summary>Characters in a split's name.</summary>
    public const int Split = 64;

    /// <summary>Characters in a media type.</summary>
    public const int ContentType = 255;
}
