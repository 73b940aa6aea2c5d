using System.Text;
using Edna.Harness;
using Xunit;

namespace Edna.Job;

/// <summary>The README's walk, run as printed.</summary>
public sealed class ReadmeWalk
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public Task The_walk_works_as_printed_on_the_embedded_default() => WalkAsync([]);

    [Fact(Timeout = 300_000)]
    public async Task The_walk_works_as_printed_on_Ceph_by_configuration_alone()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await WalkAsync(bucket.Settings());
        Assert.NotEmpty(await bucket.ListAsync(Ct));
    }

    private static async Task WalkAsync(Dictionary<string, string?> settings)
    {
        var walk = Walk.Read(await File.ReadAllTextAsync(Path.Combine(Programs.Root, "README.md"), Ct));
        Assert.True(walk.Count >= 5, $"The README's walk has {walk.Count} commands only.");
        using var folder = new TempFolder();
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
