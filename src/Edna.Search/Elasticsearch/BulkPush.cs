using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Edna.Keys;
using Edna.Results;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Brings documents into an index by bulk requests. What the server has no time for is sent again, and nothing else; what it does not
/// take, never or not yet, is set aside. An answer that got lost is no matter: versions make the same operation twice the same as once.
/// </summary>
internal sealed class BulkPush(ElasticsearchClient client, ElasticsearchOptions options, TimeProvider time)
{
    /// <summary>Pushes documents. When this returns, each is in the index or among those that are answered: the ones it does not take, never or not yet.</summary>
    /// <param name="alias">The alias of the index. Through its name alone a server would make an index that was removed, with a guessed mapping.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="isSeen">Whether it takes until searches see them, if the options want that at all.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="UnavailableException">The server did not take all of them; those that it took stay.</exception>
    public async Task<IReadOnlyList<RefusedPush>> PushAsync(string alias, IReadOnlyList<SearchDocument> documents, bool isSeen, CancellationToken ct)
    {
        using var lines = new PooledBuffer();
        await using var json = RequestJson.Begin(lines);
        var path = $"/{alias}/_bulk?require_alias=true&refresh={(isSeen && options.WaitForRefresh ? "wait_for" : "false")}";
        var to = new Target(alias, path, []);
        var (operations, keys, largest) = (new List<BulkOperation>(), new HashSet<ItemKey>(documents.Count), options.BulkMegabytes * 1_000_000);
        foreach (var document in documents)
        {
            var operation = BulkOperation.Write(lines, json, document);
            if (operation.Length > BulkOperation.Largest)
            {
                to.Refuse(document, string.Create(CultureInfo.InvariantCulture, $"document_too_large: The document has {operation.Length} bytes, more than {BulkOperation.Largest}."));
                lines.KeepTo(operation.Start);
                continue;
            }
            // Operations of one request are carried out side by side: an item that comes twice goes into two requests, one after the other.
            if (!keys.Add(document.Key) || lines.Length > largest)
            {
                await SendAsync(to, lines, operations, ct);
                operations.Clear();
                lines.KeepFrom(operation.Start);
                operation = operation with { Start = 0 };
                keys.Clear();
                keys.Add(document.Key);
            }
            operations.Add(operation);
        }
        if (operations.Count > 0) await SendAsync(to, lines, operations, ct);
        return [.. to.Refused.Values];
    }

    private async Task SendAsync(Target to, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, CancellationToken ct)
    {
        var backoff = new Backoff(time);
        for (var left = operations; ;)
        {
            var tried = await TryAsync(to, lines, left, ct);
            if (tried.Why is not { } why) return;
            left = tried.Left;
            if (!await backoff.WaitAsync(ct)) throw why;
        }
    }

    /// <summary>Sends operations once: what is left to send again, and why; null when nothing is.</summary>
    private async Task<(IReadOnlyList<BulkOperation> Left, Exception? Why)> TryAsync(
        Target to, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, CancellationToken ct)
    {
        try
        {
            using var body = Compress(lines, operations);
            using var reply = await client.SendAsync(HttpMethod.Post, to.Path, body, BodyKind.CompressedLines, ct);
            if (reply.IsSuccess)
            {
                using var answer = await reply.OpenAsync();
                return await SortOutAsync(to, operations, await BulkOutcome.ReadAsync(answer, operations.Count), ct);
            }
            var refusal = await reply.ReadRefusalAsync();
            if (refusal.Status == 413) return await SplitAsync(to, lines, operations, refusal, ct);
            return refusal.IsPassing ? (operations, ElasticsearchFault.Refused(refusal)) : throw ElasticsearchFault.Refused(refusal);
        }
        catch (UnavailableException e) when (e.Refusal is null)
        {
            return (operations, e);
        }
    }

    private async Task<(IReadOnlyList<BulkOperation> Left, Exception? Why)> SortOutAsync(
        Target to, IReadOnlyList<BulkOperation> operations, List<BulkOutcome> outcomes, CancellationToken ct)
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
                    to.Refuse(operation.Document, $"{outcome.Type}: {outcome.Reason}");
                    break;
                case 429 or >= 500:
                    left.Add(operation);
                    why ??= ElasticsearchFault.Refused(new(outcome.Status, outcome.Type, outcome.Reason));
                    break;
                default:
                    throw ElasticsearchFault.Refused(new(outcome.Status, outcome.Type, outcome.Reason));
            }
        }
        if (conflicts.Count > 0)
            foreach (var operation in await WithoutDocumentAsync(to.Alias, conflicts, ct))
                to.Refuse(operation.Document, "The server remembers the item as removed moments ago, and does not take it back yet.", RefusalKind.NotYet);
        return (left, why);
    }

    /// <summary>
    /// Of operations that came in conflict with a newer version, those whose version is a removed document's, which the server remembers
    /// for a while: the item began anew, and is taken when that is forgotten. Nobody waits for that here. For the others the conflict says that all is well.
    /// </summary>
    private async Task<IEnumerable<BulkOperation>> WithoutDocumentAsync(string alias, List<BulkOperation> conflicts, CancellationToken ct)
    {
        using var body = new PooledBuffer();
        await using (var json = RequestJson.Begin(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("docs");
            foreach (var operation in conflicts)
            {
                json.WriteStartObject();
                json.WriteString("_index", alias);
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
    private async Task<(IReadOnlyList<BulkOperation> Left, Exception? Why)> SplitAsync(
        Target to, PooledBuffer lines, IReadOnlyList<BulkOperation> operations, ElasticsearchRefusal refusal, CancellationToken ct)
    {
        if (operations.Count == 1)
        {
            to.Refuse(operations[0].Document, refusal.ToString());
            return ([], null);
        }
        var half = operations.Count / 2;
        var first = await TryAsync(to, lines, [.. operations.Take(half)], ct);
        var second = await TryAsync(to, lines, [.. operations.Skip(half)], ct);
        return ([.. first.Left, .. second.Left], first.Why ?? second.Why);
    }

    private static PooledBuffer Compress(PooledBuffer lines, IReadOnlyList<BulkOperation> operations)
    {
        var body = new PooledBuffer();
        using var gzip = new GZipStream(body.AsStream(), CompressionLevel.Fastest);
        foreach (var operation in operations) gzip.Write(lines.Written.Span.Slice(operation.Start, operation.Length));
        return body;
    }

    /// <summary>Where documents go, and those that were refused there; one that is sent again may be refused again.</summary>
    private sealed record Target(string Alias, string Path, Dictionary<ItemKey, RefusedPush> Refused)
    {
        public void Refuse(SearchDocument document, string reason, RefusalKind kind = RefusalKind.ForGood) =>
            Refused[document.Key] = new(document.Key, document.Revision, reason, kind);
    }
}
