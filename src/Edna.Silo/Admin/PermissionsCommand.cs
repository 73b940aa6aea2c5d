using System.Text.Json;
using Edna.Aws;

namespace Edna.Admin;

/// <summary><c>permissions [--json]</c>: says what EDNA's roles need at AWS.</summary>
internal static class PermissionsCommand
{
    private const string Help = """
        permissions [--json]
        Says what EDNA's processes need at AWS, by role, and nothing more. It is made from what the code does, and asks nobody.
          --json   for programs: {"gateway": [{"action": "dynamodb:Query", "on": "SiloTable"}, …], …}
        """;

    /// <summary>Runs it.</summary>
    /// <param name="args">The arguments after the command's name.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or ["--json"] or ["--help"]))
        {
            await Console.Error.WriteLineAsync($"permissions takes --json and nothing else, not '{args.First(arg => arg != "--json")}'.");
            return ExitCodes.Failed;
        }
        await Console.Out.WriteLineAsync(args switch
        {
            ["--help"] => Help,
            ["--json"] => Json(),
            _ => Table(),
        });
        return ExitCodes.Done;
    }

    /// <summary>As a table in Markdown.</summary>
    internal static string Table()
    {
        var lines = new List<string>();
        foreach (var (name, who, access) in AwsRoles.All)
        {
            lines.AddRange(["", $"**{name}**: {who}", "", "| action | on | for |", "|---|---|---|"]);
            lines.AddRange(ByMeaning(access));
        }
        return string.Join('\n', lines.Skip(1));
    }

    /// <summary>As an object with a list for each role.</summary>
    internal static string Json()
    {
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, new() { Indented = true }))
        {
            json.WriteStartObject();
            foreach (var (name, _, access) in AwsRoles.All)
            {
                json.WriteStartArray(name);
                foreach (var (action, on) in access.Select(one => (one.Action, one.On)).Distinct())
                {
                    json.WriteStartObject();
                    json.WriteString("action", action);
                    json.WriteString("on", on.ToString());
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(to.ToArray());
    }

    /// <summary>A line for what is done to one thing for one reason.</summary>
    private static IEnumerable<string> ByMeaning(IReadOnlyList<AwsAccess> access) => access.GroupBy(one => (one.On, one.For))
        .Select(group => $"| {string.Join(", ", group.Select(one => $"`{one.Action}`").Distinct())} | {NameOf(group.Key.On)} | {group.Key.For} |");

    private static string NameOf(AwsResource resource) => resource switch
    {
        AwsResource.Bucket => "the bucket",
        AwsResource.Objects => "its objects (`BUCKET/*`)",
        AwsResource.ItemTable => "`EdnaItems`",
        AwsResource.ItemIndexes => "`EdnaItems/index/*`",
        AwsResource.GrainStateTable => "`OrleansGrainState`",
        AwsResource.ReminderTable => "`OrleansReminders`",
        AwsResource.ReminderIndexes => "`OrleansReminders/index/*`",
        AwsResource.SiloTable => "`OrleansSilos`",
        AwsResource.Queue => "the queue of events",
        AwsResource.DeadLetterQueue => "its dead-letter queue",
        AwsResource.SearchDomain => "the search domain",
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, null),
    };
}
