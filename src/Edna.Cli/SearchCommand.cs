using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna search [QUERY]</c>.</summary>
internal static class SearchCommand
{
    public static Command Create(Connection connection)
    {
        var query = new Argument<string?>("QUERY") { Description = "Words to find in path, metadata and label classes, or any query of docs/search.md; one that begins with - goes after --.", Arity = ArgumentArity.ZeroOrOne };
        var datasets = new Option<string[]>("--dataset") { Description = "Only this dataset; may be given several times." };
        var labels = new Option<string[]>("--label") { Description = "Only items with an annotation of this class; several: each." };
        var tags = new Option<string[]>("--tag") { Description = "Only items with this tag, KEY=VALUE; several: each." };
        var split = new Option<string[]>("--split") { Description = "Only items of this split; several: one of them." };
        var facets = new Option<string[]>("--facet") { Description = "Count by label, tag:KEY, split, contentType or status." };
        var limit = new Option<int?>("--limit") { Description = "At most so many hits, 1 to 1000." };
        var command = new Command("search", "Find items.") { query, datasets, labels, tags, split, facets, limit };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var page = await client.SearchAsync(new SearchRequest
            {
                Query = parsed.GetValue(query), Datasets = NotEmpty(parsed.GetValue(datasets)), Facets = NotEmpty(parsed.GetValue(facets)),
                Limit = parsed.GetValue(limit),
                Filter = new SearchFilter
                {
                    Labels = NotEmpty(parsed.GetValue(labels)), Split = NotEmpty(parsed.GetValue(split)), Tags = Tags(parsed.GetValue(tags)),
                },
            }, ct);
            foreach (var item in page.Items) await Print.LineAsync($"{item.Dataset}  {item.Path}{Classes(item)}");
            await Print.LineAsync($"{page.Total:N0} found{(page.NextCursor is null ? "" : $", the first {page.Items.Count:N0} shown")}");
            foreach (var (facet, values) in page.Facets.OrderBy(f => f.Key, StringComparer.Ordinal))
                await Print.LineAsync($"{facet}: {string.Join(", ", values.Select(v => $"{v.Value} {v.Count}"))}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Classes(Item item) => item.Labels is { Classes.Count: > 0 } labels
        ? $"  [{string.Join(", ", labels.Classes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"))}]" : "";

    private static Dictionary<string, string>? Tags(string[]? pairs) => NotEmpty(pairs)?
        .Select(pair => pair.Split('=', 2) is [{ Length: > 0 } key, var value]
            ? (Key: key, Value: value) : throw new UsageException($"--tag '{pair}' is not KEY=VALUE."))
        .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    private static string[]? NotEmpty(string[]? values) => values is { Length: > 0 } ? values : null;
}
