namespace Edna.Client;

/// <summary>Media types by the extension of a name. Compiled into the client and into the grains, which do not know each other.</summary>
internal static class MediaTypeTable
{
    /// <summary>What a name that says nothing stands for.</summary>
    public const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp",
        [".bmp"] = "image/bmp", [".tif"] = "image/tiff", [".tiff"] = "image/tiff", [".avif"] = "image/avif", [".heic"] = "image/heic",
        [".svg"] = "image/svg+xml", [".mp4"] = "video/mp4", [".mov"] = "video/quicktime", [".webm"] = "video/webm", [".mkv"] = "video/x-matroska",
        [".wav"] = "audio/wav", [".mp3"] = "audio/mpeg", [".flac"] = "audio/flac", [".ogg"] = "audio/ogg", [".m4a"] = "audio/mp4",
        [".txt"] = "text/plain", [".csv"] = "text/csv", [".tsv"] = "text/tab-separated-values", [".md"] = "text/markdown",
        [".html"] = "text/html", [".xml"] = "application/xml", [".json"] = "application/json", [".jsonl"] = "application/jsonl",
        [".yaml"] = "application/yaml", [".yml"] = "application/yaml", [".pdf"] = "application/pdf", [".parquet"] = "application/vnd.apache.parquet",
        [".zip"] = "application/zip", [".tar"] = "application/x-tar", [".gz"] = "application/gzip", [".zst"] = "application/zstd",
    };

    /// <summary>The media type of a file.</summary>
    /// <param name="name">Its name or path.</param>
    public static string Of(string name) => ByExtension.GetValueOrDefault(Path.GetExtension(name), Unknown);
}
