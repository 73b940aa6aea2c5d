using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>What must hold after any fault: the bucket holds nothing that nobody owns, and tells all that table and index say.</summary>
internal static class Wholeness
{
    /// <summary>What a rebuild counts anew, because the bucket does not hold it.</summary>
    private static readonly string[] CountedAnew = ["revision", "createdAt", "updatedAt"];

    /// <summary>
    /// Stops EDNA and scrubs the bucket; then removes table and index, has them rebuilt from the bucket, and compares what the API says
    /// before and after: every item that has content, and what a search finds. EDNA runs again afterwards.
    /// </summary>
    /// <param name="edna">The process.</param>
    /// <param name="settings">The settings that have the commands use the same bucket.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="lateParts">
    /// Whether multipart uploads may be open that no row names: EDNA died between opening one and noting it. The sweeper aborts them
    /// when they are older than any URL; here the scrub does, and may find nothing else.
    /// </param>
    public static async Task ShouldHoldAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings, CancellationToken ct, bool lateParts = false)
    {
        var before = await DescribeAsync(edna, ct);
        Assert.Equal(0, await edna.TerminateAsync(ct));
        if (lateParts) await AbortLatePartsAsync(edna, settings, ct);
        var (found, report) = await RunAsync(edna, settings, "scrub --json --older-than 00:00:00", ct);
        Assert.True(found == 0, $"scrub found something ({found}):\n{report}");
        foreach (var file in Directory.EnumerateFiles(edna.DataDirectory, "*.db*")) File.Delete(file);
        var (code, output) = await RunAsync(edna, settings, "rebuild", ct);
        Assert.True(code == 0, $"rebuild ended with {code}:\n{output}");
        await edna.StartAgainAsync(ct);
        var after = await DescribeAsync(edna, ct);
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (name, said) in before) Assert.Equal(said, after[name]);
    }

    private static async Task AbortLatePartsAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings, CancellationToken ct)
    {
        var (_, report) = await RunAsync(edna, settings, "scrub --repair --json --older-than 00:00:00", ct);
        var found = JsonDocument.Parse(report.Split('\n').Last(line => line.StartsWith('{'))).RootElement.GetProperty("found");
        Assert.All(found.EnumerateObject(), kind => Assert.Equal("multipart.orphan", kind.Name));
    }

    private static Task<(int Code, string Output)> RunAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings, string command, CancellationToken ct) =>
        Shell.RunAsync($"dotnet '{Programs.Silo}' {command}", edna.DataDirectory, new Dictionary<string, string?>(settings) { ["EDNA_DATA"] = edna.DataDirectory }, ct);

    private static async Task<SortedDictionary<string, string>> DescribeAsync(EdnaProcess edna, CancellationToken ct)
    {
        using var http = edna.NewHttp();
        var described = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var datasets = (await http.GetFromJsonAsync<JsonElement>("v1/datasets?limit=1000", ct)).GetProperty("items").EnumerateArray().Select(d => d.GetProperty("name").GetString()!).ToArray();
        foreach (var dataset in datasets)
        {
            foreach (var status in new[] { "available", "trashed" })
                await foreach (var item in ItemsAsync(http, $"v1/datasets/{dataset}/items?limit=1000&status={status}", ct))
                    described[$"{dataset}/{item["path"]}"] = Lasting(item);
            var indexed = await Eventually.GetAsync(async () => await SearchAsync(http, dataset, ct), found => found == described.Keys.Count(k => k.StartsWith(dataset + "/", StringComparison.Ordinal)), ct);
            described[$"{dataset} in the index"] = indexed.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        return described;
    }

    private static async Task<long> SearchAsync(HttpClient http, string dataset, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync("v1/search", new { datasets = new[] { dataset }, filter = new { status = new[] { "available", "trashed" } }, limit = 1 }, ct);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("total").GetInt64();
    }

    private static async IAsyncEnumerable<JsonObject> ItemsAsync(HttpClient http, string address, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        string? cursor = null;
        do
        {
            var page = (await http.GetFromJsonAsync<JsonObject>(cursor is null ? address : $"{address}&cursor={Uri.EscapeDataString(cursor)}", ct))!;
            foreach (var item in page["items"]!.AsArray()) yield return item!.AsObject();
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
    }

    /// <summary>An item without what is counted anew, and without why an upload failed that would have replaced its content.</summary>
    private static string Lasting(JsonObject item)
    {
        foreach (var name in CountedAnew) item.Remove(name);
        if ((string?)item["status"] == "available") item.Remove("failure");
        return item.ToJsonString();
    }
}
