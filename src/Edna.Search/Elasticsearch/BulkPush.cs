using System.IO.Compression;
using System.Text.Json;
using Edna.Results;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Brings documents into an index by bulk requests. What the server has no time for is sent again, and nothing else; what it will never
/// take is set aside. An answer that got lost is no matter: versions make the same operation twice the same as once.
/// </summary>
internal sealed class BulkPush(ElasticsearchClient client, ElasticsearchOptions options, DeadLetters deadLetters, TimeProvider time)
{
    /// <summary>Pushes documents to an index or alias; each item once. When this returns, each is in the index or among the dead letters.</summary>
    /// <exception cref="UnavailableException">The server did not take all of them; those that it took stay.</exception>
    public async Task PushAsync(string index, IEnumerable<SearchDocument> documents, CancellationToken ct)
    {
        using var lines = new PooledBuffer();
        await using var json = RequestJson.Begin(lines);
        var (operations, largest) = (new List<BulkOperation>(), options.BulkMegabytes * 1_000_000);
        foreach (var document in documents)
        {
            operations.Add(BulkOperation.Write(lines, json, document));
            if (lines.Length < largest) continue;
            await SendAsync(index, lines, operations, ct);
            operations.Clear();
            lines.Clear();
        }
        if (operations.Count > 0) await SendAsync(index, lines, operations, ct);
    }

    private async Task SendAsync(string index, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, CancellationToken ct)
    {
        var backoff = new Backoff(time);
        for (var left = operations; ;)
        {
            var tried = await TryAsync(index, lines, left, ct);
            if (tried.Left.Count == 0) return;
            left = tried.Left;
            if (!await backoff.WaitAsync(ct)) throw tried.Why;
        }
    }

    /// <summary>Sends operations once: what is left to send again, and why.</summary>
    private async Task<(IReadOnlyList<BulkOperation> Left, Exception Why)> TryAsync(
        string index, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, CancellationToken ct)
    {
        try
        {
            using var body = Compress(lines, operations);
            using var reply = await client.SendAsync(HttpMethod.Post, Path(index), body, BodyKind.CompressedLines, ct);
            if (reply.IsSuccess)
            {
                using var answer = await reply.OpenAsync();
                return await SortOutAsync(index, operations, await BulkOutcome.ReadAsync(answer, operations.Count), ct);
            }
            var refusal = await reply.ReadRefusalAsync();
            if (refusal.Status == 413) return await SplitAsync(index, lines, operations, refusal, ct);
            return refusal.IsPassing ? (operations, ElasticsearchFault.Refused(refusal)) : throw ElasticsearchFault.Refused(refusal);
        }
        catch (UnavailableException e) when (e.Refusal is null)
        {
            return (operations, e);
        }
    }

    private string Path(string index) => $"/{index}/_bulk?require_alias=true&refresh={(options.WaitForRefresh ? "wait_for" : "false")}";

    private async Task<(IReadOnlyList<BulkOperation> Left, Exception Why)> SortOutAsync(
        string index, IReadOnlyList<BulkOperation> operations, List<BulkOutcome> outcomes, CancellationToken ct)
    {
        var (left, conflicts, why) = (new List<BulkOperation>(), new List<BulkOperation>(), default(Exception));
        for (var i = 0; i < operations.Count; i++)
        {
            var (operation, outcome) = (operations[i], outcomes[i]);
            switch (outcome.Status)
            {
                case >= 200 and < 300:
                case 404 when operation.Removes && outcome.Type.Length == 0:
                case 409 when operation.Removes:
                    break;
                case 409:
                    conflicts.Add(operation);
                    break;
                case 400 or 413:
                    deadLetters.Add(operation.Document, $"{outcome.Type}: {outcome.Reason}");
                    break;
                case 429 or >= 500:
                    left.Add(operation);
                    why ??= ElasticsearchFault.Refused(new(outcome.Status, outcome.Type, outcome.Reason));
                    break;
                default:
                    throw ElasticsearchFault.Refused(new(outcome.Status, outcome.Type, outcome.Reason));
            }
        }
        if (conflicts.Count > 0) left.AddRange(await WithoutDocumentAsync(index, conflicts, ct));
        return (left, why ?? ElasticsearchFault.Unavailable(
            new ElasticsearchException("The search index remembers an item that was removed moments ago, and does not take it back yet.")));
    }

    /// <summary>
    /// Of operations that came in conflict with a newer version, those whose version is a removed document's, which the server remembers
    /// for a while: the item began anew, and has to wait until it is forgotten. For the others the conflict says that all is well.
    /// </summary>
    private async Task<IEnumerable<BulkOperation>> WithoutDocumentAsync(string index, List<BulkOperation> conflicts, CancellationToken ct)
    {
        using var body = new PooledBuffer();
        await using (var json = RequestJson.Begin(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("docs");
            foreach (var operation in conflicts)
            {
                json.WriteStartObject();
                json.WriteString("_index", index);
                json.WriteString("_id", operation.Document.Key.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        using var reply = await client.SendAsync(HttpMethod.Post, "/_mget?_source=false&realtime=true", body, BodyKind.Json, ct);
        if (!reply.IsSuccess) throw ElasticsearchFault.Refused(await reply.ReadRefusalAsync());
        using var answer = await reply.OpenAsync();
        var found = await ReadFoundAsync(answer);
        return conflicts.Where(operation => !found.Contains(operation.Document.Key.ToString()));
    }

    private static async Task<HashSet<string>> ReadFoundAsync(JsonStream json)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != "docs")
            {
                await json.SkipAsync();
                continue;
            }
            await json.ExpectAsync(JsonTokenType.StartArray);
            while (await json.ReadElementAsync())
            {
                var (id, isThere) = ("", false);
                while (await json.ReadNameAsync())
                {
                    var name = json.Text;
                    if (name is not ("_id" or "found"))
                    {
                        await json.SkipAsync();
                        continue;
                    }
                    await json.ReadAsync();
                    if (name == "_id") id = json.Text;
                    else isThere = json.Token == JsonTokenType.True;
                }
                if (isThere) found.Add(id);
            }
        }
        return found;
    }

    /// <summary>The server takes no body as large: it is sent in halves, and a document that is too large by itself is set aside.</summary>
    private async Task<(IReadOnlyList<BulkOperation> Left, Exception Why)> SplitAsync(
        string index, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, ElasticsearchRefusal refusal, CancellationToken ct)
    {
        if (operations.Count == 1)
        {
            deadLetters.Add(operations[0].Document, refusal.ToString());
            return ([], ElasticsearchFault.Refused(refusal));
        }
        var half = operations.Count / 2;
        var first = await TryAsync(index, lines, [.. operations.Take(half)], ct);
        var second = await TryAsync(index, lines, [.. operations.Skip(half)], ct);
        return ([.. first.Left, .. second.Left], first.Left.Count > 0 ? first.Why : second.Why);
    }

    private static PooledBuffer Compress(PooledBuffer lines, IReadOnlyList<BulkOperation> operations)
    {
        var body = new PooledBuffer();
        using var gzip = new GZipStream(body.AsStream(), CompressionLevel.Fastest);
        foreach (var operation in operations) gzip.Write(lines.Written.Span.Slice(operation.Start, operation.Length));
        return body;
    }
}
