namespace Edna.Client;

/// <summary>How a folder is pushed.</summary>
public sealed record PushOptions
{
    /// <summary>What is known of the files beside their bytes, by path, from <see cref="LabelsFile"/>; null for nothing.</summary>
    public IReadOnlyDictionary<string, LabelsLine>? Labels { get; init; }

    /// <summary>Files of the folder to leave out, such as the labels file itself; full paths.</summary>
    public IReadOnlySet<string> Except { get; init; } = new HashSet<string>();

    /// <summary>Uploads under way at a time, 1–256.</summary>
    public int Concurrency { get; init; } = 16;
}

/// <summary>How far a push is.</summary>
/// <param name="Files">Files in all.</param>
/// <param name="Settled">Files that are up there now, or have failed.</param>
/// <param name="Bytes">Bytes in all.</param>
/// <param name="SettledBytes">Bytes of the settled files, and of the parts of others that have arrived.</param>
public readonly record struct PushProgress(int Files, int Settled, long Bytes, long SettledBytes);

/// <summary>What a push did.</summary>
public sealed record PushResult
{
    /// <summary>Files whose bytes were uploaded and confirmed.</summary>
    public required int Uploaded { get; init; }

    /// <summary>Files that were up there already, byte for byte.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Bytes of the uploaded files.</summary>
    public required long UploadedBytes { get; init; }

    /// <summary>Label documents written.</summary>
    public required int Labelled { get; init; }

    /// <summary>Items that had labels already; a push never writes over labels.</summary>
    public required int LabelsKept { get; init; }

    /// <summary>Files that are not up there, or whose labels are not, with the reason, by path.</summary>
    public required IReadOnlyList<TransferFailure> Failures { get; init; }
}

/// <summary>A file that could not be transferred.</summary>
/// <param name="Path">Its path in the dataset.</param>
/// <param name="Problem">Why.</param>
public sealed record TransferFailure(string Path, Problem Problem)
{
    /// <summary>The file cannot be read or written here.</summary>
    public const string FileFault = "client.file_fault";

    internal static TransferFailure Of(string path, Exception fault) => new(path, fault is EdnaException e
        ? e.Problem
        : new Problem { Code = FileFault, Title = "The file cannot be read or written here.", Detail = fault.Message });
}
