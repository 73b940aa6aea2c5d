namespace Edna.Hosting;

/// <summary>The directory in which an embedded EDNA keeps everything: <c>EDNA_DATA</c>, default <c>./.edna</c>.</summary>
public sealed class DataDirectory
{
    /// <summary>Takes a directory and makes it if it is not there.</summary>
    /// <param name="path">An absolute or relative path.</param>
    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a file or folder in it.</summary>
    /// <param name="name">The name.</param>
    public string At(string name) => System.IO.Path.Combine(Path, name);
}
