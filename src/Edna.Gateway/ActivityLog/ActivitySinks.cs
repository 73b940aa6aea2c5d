namespace Edna.ActivityLog;

/// <summary>Takes lines of the activity log. One thread at a time.</summary>
internal interface IActivitySink : IAsyncDisposable
{
    /// <summary>Whether lines are wanted at all.</summary>
    bool IsOn { get; }

    /// <summary>Writes whole lines; done when they are out of the process.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> lines);
}

/// <summary>Wants no lines.</summary>
internal sealed class NoSink : IActivitySink
{
    /// <summary>The one there is.</summary>
    public static NoSink Instance { get; } = new();

    /// <inheritdoc />
    public bool IsOn => false;

    /// <inheritdoc />
    public Task WriteAsync(ReadOnlyMemory<byte> lines) => Task.CompletedTask;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => default;
}

/// <summary>Writes to a stream, such as standard output.</summary>
/// <param name="stream">The stream.</param>
internal sealed class StreamSink(Stream stream) : IActivitySink
{
    /// <inheritdoc />
    public bool IsOn => true;

    /// <inheritdoc />
    public async Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        await stream.WriteAsync(lines);
        await stream.FlushAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

/// <summary>Appends to a file. One that has grown to its size is put aside as <c>.1</c>, what was <c>.1</c> as <c>.2</c>, and so on.</summary>
/// <param name="path">The file.</param>
/// <param name="size">Bytes from which on it is put aside.</param>
internal sealed class FileSink(string path, long size) : IActivitySink
{
    /// <summary>Files that are kept beside the one that is written.</summary>
    public const int Kept = 4;

    private FileStream? file;

    /// <inheritdoc />
    public bool IsOn => true;

    /// <inheritdoc />
    public async Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        file ??= new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        await file.WriteAsync(lines);
        if (file.Length < size) return;
        await file.DisposeAsync();
        file = null;
        for (var n = Kept - 1; n >= 1; n--)
            if (File.Exists($"{path}.{n}")) File.Move($"{path}.{n}", $"{path}.{n + 1}", overwrite: true);
        File.Move(path, $"{path}.1", overwrite: true);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (file is not null) await file.DisposeAsync();
    }
}
