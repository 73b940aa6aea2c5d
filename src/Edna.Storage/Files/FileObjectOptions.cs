namespace Edna.Storage.Files;

/// <summary>The settings of the file store, section <see cref="Section"/>.</summary>
public sealed class FileObjectOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Objects:Files";

    /// <summary>
    /// The address under which clients reach the gateway, when it is not the one it listens on: behind a proxy, or with a
    /// published container port. The proxy must pass path and <c>Host</c> on unchanged. Null takes the gateway's own.
    /// </summary>
    public Uri? PublicUrl { get; set; }
}
