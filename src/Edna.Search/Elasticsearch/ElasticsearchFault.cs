using Edna.Results;

namespace Edna.Search.Elasticsearch;

/// <summary>What the server said when it refused a request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The kind of error, such as <c>index_not_found_exception</c>; empty when it gave none.</param>
/// <param name="Reason">The server's words.</param>
internal sealed record ElasticsearchRefusal(int Status, string Type, string Reason)
{
    /// <summary>Whether the same request may be taken later.</summary>
    public bool IsPassing => Status is 429 or >= 500;

    public override string ToString() => $"{Status} {Type}: {Reason}";
}

/// <summary>A request that the server refused.</summary>
public sealed class ElasticsearchException : Exception
{
    internal ElasticsearchException(string message) : base(message)
    {
    }
}

/// <summary>Makes the faults of this adapter.</summary>
internal static class ElasticsearchFault
{
    private const string What = "The search index";

    /// <summary>The server did not answer, or not in a way that can be understood.</summary>
    public static UnavailableException Unavailable(Exception inner) => new(What, inner);

    /// <summary>The server answered that it will not.</summary>
    public static UnavailableException Refused(ElasticsearchRefusal refusal) => new(What, new ElasticsearchException($"The search index answered {refusal}"))
    {
        Refusal = refusal.IsPassing ? null : refusal.Type.Length > 0 ? refusal.Type : $"{refusal.Status}",
    };

    /// <summary>Something stands in the way that somebody has to mend.</summary>
    public static UnavailableException Wrong(string code, string reason) => new(What, new ElasticsearchException(reason)) { Refusal = code };

    /// <summary>Whether a fault comes from the network or from a request's own time limit.</summary>
    public static bool IsTransport(Exception fault, CancellationToken ct) =>
        fault is HttpRequestException or IOException or InvalidDataException || (fault is OperationCanceledException && !ct.IsCancellationRequested);
}
