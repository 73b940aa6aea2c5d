using System.Text;
using Edna.Harness;
using Xunit;

namespace Edna.Job;

/// <summary>
/// The commands of a document's <c>console</c> blocks between the marks <c>walk:start</c> and <c>walk:end</c>, each with the output
/// printed under it. Lines with <c>…</c> in them vary from run to run and are not compared.
/// </summary>
internal static class Walk
{
    public static IReadOnlyList<(string Command, IReadOnlyList<string> Expected)> Read(string readme)
    {
        var part = readme.Split("<!-- walk:start -->")[1].Split("<!-- walk:end -->")[0];
        var steps = new List<(string Command, IReadOnlyList<string> Expected)>();
        var inBlock = false;
        foreach (var line in part.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inBlock = line == "```console";
            else if (!inBlock) continue;
            else if (line.StartsWith("$ ", StringComparison.Ordinal)) steps.Add((line[2..], []));
            else if (steps.Count > 0 && steps[^1].Command.EndsWith('\\') && steps[^1].Expected.Count == 0) steps[^1] = (steps[^1].Command + "\n" + line, []);
            else if (line.Trim().Length > 0 && !line.Contains('…')) steps[^1] = (steps[^1].Command, [.. steps[^1].Expected, line.TrimEnd()]);
        }
        return steps;
    }

    /// <summary>Programs that a reader saves before running them: blocks of Python whose first line is <c># name: …</c>.</summary>
    public static IEnumerable<(string Name, string Text)> ReadFiles(string document) => document.Split("```python\n").Skip(1)
        .Select(block => block.Split("```")[0]).Select(text => (text[2..text.IndexOf(':', StringComparison.Ordinal)], text));

    /// <summary>Runs the commands in one shell, as a reader has it, and compares what each prints with what the document says.</summary>
    /// <param name="walk">The commands.</param>
    /// <param name="names">Functions that the commands use.</param>
    /// <param name="folder">Where the shell stands.</param>
    /// <param name="environment">What it finds in its environment.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task RunAsync(
        IReadOnlyList<(string Command, IReadOnlyList<string> Expected)> walk, string names, string folder, Dictionary<string, string?> environment, CancellationToken ct)
    {
        var script = new StringBuilder(names);
        foreach (var (command, i) in walk.Select((c, i) => (c.Command, i)))
            script.Append("echo '").Append(Marker(i)).Append("'\n").Append(command).Append("\n[ $? = 0 ] || { echo \"FAILED ").Append(i).Append("\"; exit 1; }\n");
        var (code, output) = await Shell.RunAsync(script.ToString(), folder, environment, ct);
        Assert.True(code == 0, output);
        foreach (var (step, i) in walk.Select((s, i) => (s, i)))
        {
            var printed = output.Split(Marker(i) + "\n")[1].Split("@@@ step ")[0];
            foreach (var line in step.Expected) Assert.True(printed.Contains(line, StringComparison.Ordinal), $"$ {step.Command}\nshould print\n{line}\nbut printed\n{printed}");
        }
    }

    private static string Marker(int step) => $"@@@ step {step} @@@";
}
