namespace Edna.Client;

/// <summary>Where an item's path leads on this machine. A path comes from the server, so it is not trusted to stay in the folder.</summary>
internal static class SafePath
{
    private static readonly char[] NotInNames = [.. Path.GetInvalidFileNameChars(), '\\', ':'];

    /// <summary>The full path of the file; null when it would lie outside the folder or cannot be a file's name here.</summary>
    public static string? Under(string root, string itemPath)
    {
        if (itemPath.Length == 0) return null;
        foreach (var segment in itemPath.Split('/'))
        {
            if (segment is "" or "." or ".." || segment.IndexOfAny(OperatingSystem.IsWindows() ? NotInNames : ['\0']) >= 0) return null;
        }
        var full = Path.GetFullPath(Path.Combine(root, itemPath.Replace('/', Path.DirectorySeparatorChar)));
        return full.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : null;
    }

    public static Problem Refused(string itemPath) => new()
    {
        Code = TransferFailure.FileFault, Title = "The path cannot be a file's here.",
        Detail = $"'{itemPath}' would lie outside the folder, or has characters that file names cannot have on this system.",
    };
}
