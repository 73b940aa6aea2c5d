using System.Text;

namespace Edna.Storage.Files;

/// <summary>Walks a bucket's folder in the order of the keys, as bytes of UTF-8.</summary>
/// <param name="bucketPath">The bucket's folder.</param>
/// <param name="prefix">Only keys that start so.</param>
/// <param name="startAfter">Only keys after this one; empty for all.</param>
internal sealed class ObjectListing(string bucketPath, string prefix, string? startAfter)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly byte[]? _startAfter = startAfter is null ? null : Encoding.UTF8.GetBytes(startAfter);

    /// <summary>The keys, each with the path of its file.</summary>
    public IEnumerable<(string Key, string Path)> Walk() => Walk(bucketPath, []);

    private IEnumerable<(string Key, string Path)> Walk(string folder, byte[] above)
    {
        foreach (var (entry, path) in Entries(folder))
        {
            byte[] key = [.. above, .. entry.Bytes];
            if (entry.Kind == KeyPathKind.Object)
            {
                if (IsWanted(key)) yield return (Encoding.UTF8.GetString(key), path);
            }
            else if (MayHoldWanted(key))
            {
                foreach (var below in Walk(path, key)) yield return below;
            }
        }
    }

    private static List<(KeyPathEntry Entry, string Path)> Entries(string folder)
    {
        var entries = new List<(KeyPathEntry Entry, string Path)>();
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (KeyPath.Read(file.Name, file is DirectoryInfo) is { } entry) entries.Add((entry, file.FullName));
            }
        }
        catch (DirectoryNotFoundException)
        {
            // It was emptied and removed while the listing went on.
            return [];
        }
        entries.Sort((a, b) => a.Entry.Bytes.AsSpan().SequenceCompareTo(b.Entry.Bytes));
        return entries;
    }

    private bool IsWanted(ReadOnlySpan<byte> key) =>
        key.StartsWith(_prefix) && (_startAfter is null || key.SequenceCompareTo(_startAfter) > 0);

    private bool MayHoldWanted(ReadOnlySpan<byte> above) =>
        (above.StartsWith(_prefix) || _prefix.AsSpan().StartsWith(above))
        && (_startAfter is null || above.SequenceCompareTo(_startAfter) > 0 || _startAfter.AsSpan().StartsWith(above));
}
