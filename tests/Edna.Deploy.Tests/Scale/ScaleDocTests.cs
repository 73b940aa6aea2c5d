using System.Globalization;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Scale;

/// <summary>docs/scale.md against the programs that it has its figures from.</summary>
public sealed class ScaleDocTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Programs.Root, "docs/scale.md"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_table_of_a_month_is_what_the_model_gives() =>
        Assert.Equal((await PrintAsync("cost")).TakeWhile(line => line.StartsWith('|')), s_text.Split("<!-- cost:start -->\n")[1].Split("\n<!-- cost:end -->")[0].Split('\n'));

    /// <summary>By the letters that the document explains; a figure without one would be nobody's.</summary>
    [Fact]
    public void Every_figure_of_its_tables_says_where_it_is_from()
    {
        var rows = s_text.Split("## What fills up first")[0].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Any(char.IsAsciiDigit) && !line.StartsWith("| a month", StringComparison.Ordinal)).ToList();
        Assert.InRange(rows.Count, 30, 50);
        Assert.All(rows, row => Assert.Matches(@"\| [MCSPA]( × [MCSPA])?(: `[\w-]+`)? \|$", row));
    }

    [Fact]
    public async Task What_an_item_costs_is_what_was_counted()
    {
        var units = await FiguresAsync("units");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {units["together"]:F1} write units in batches of 97 and more, {units["alone"]:F0} alone; of these {units["row"]:F0} on the partition of its shard |"), s_text, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {units["rowbytes"]:F0} bytes; about"), s_text, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {units["changebytes"]:F0} bytes in a full transaction |"), s_text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fills_up_first_is_what_was_simulated()
    {
        var heat = await FiguresAsync("heat");
        Assert.Contains($"the end at {Tens(heat["newleast"])} to {Tens(heat["newmost"])} items a second", s_text, StringComparison.Ordinal);
        Assert.Contains($"Together they take {Tens(heat["one"])} items a second", s_text, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{heat["oneshare"] * 100:F0} % of what an even spread would"), s_text, StringComparison.Ordinal);
        Assert.InRange(heat["alike"] / heat["one"], 80, 100);
        Assert.InRange(heat["zipf100"] / heat["one"], 4.5, 5.5);
    }

    /// <summary>The search for the end goes no nearer than one in a hundred.</summary>
    private static string Tens(double figure) => (Math.Round(figure / 10) * 10).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Figures of a benchmark's last line, by name; words among them are left out.</summary>
    private static async Task<Dictionary<string, double>> FiguresAsync(string benchmark) => (await PrintAsync(benchmark))[^1].Split(' ').Skip(1).Select(figure => figure.Split('='))
        .Where(figure => double.TryParse(figure[1], CultureInfo.InvariantCulture, out _)).ToDictionary(figure => figure[0], figure => double.Parse(figure[1], CultureInfo.InvariantCulture));

    private static async Task<string[]> PrintAsync(string benchmark)
    {
        await using var process = await ChildProcess.StartAsync(["dotnet", Programs.Benchmarks, benchmark], new Dictionary<string, string?>(), Programs.Root, Ct);
        Assert.True(await process.WaitAsync(Ct) == 0, process.Log);
        return process.Log.TrimEnd('\n').Split('\n');
    }
}
