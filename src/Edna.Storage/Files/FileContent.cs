using Edna.Objects;

namespace Edna.Storage.Files;

/// <summary>An object, opened: what the store says of it, and its bytes. It stays readable when the object is removed meanwhile.</summary>
public sealed class FileContent : IDisposable
{
    private readonly FileStream _file;

    internal FileContent(OpenObject open)
    {
        _file = open.File;
        Facts = new()
        {
            Size = open.Facts.Size,
            ETag = open.Facts.ETag,
            ContentType = open.Facts.ContentType,
            Checksums = open.Facts.Checksums,
            Metadata = open.Facts.Metadata,
            LastModified = open.Facts.LastModified,
        };
    }

    /// <summary>What the store says of it.</summary>
    public StoredObject Facts { get; }

    /// <summary>A part of its bytes. Disposing the stream closes the object.</summary>
    /// <param name="start">The first byte, from 0.</param>
    /// <param name="length">How many bytes.</param>
    public Stream Part(long start, long length) => new ObjectBytes(_file, start, length);

    /// <summary>Closes it.</summary>
    public void Dispose() => _file.Dispose();
}
