using Edna.Harness;
using Xunit;

namespace Edna.Cluster;

/// <summary>Processes that start before their tables are made.</summary>
public sealed class MissingTables
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData("true", "Edna:DynamoDb:GrainStateTable: there is no table 'none.state'.", "Edna:DynamoDb:SiloTable: there is no table 'none.silos'.")]
    [InlineData("false", "Edna:DynamoDb:SiloTable: there is no table 'none.silos'.")]
    public async Task They_stop_and_say_which_and_what_makes_them(string coHosted, params string[] said)
    {
        using var folder = new TempFolder();
        await using var cluster = await DynamoCluster.CreateAsync(null, Ct);
        var settings = cluster.Settings;
        (settings["Edna__DynamoDb__SiloTable"], settings["Edna__DynamoDb__GrainStateTable"]) = ("none.silos", "none.state");
        (settings["Edna__Silo__CoHosted"], settings["EDNA_DATA"]) = (coHosted, folder.At("data"));

        await using var process = await ChildProcess.StartAsync(["dotnet", Programs.Gateway, "--urls", $"http://127.0.0.1:{Ports.Free()}"], settings, folder.Path, Ct);
        Assert.Equal(1, await process.WaitAsync(Ct));
        foreach (var line in said) Assert.Contains($"{line} `Edna.Silo init-tables`, with the same configuration, makes it.", process.Log, StringComparison.Ordinal);
    }

    /// <summary>What is to be repaired may have lost its tables: no silo has been there before.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_works_on_everything_runs_on_tables_that_were_just_made()
    {
        await using var cluster = await DynamoCluster.CreateAsync(null, Ct);
        var (code, said) = await cluster.AdministerAsync("scrub --repair", Ct);
        Assert.True(code == 0, said);
    }
}
