using System.Security.Cryptography;

namespace Edna.Client;

/// <summary>A file of a folder that is pushed.</summary>
/// <param name="FullPath">Where it is.</param>
/// <param name="Path">Its path in the folder with <c>/</c> between segments: the item's path.</param>
/// <param name="Size">Bytes, when the folder was listed.</param>
internal sealed record LocalFile(string FullPath, string Path, long Size);

/// <summary>Lists and hashes the files of a folder.</summary>
internal static class LocalFolder
{
    /// <summary>
    /// The files under a folder in path order. Names that start with a point are left out with all below them; so are links,
    /// which could lead out of the folder or round in it.
    /// </summary>
    public static IReadOnlyList<LocalFile> List(string folder, IReadOnlySet<string> except)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists) throw new DirectoryNotFoundException($"There is no folder '{root.FullName}'.");
        var options = new EnumerationOptions { RecurseSubdirectories = false, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        var files = new List<LocalFile>();
        var folders = new Stack<DirectoryInfo>([root]);
        while (folders.TryPop(out var at))
        {
            foreach (var entry in at.EnumerateFileSystemInfos("*", options))
            {
                if (entry.Name[0] == '.') continue;
                if (entry is DirectoryInfo below) folders.Push(below);
                else if (entry is FileInfo file && !except.Contains(file.FullName))
                    files.Add(new LocalFile(file.FullName, System.IO.Path.GetRelativePath(root.FullName, file.FullName).Replace(System.IO.Path.DirectorySeparatorChar, '/'), file.Length));
            }
        }
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <summary>The size and SHA-256 of a file as it is now.</summary>
    public static async Task<(long Size, Checksum Checksum)> HashAsync(string file, CancellationToken ct)
    {
        await using var bytes = StoreTransfer.OpenRead(file);
        var hash = await SHA256.HashDataAsync(bytes, ct);
        return (bytes.Position, new Checksum("sha256", Convert.ToBase64String(hash)));
    }
}
