using System.IO.Compression;
using System.Text;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>A request that came to the fake server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without query.</param>
/// <param name="Query">The query with its question mark; empty without.</param>
/// <param name="Headers">The headers.</param>
/// <param name="RawBody">The body as it came.</param>
public sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> RawBody)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The body, unpacked anew each time: a thousand requests are kept.</summary>
    public string Body
    {
        get
        {
            if (Headers.GetValueOrDefault("Content-Encoding") != "gzip") return s_strict.GetString(RawBody.Span);
            using var unpacked = new GZipStream(new MemoryStream(RawBody.ToArray()), CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked, s_strict);
            return reader.ReadToEnd();
        }
    }

    /// <summary>What is asked for, without the index: <c>_bulk</c>, <c>_search</c>.</summary>
    public string Call => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>What the fake server does instead of answering as it should.</summary>
public abstract record FakeFault
{
    /// <summary>Breaks the connection without a word, and without doing anything.</summary>
    public sealed record Down : FakeFault;

    /// <summary>Answers only when a task has ended.</summary>
    /// <param name="Until">The task.</param>
    public sealed record Slow(Task Until) : FakeFault;

    /// <summary>Refuses.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Type">The kind of error.</param>
    public sealed record Refuse(int Status, string Type) : FakeFault;

    /// <summary>Does what it was asked to, and answers something else with status 200.</summary>
    /// <param name="Text">What it answers.</param>
    public sealed record Garbage(string Text) : FakeFault;

    /// <summary>Does what it was asked to, and breaks the connection in the middle of the answer.</summary>
    public sealed record Cut : FakeFault;
}
