using System.Net;
using System.Text;
using Edna.Client;
using Edna.Harness;
using Edna.Job;
using Xunit;

namespace Edna.Imports;

/// <summary>Objects of somebody's own bucket become items where they lie, on a real Ceph RGW.</summary>
public sealed class ImportInPlace
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Objects_become_items_whose_bytes_come_back_and_a_second_run_changes_nothing()
    {
        await using var bound = await BoundDataset.StartAsync(Ct);
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        await bound.Lake.PutAsync($"{BoundDataset.Root}cats/été 1+2.jpg", bytes, ct: Ct);
        await bound.Lake.PutManyAsync(Enumerable.Range(0, 20).Select(i => $"{BoundDataset.Root}dogs/{i:d2}.png"), Ct);
        await bound.Lake.PutAsync($"{BoundDataset.Root}dogs/", [], ct: Ct);
        await bound.Lake.PutAsync($"{BoundDataset.Root}dogs//01.png", [1], ct: Ct);
        await bound.Lake.PutAsync("raw/elsewhere.txt", [1], ct: Ct);

        Assert.Equal(1, (await bound.ImportAsync("cats/", false, Ct)).Registered);
        var result = await bound.ImportAsync($"{BoundDataset.Root}dogs/", false, Ct);
        Assert.Equal((20L, 0L), (result.Registered, result.Unchanged));
        Assert.Equal(new Dictionary<string, long> { ["import.folder"] = 1, ["import.path_invalid"] = 1 }, result.Skipped);
        var before = await bound.Lake.ListAsync(Ct);
        result = await bound.ImportAsync(null, false, Ct);
        Assert.Equal((0L, 21L, 0L), (result.Registered, result.Unchanged, result.Updated));
        Assert.Equal(before, await bound.Lake.ListAsync(Ct));

        var item = (await bound.Client.FindItemAsync(BoundDataset.Name, "cats/été 1+2.jpg", Ct))!;
        Assert.Equal((100_000L, "image/jpeg", ItemStatuses.Available), (item.Size, item.ContentType, item.Status));
        Assert.Equal(bytes, await DownloadAsync(bound, item));
        Assert.Equal("raw/2026/dogs/07.png", Encoding.UTF8.GetString(await DownloadAsync(bound, (await bound.Client.FindItemAsync(BoundDataset.Name, "dogs/07.png", Ct))!)));

        await bound.Lake.PutAsync($"{BoundDataset.Root}dogs/07.png", "changed"u8.ToArray(), ct: Ct);
        Assert.Equal((0L, 20L, 1L), (await bound.ImportAsync("", false, Ct)) is var r ? (r.Registered, r.Unchanged, r.Updated) : default);
        Assert.Equal("changed", Encoding.UTF8.GetString(await DownloadAsync(bound, (await bound.Client.FindItemAsync(BoundDataset.Name, "dogs/07.png", Ct))!)));
    }

    [Fact(Timeout = 240_000)]
    public async Task Details_come_from_the_object_and_tags_and_labels_go_to_it()
    {
        await using var bound = await BoundDataset.StartAsync(Ct);
        var key = $"{BoundDataset.Root}a.dat";
        await bound.Lake.PutAsync(key, "abc"u8.ToArray(), "model/stl", new() { ["weather"] = "rain" }, new() { ["camera"] = "left" }, Ct);
        Assert.Equal(1, (await bound.ImportAsync(null, true, Ct)).Registered);
        var item = (await bound.Client.FindItemAsync(BoundDataset.Name, "a.dat", Ct))!;
        Assert.Equal(("model/stl", "rain", "left"), (item.ContentType, item.Tags["weather"], item.Metadata?.GetProperty("camera").GetString()));

        await bound.Client.PutTagsAsync(BoundDataset.Name, item.Id, new Dictionary<string, string> { ["weather"] = "snow" }, Ct);
        await bound.Client.PutLabelsAsync(BoundDataset.Name, item.Id, new PutLabels
        {
            Annotations = [new Annotation { Kind = AnnotationKinds.Classification, Class = "car", Source = new AnnotationSource { Kind = "human", Name = "test" } }],
        }, ct: Ct);
        Assert.Equal(new Dictionary<string, string> { ["weather"] = "snow", ["edna:label:car"] = "1" }, await bound.Lake.TagsAsync(key, Ct));
        Assert.Contains($"{BoundDataset.Root}labels/{item.Id}/1.json", await bound.Lake.ListAsync(Ct));
        Assert.Equal(1, (await bound.ImportAsync(null, true, Ct)).Unchanged);

        await bound.Client.DeleteItemAsync(BoundDataset.Name, item.Id, ct: Ct);
        Assert.Equal(1, (await bound.ImportAsync(null, false, Ct)).Skipped["item.trashed"]);
        using (var http = bound.Edna.NewHttp())
        using (var restored = await http.PostAsync($"v1/datasets/{BoundDataset.Name}/items/{item.Id}/restore", null, Ct)) Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        Assert.Equal("abc", Encoding.UTF8.GetString(await DownloadAsync(bound, item)));

        await bound.Client.DeleteItemAsync(BoundDataset.Name, item.Id, permanent: true, ct: Ct);
        Assert.DoesNotContain(await bound.Lake.ListAsync(Ct), k => k == key || k.Contains(item.Id, StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task The_command_imports_with_its_progress_and_says_what_it_skipped()
    {
        await using var bound = await BoundDataset.StartAsync(Ct);
        await bound.Lake.PutManyAsync(Enumerable.Range(0, 30).Select(i => $"{BoundDataset.Root}{i:d2}.png"), Ct);
        await bound.Lake.PutAsync($"{BoundDataset.Root}x//y", [1], ct: Ct);
        var (code, output) = await EdnaAsync(bound, $"import {BoundDataset.Name}");
        Assert.True(code == 0, output);
        Assert.Contains("lake: 30 registered, 0 unchanged, 0 updated, 1 skipped", output, StringComparison.Ordinal);
        Assert.Contains("import.path_invalid: 1", output, StringComparison.Ordinal);
        Assert.Contains("raw/2026/x//y: ", output, StringComparison.Ordinal);
        (code, output) = await EdnaAsync(bound, $"import {BoundDataset.Name} 0 --details");
        Assert.True(code == 0, output);
        Assert.Contains("lake: 0 registered, 10 unchanged, 0 updated, 0 skipped", output, StringComparison.Ordinal);
        (code, output) = await EdnaAsync(bound, "import nowhere");
        Assert.Equal(1, code);
        Assert.Contains("[dataset.not_found]", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task The_commands_of_the_document_work_as_printed()
    {
        await using var own = await CephBucket.CreateAsync(Ct);
        await using var lake = await CephBucket.CreateAsync(Ct);
        foreach (var key in (string[])["cats/1.jpg", "cats/2.jpg", "dogs/1.jpg"]) await lake.PutAsync($"photos/{key}", "bytes"u8.ToArray(), "image/jpeg", ct: Ct);
        var settings = own.Settings();
        settings["Edna__Datasets__AllowedBuckets__0"] = lake.Name;
        await using var edna = await EdnaProcess.StartAsync(settings, ct: Ct);
        var walk = Walk.Read(await File.ReadAllTextAsync(Path.Combine(Programs.Root, "docs/imports.md"), Ct));
        Assert.True(walk.Count >= 5, $"The walk has {walk.Count} commands only.");
        await Walk.RunAsync(walk, $"edna() {{ dotnet '{Programs.Cli}' \"$@\"; }}\n", edna.DataDirectory,
            new() { ["EDNA_URL"] = edna.Address.AbsoluteUri.TrimEnd('/'), ["EDNA_KEY"] = edna.Key, ["EDNA_DATA"] = null, ["BUCKET"] = lake.Name }, Ct);
    }

    private static Task<(int Code, string Output)> EdnaAsync(BoundDataset bound, string arguments) => Shell.RunAsync(
        $"dotnet '{Programs.Cli}' {arguments}", bound.Edna.DataDirectory,
        new Dictionary<string, string?> { ["EDNA_URL"] = bound.Edna.Address.AbsoluteUri, ["EDNA_DATA"] = bound.Edna.DataDirectory, ["EDNA_KEY"] = null }, Ct);

    private static async Task<byte[]> DownloadAsync(BoundDataset bound, Item item)
    {
        using var http = bound.Edna.NewHttp();
        using var redirect = await http.GetAsync($"v1/datasets/{BoundDataset.Name}/items/{item.Id}/content", Ct);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        using var store = new HttpClient();
        return await store.GetByteArrayAsync(redirect.Headers.Location, Ct);
    }
}
