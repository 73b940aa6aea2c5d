using System.Text.Json;
using System.Text.Json.Nodes;
using Edna.Harness;
using Xunit;

namespace Edna.Rebuild;

/// <summary>Everything that the API answers about a gateway's datasets, but for what a rebuild may change: revisions and times of items.</summary>
internal static class ApiAnswers
{
    public static async Task<SortedDictionary<string, string>> ReadAsync(EdnaProcess edna, CancellationToken ct)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var http = edna.NewHttp();
        var datasets = await GetAsync(http, "v1/datasets?limit=1000", ct);
        foreach (var dataset in datasets["items"]!.AsArray())
        {
            var name = (string)dataset!["name"]!;
            // The stats come from the index, which is a moment behind: until it has all that was written before this was asked.
            var asked = DateTimeOffset.UtcNow;
            Assert.True(await Eventually.GetAsync(() => IsIndexedAsync(http, name, asked, ct), indexed => indexed, ct));
            var settings = await GetAsync(http, $"v1/datasets/{name}", ct);
            settings["stats"]!.AsObject().Remove("asOf");
            answers[$"v1/datasets/{name}"] = settings.ToJsonString();
            await ReadItemsAsync(http, name, answers, ct);
        }
        return answers;
    }

    public static void AssertSame(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (at, answer) in expected) Assert.True(answer == actual[at], $"{at}\n  was {answer}\n  is  {actual[at]}");
    }

    private static async Task<bool> IsIndexedAsync(HttpClient http, string dataset, DateTimeOffset asked, CancellationToken ct)
    {
        var asOf = (string?)(await GetAsync(http, $"v1/datasets/{dataset}", ct))["stats"]!["asOf"];
        return DateTimeOffset.Parse(asOf!, System.Globalization.CultureInfo.InvariantCulture) >= asked;
    }

    private static async Task ReadItemsAsync(HttpClient http, string dataset, SortedDictionary<string, string> answers, CancellationToken ct)
    {
        var found = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync(http, $"v1/datasets/{dataset}/items?limit=500{(cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", ct);
            foreach (var item in page["items"]!.AsArray())
            {
                var id = (string)item!["id"]!;
                var at = $"v1/datasets/{dataset}/items/{id}";
                answers[at] = Lasting(item).ToJsonString();
                found.Add((string)item["path"]!);
                if (item["labelRevision"]!.GetValue<long>() == 0) continue;
                var history = await GetAsync(http, $"{at}/labels/history", ct);
                answers[$"{at}/labels/history"] = history.ToJsonString();
                foreach (var entry in history["items"]!.AsArray())
                    answers[$"{at}/labels/history/{entry!["revision"]}"] = (await GetAsync(http, $"{at}/labels/history/{entry["revision"]}", ct)).ToJsonString();
            }
            cursor = (string?)page["nextCursor"];
        }
        var search = new JsonObject { ["datasets"] = new JsonArray(dataset), ["limit"] = 1000, ["sort"] = "path", ["facets"] = new JsonArray("label", "status", "split", "contentType", "tag:room") };
        using var answer = await http.PostAsync("v1/search", new StringContent(search.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), ct);
        var hits = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))!;
        answers[$"search {dataset}"] = $"{hits["total"]} {hits["facets"]!.ToJsonString()} {string.Join(' ', hits["items"]!.AsArray().Select(h => (string)h!["id"]!))}";
    }

    private static JsonNode Lasting(JsonNode item)
    {
        var lasting = item.DeepClone();
        foreach (var name in new[] { "revision", "createdAt", "updatedAt" }) lasting.AsObject().Remove(name);
        lasting["tags"] = new JsonObject(lasting["tags"]!.AsObject().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone())));
        return lasting;
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string at, CancellationToken ct)
    {
        using var answer = await http.GetAsync(at, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new JsonException($"{at}: {answer.StatusCode} {text}");
    }
}
