namespace Edna.Harness;

/// <summary>A command of the silo host on a gateway's data, in a process of its own.</summary>
internal static class AdminRun
{
    /// <summary>Runs a command to its end; its exit code and what it wrote.</summary>
    public static async Task<(int Code, string Log)> RunAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings, string[] arguments, CancellationToken ct)
    {
        await using var process = await StartAsync(edna, settings, arguments, ct);
        return (await process.WaitAsync(ct), process.Log);
    }

    /// <summary>Starts a command.</summary>
    public static Task<ChildProcess> StartAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings, string[] arguments, CancellationToken ct) => ChildProcess.StartAsync(
        ["dotnet", Programs.Silo, .. arguments], new Dictionary<string, string?>(settings) { ["EDNA_DATA"] = edna.DataDirectory }, Path.GetDirectoryName(edna.DataDirectory)!, ct);

    /// <summary>What is lost with a disk: item table, changes, grain state and index. The objects of an embedded store stay.</summary>
    public static void LoseState(EdnaProcess edna)
    {
        foreach (var file in Directory.EnumerateFiles(edna.DataDirectory, "*.db*")) File.Delete(file);
    }
}
