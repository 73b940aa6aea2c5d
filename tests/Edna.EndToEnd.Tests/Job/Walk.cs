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
}
