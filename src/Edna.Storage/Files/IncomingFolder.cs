namespace Edna.Storage.Files;

/// <summary>
/// Where objects lie while their bytes arrive. Each process has a folder of its own, held by a lock on a file in it; what a
/// process that was killed left behind is removed by the next one that starts.
/// </summary>
internal sealed class IncomingFolder : IDisposable
{
    private const string LockName = ".lock";
    private readonly string _path;
    private readonly FileStream _lock;
    private bool _disposed;

    public IncomingFolder(string path)
    {
        Directory.CreateDirectory(path);
        foreach (var folder in Directory.EnumerateDirectories(path)) RemoveAbandoned(folder);
        _path = Path.Combine(path, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(_path);
        _lock = new FileStream(Path.Combine(_path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    public string NewFile() => Path.Combine(_path, Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        // The container knows the store by two names, and disposes it by each.
        if (_disposed) return;
        _disposed = true;
        _lock.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    private static void RemoveAbandoned(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
                Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Its process lives, or another one is removing it just now.
        }
    }
}
