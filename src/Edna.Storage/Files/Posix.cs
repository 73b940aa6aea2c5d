using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Edna.Storage.Files;

/// <summary>The calls that a durable file store needs and .NET does not offer.</summary>
internal static partial class Posix
{
    private const int NoSuchFile = 2;
    private const int FileExists = 17;

    /// <summary>How publishing a file ended.</summary>
    public enum LinkResult
    {
        /// <summary>The file has its name.</summary>
        Done,

        /// <summary>The name is taken.</summary>
        Taken,

        /// <summary>The folder is gone.</summary>
        NoFolder,
    }

    /// <summary>Gives a file its name only if nothing has that name, in one step.</summary>
    public static LinkResult Publish(string temporary, string path)
    {
        if (OperatingSystem.IsWindows()) return PublishOnWindows(temporary, path);
        if (Link(temporary, path) == 0)
        {
            File.Delete(temporary);
            return LinkResult.Done;
        }
        return Marshal.GetLastPInvokeError() switch
        {
            FileExists => LinkResult.Taken,
            NoSuchFile => LinkResult.NoFolder,
            var code => throw new IOException($"A file could not be given its name: {new Win32Exception(code).Message}"),
        };
    }

    /// <summary>Makes a folder's entries durable. On Windows the file system journals them by itself.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Open(path, 0);
        if (folder < 0)
        {
            // Another thread emptied and removed the folder: whoever comes next syncs its parent.
            if (Marshal.GetLastPInvokeError() == NoSuchFile) return;
            throw new IOException($"The folder '{path}' could not be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        var failed = Sync(folder) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (failed) throw new IOException($"The folder '{path}' could not be made durable: {new Win32Exception(error).Message}");
    }

    private static LinkResult PublishOnWindows(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return LinkResult.Done;
        }
        catch (DirectoryNotFoundException)
        {
            return LinkResult.NoFolder;
        }
        catch (IOException) when (File.Exists(path))
        {
            return LinkResult.Taken;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
