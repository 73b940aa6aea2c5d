using System.Globalization;
using Edna.Hosting;

namespace Edna.Storage.Sqlite;

/// <summary>Keeps a data directory to one process: the file <c>lock</c> in it, held open. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the directory.</summary>
    /// <exception cref="DataDirectoryInUseException">It is taken.</exception>
    public static DataDirectoryLock Take(DataDirectory directory)
    {
        var path = directory.At("lock");
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new DataDirectoryInUseException(directory.Path, fault);
        }
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new(file);
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _file.Dispose();
}

/// <summary>Another process uses the data directory.</summary>
/// <param name="path">The directory.</param>
/// <param name="inner">What the system said.</param>
public sealed class DataDirectoryInUseException(string path, Exception inner) : Exception(
    $"state.directory_in_use: another EDNA process uses the data directory {path}. Stop it, or choose another directory with EDNA_DATA.", inner);
