using Edna.Harness;
using Xunit;

namespace Edna.Job;

/// <summary>The walks of the documents, run as printed.</summary>
public sealed class DocumentWalks
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public Task The_walk_works_as_printed_on_the_embedded_default() => WalkAsync("README.md", []);

    [Fact(Timeout = 300_000)]
    public async Task The_walk_works_as_printed_on_Ceph_by_configuration_alone()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await WalkAsync("README.md", bucket.Settings());
        Assert.NotEmpty(await bucket.ListAsync(Ct));
    }

    [Fact(Timeout = 300_000)]
    public Task The_upload_protocol_works_as_printed_on_the_embedded_default() => WalkAsync("docs/uploads.md", []);

    [Fact(Timeout = 300_000)]
    public async Task The_upload_protocol_works_as_printed_on_Ceph()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await WalkAsync("docs/uploads.md", bucket.Settings());
    }

    [Fact(Timeout = 300_000)]
    public Task The_search_works_as_printed() => WalkAsync("docs/search.md", []);

    [Fact(Timeout = 300_000)]
    public Task Following_changes_works_as_printed() => WalkAsync("docs/changes.md", []);

    [Fact(Timeout = 300_000)]
    public Task Webhooks_work_as_printed() => WalkAsync("docs/webhooks.md", new()
    {
        ["Edna__Webhooks__AllowHttp"] = "true", ["Edna__Webhooks__AllowedNetworks__0"] = "127.0.0.1/32",
    });

    private static async Task WalkAsync(string document, Dictionary<string, string?> settings)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Programs.Root, document), Ct);
        var walk = Walk.Read(text);
        Assert.True(walk.Count >= 5, $"The walk of {document} has {walk.Count} commands only.");
        using var folder = new TempFolder();
        foreach (var (name, program) in Walk.ReadFiles(text)) await File.WriteAllTextAsync(folder.At(name), program, Ct);
        await using var edna = await EdnaProcess.StartAsync(settings, folder.At(".edna"), ct: Ct);

        await Walk.RunAsync(walk, $"edna() {{ dotnet '{Programs.Cli}' \"$@\"; }}\nshapes() {{ dotnet '{Programs.Shapes}' \"$@\"; }}\n", folder.Path,
            new Dictionary<string, string?> { ["EDNA_URL"] = edna.Address.AbsoluteUri.TrimEnd('/'), ["EDNA_DATA"] = null, ["EDNA_KEY"] = null }, Ct);
    }
}
