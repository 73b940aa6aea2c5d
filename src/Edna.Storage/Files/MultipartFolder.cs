using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Edna.Storage.Files;

/// <summary>
/// The open multipart uploads on the disk: <c>{root}/{uploadId}/</c> with the upload's facts and one file for each part, in the form
/// of an object's. They outlive the process. Each step is one renaming, so an upload is there whole or not at all, a part replaces
/// its former self in one step, and a part that comes too late finds no folder. Blocking calls; for any number of threads and processes.
/// </summary>
/// <param name="root">The folder; made when it is first needed.</param>
/// <param name="incoming">Where uploads are made and taken apart, out of sight.</param>
internal sealed class MultipartFolder(string root, IncomingFolder incoming)
{
    private const string FactsName = "upload";
    private const int IdLength = 32;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdef");

    /// <summary>Opens an upload; it is durable when this returns.</summary>
    /// <returns>Its id.</returns>
    public string Create(MultipartFacts facts)
    {
        var made = incoming.NewFile();
        Directory.CreateDirectory(made);
        using (var file = new FileStream(Path.Combine(made, FactsName), FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, facts, MultipartFactsJson.Default.MultipartFacts);
            file.Flush(flushToDisk: true);
        }
        Posix.SyncFolder(made);
        MakeRoot();
        var uploadId = Guid.NewGuid().ToString("N");
        Directory.Move(made, PathOf(uploadId));
        Posix.SyncFolder(root);
        return uploadId;
    }

    /// <summary>The facts of an upload; null when there is none of that id.</summary>
    public MultipartFacts? Find(string uploadId)
    {
        // Ids come from outside: what is not of their form is not looked for on the disk.
        if (uploadId.Length != IdLength || uploadId.AsSpan().ContainsAnyExcept(IdCharacters)) return null;
        try
        {
            var json = File.ReadAllBytes(Path.Combine(PathOf(uploadId), FactsName));
            return JsonSerializer.Deserialize(json, MultipartFactsJson.Default.MultipartFacts);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Adds a finished part, or puts it in the place of its former self; false when the upload is gone.</summary>
    public bool AddPart(string uploadId, int partNumber, string temporary)
    {
        try
        {
            File.Move(temporary, PathOf(uploadId, partNumber), overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        Posix.SyncFolder(PathOf(uploadId));
        return true;
    }

    /// <summary>The numbers of the parts that have arrived, ascending.</summary>
    public List<int> PartNumbers(string uploadId)
    {
        var numbers = new List<int>();
        try
        {
            foreach (var file in new DirectoryInfo(PathOf(uploadId)).EnumerateFiles())
            {
                if (int.TryParse(file.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Aborted or completed at this moment.
            return [];
        }
        numbers.Sort();
        return numbers;
    }

    /// <summary>Opens a part; null when it has not arrived, or the upload is gone.</summary>
    public OpenObject? OpenPart(string uploadId, int partNumber) => ObjectFile.Open(PathOf(uploadId, partNumber));

    /// <summary>Ends an upload and removes its parts; one that is not there is no fault.</summary>
    public void Remove(string uploadId)
    {
        // Out of the way in one step: no part can come into a folder that is being emptied. What a kill leaves there is removed on
        // the next start, as all that arrived and was not published.
        var gone = incoming.NewFile();
        try
        {
            Directory.Move(PathOf(uploadId), gone);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
        Posix.SyncFolder(root);
        Directory.Delete(gone, recursive: true);
    }

    /// <summary>All open uploads, in no order.</summary>
    public IEnumerable<(string UploadId, MultipartFacts Facts)> All()
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            var uploadId = Path.GetFileName(folder);
            if (Find(uploadId) is { } facts) yield return (uploadId, facts);
        }
    }

    private void MakeRoot()
    {
        if (Directory.Exists(root)) return;
        Directory.CreateDirectory(root);
        Posix.SyncFolder(Path.GetDirectoryName(root)!);
    }

    private string PathOf(string uploadId) => Path.Combine(root, uploadId);

    private string PathOf(string uploadId, int partNumber) =>
        Path.Combine(root, uploadId, partNumber.ToString("D5", CultureInfo.InvariantCulture));
}
