using System.Text;
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

    private static async Task WalkAsync(string document, Dictionary<string, string?> settings)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Programs.Root, document), Ct);
        var walk = Walk.Read(text);
        Assert.True(walk.Count >= 5, $"The walk of {document} has {walk.Count} commands only.");
        using var folder = new TempFolder();
        foreach (var (name, program) in Walk.ReadFiles(text)) await File.WriteAllTextAsync(folder.At(name), program, Ct);
        await using var edna = await EdnaProcess.StartAsync(settings, folder.At(".edna"), ct: Ct);

        // One shell for all, as a reader has it, in an empty folder where "dotnet run" of the repository's programs works.
        var script = new StringBuilder($"edna() {{ dotnet '{Programs.Cli}' \"$@\"; }}\nshapes() {{ dotnet '{Programs.Shapes}' \"$@\"; }}\n");
        foreach (var (command, i) in walk.Select((c, i) => (c.Command, i)))
            script.Append("echo '").Append(Marker(i)).Append("'\n").Append(command).Append("\n[ $? = 0 ] || { echo \"FAILED ").Append(i).Append("\"; exit 1; }\n");
        var (code, output) = await Shell.RunAsync(
            script.ToString(), folder.Path, new Dictionary<string, string?> { ["EDNA_URL"] = edna.Address.AbsoluteUri.TrimEnd('/'), ["EDNA_DATA"] = null, ["EDNA_KEY"] = null }, Ct);
        Assert.True(code == 0, output);
        foreach (var (step, i) in walk.Select((s, i) => (s, i)))
        {
            var printed = output.Split(Marker(i) + "\n")[1].Split("@@@ step ")[0];
            foreach (var line in step.Expected) Assert.True(printed.Contains(line, StringComparison.Ordinal), $"$ {step.Command}\nshould print\n{line}\nbut printed\n{printed}");
        }
    }

    private static string Marker(int step) => $"@@@ step {step} @@@";
}
