using System.Buffers.Binary;
using System.Text.Json;

namespace Edna.Storage.Files;

/// <summary>
/// The form of an object's file: the bytes, the facts as JSON, the length of that JSON (4 bytes, little-endian), and 8 bytes
/// that say what it is. The bytes stand first, so a reader streams them from the start.
/// </summary>
internal static class ObjectFile
{
    private const int TailLength = 12;

    private static ReadOnlySpan<byte> Mark => "EDNAOBJ1"u8;

    /// <summary>The bytes to write after the object's own.</summary>
    public static byte[] Trailer(ObjectFacts facts)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(facts, ObjectFactsJson.Default.ObjectFacts);
        var trailer = new byte[json.Length + TailLength];
        json.CopyTo(trailer, 0);
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(json.Length), json.Length);
        Mark.CopyTo(trailer.AsSpan(json.Length + 4));
        return trailer;
    }

    /// <summary>Opens an object's file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not of this form.</exception>
    public static OpenObject? Open(string path)
    {
        FileStream file;
        try
        {
            // Deleting is allowed while it is read, as in S3: the reader keeps what it opened.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            return new(file, ReadFacts(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ObjectFacts ReadFacts(FileStream file, string path)
    {
        Span<byte> tail = stackalloc byte[TailLength];
        if (file.Length < TailLength) throw Foreign(path);
        RandomAccess.Read(file.SafeFileHandle, tail, file.Length - TailLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual(Mark) || length <= 0 || length > file.Length - TailLength) throw Foreign(path);
        var json = new byte[length];
        RandomAccess.Read(file.SafeFileHandle, json, file.Length - TailLength - length);
        var facts = JsonSerializer.Deserialize(json, ObjectFactsJson.Default.ObjectFacts);
        return facts is not null && facts.Size == file.Length - TailLength - length ? facts : throw Foreign(path);
    }

    private static InvalidDataException Foreign(string path) => new($"'{path}' is not a file of the object store, or it is damaged.");
}

/// <summary>An object's file, opened.</summary>
/// <param name="File">The file; the object's bytes are its first <see cref="ObjectFacts.Size"/>.</param>
/// <param name="Facts">What is kept beside them.</param>
internal readonly record struct OpenObject(FileStream File, ObjectFacts Facts);
