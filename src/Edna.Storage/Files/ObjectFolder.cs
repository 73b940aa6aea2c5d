using System.Text.Json;

namespace Edna.Storage.Files;

/// <summary>
/// The objects on the disk: <c>{root}/{bucket}/{path of the key}</c>. A file appears under its name whole and durable or not at
/// all, and at most one of several writers that want the name free gets it. Blocking calls; safe for use by any number of threads.
/// </summary>
internal sealed class ObjectFolder
{
    private readonly string _root;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public ObjectFolder(string root)
    {
        _root = root;
        Directory.CreateDirectory(root);
    }

    /// <summary>Throws when the root is gone: a bucket without a folder is empty, a store without one is broken.</summary>
    public void CheckRoot()
    {
        if (!Directory.Exists(_root)) throw new DirectoryNotFoundException($"'{_root}' is not there.");
    }

    public string BucketPath(string bucket) => Path.Combine(_root, KeyPath.OfBucket(bucket));

    public OpenObject? Open(string bucket, string key)
    {
        var open = ObjectFile.Open(PathOf(bucket, key));
        if (open is null) CheckRoot();
        return open;
    }

    public bool Exists(string bucket, string key) => File.Exists(PathOf(bucket, key));

    /// <summary>Gives a finished file its name; false when the name must be free and is not.</summary>
    /// <exception cref="FileNotFoundException">The finished file is gone.</exception>
    public bool Publish(string temporary, string bucket, string key, bool onlyIfAbsent)
    {
        var path = PathOf(bucket, key);
        var folder = Path.GetDirectoryName(path)!;
        lock (LockOf(path))
        {
            while (true)
            {
                MakeFolder(folder);
                var result = onlyIfAbsent ? Posix.Publish(temporary, path) : Replace(temporary, path);
                if (result == Posix.LinkResult.Taken) return false;
                // A delete may have removed the folder, empty at that moment, after it was made: once more. The answer is the same when
                // the finished file itself is gone, and then it would be the same for ever.
                if (result == Posix.LinkResult.NoFolder)
                {
                    if (!File.Exists(temporary)) throw new FileNotFoundException("The finished file is gone.", temporary);
                    continue;
                }
                Posix.SyncFolder(folder);
                return true;
            }
        }
    }

    /// <summary>Removes an object, its tags, and folders that become empty.</summary>
    public void Delete(string bucket, string key)
    {
        var path = PathOf(bucket, key);
        lock (LockOf(path))
        {
            if (!File.Exists(path)) return;
            File.Delete(path);
            // Without a tags file the folder may be empty now, and another delete may have removed it.
            if (File.Exists(TagsPathOf(path))) File.Delete(TagsPathOf(path));
        }
        Prune(Path.GetDirectoryName(path)!, BucketPath(bucket));
    }

    /// <summary>An object's tags; null when there is no object.</summary>
    public SortedDictionary<string, string>? ReadTags(string bucket, string key)
    {
        var path = PathOf(bucket, key);
        lock (LockOf(path))
        {
            CheckRoot();
            if (ReadFacts(path) is not { } facts) return null;
            var tagsPath = TagsPathOf(path);
            var later = File.Exists(tagsPath) ? JsonSerializer.Deserialize(File.ReadAllBytes(tagsPath), ObjectFactsJson.Default.ObjectTags) : null;
            return later?.WriteId == facts.WriteId ? later.Tags : facts.Tags;
        }
    }

    /// <summary>Replaces an object's tags; false when there is no object.</summary>
    public bool WriteTags(string temporary, string bucket, string key, SortedDictionary<string, string> tags)
    {
        var path = PathOf(bucket, key);
        lock (LockOf(path))
        {
            CheckRoot();
            if (ReadFacts(path) is not { } facts) return false;
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, new ObjectTags(facts.WriteId, tags), ObjectFactsJson.Default.ObjectTags);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, TagsPathOf(path), overwrite: true);
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
            return true;
        }
    }

    private static ObjectFacts? ReadFacts(string path)
    {
        if (ObjectFile.Open(path) is not { } open) return null;
        open.File.Dispose();
        return open.Facts;
    }

    private static Posix.LinkResult Replace(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
            return Posix.LinkResult.Done;
        }
        catch (DirectoryNotFoundException)
        {
            return Posix.LinkResult.NoFolder;
        }
    }

    /// <summary>Makes a folder and those above it, each durable in its parent before anybody relies on it.</summary>
    private void MakeFolder(string folder)
    {
        var missing = new Stack<string>();
        for (var path = folder; path.Length > _root.Length; path = Path.GetDirectoryName(path)!) missing.Push(path);
        foreach (var path in missing)
        {
            // Under the lock a folder that exists is durable too: its maker has synced the parent before letting go.
            lock (FolderLockOf(path))
            {
                if (Directory.Exists(path)) continue;
                try
                {
                    Directory.CreateDirectory(path);
                    Posix.SyncFolder(Path.GetDirectoryName(path)!);
                }
                catch (DirectoryNotFoundException)
                {
                    // A delete removed the parent meanwhile; publishing will find the folder missing and start again.
                    return;
                }
            }
        }
    }

    private static void Prune(string folder, string stop)
    {
        for (; folder.Length > stop.Length; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any()) return;
                Directory.Delete(folder, recursive: false);
            }
            catch (DirectoryNotFoundException)
            {
                // Another delete was quicker here; the folders above may still be empty.
            }
            catch (IOException)
            {
                // Something was written into it at the last moment: it stays.
                return;
            }
        }
    }

    private static string TagsPathOf(string path) => path[..^KeyPath.ObjectSuffix.Length] + KeyPath.TagsSuffix;

    private string PathOf(string bucket, string key) => Path.Combine(BucketPath(bucket), KeyPath.Of(key));

    private Lock LockOf(string path) => _locks[(uint)string.GetHashCode(path, StringComparison.Ordinal) % 32];

    private Lock FolderLockOf(string path) => _locks[32 + ((uint)string.GetHashCode(path, StringComparison.Ordinal) % 32)];
}
