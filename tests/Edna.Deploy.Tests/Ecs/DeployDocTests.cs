using System.Text.RegularExpressions;
using Edna.Admin;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>docs/deploy.md against what it describes.</summary>
public sealed partial class DeployDocTests(Synthesis synthesis)
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Programs.Root, "docs/deploy.md"));

    private static IEnumerable<string> Commands => Block().Matches(s_text).Select(block => block.Groups[1].Value);

    [Fact]
    public void The_table_of_permissions_is_what_the_command_prints() =>
        Assert.Equal(PermissionsCommand.Table(), s_text.Split("<!-- permissions:start -->\n")[1].Split("\n<!-- permissions:end -->")[0]);

    [Fact]
    public async Task Every_setting_and_parameter_stands_in_its_table_and_no_other()
    {
        var settings = Setting().Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Root, "deploy/ecs/lib/settings.ts"), TestContext.Current.CancellationToken)).Select(match => match.Groups[1].Value);
        Assert.Equal(settings.Order(StringComparer.Ordinal), Rows("| setting |").Order(StringComparer.Ordinal));
        Assert.Equal((await synthesis.UsualAsync()).Parameters.Keys.Order(StringComparer.Ordinal), Rows("| parameter |").Order(StringComparer.Ordinal));
        Assert.All(Commands.SelectMany(block => Given().Matches(block)).Select(match => match.Groups[1].Value), name => Assert.Contains(name, settings));
        Assert.All(Commands.SelectMany(block => Chosen().Matches(block)).Select(match => match.Groups[1].Value), name => Assert.Contains(name, Rows("| parameter |")));
    }

    [Fact]
    public async Task Every_alarm_says_what_to_do()
    {
        var alarms = AlarmTests.NamesOf(await synthesis.UsualAsync()).ToList();
        Assert.Equal(alarms, Rows("| alarm |").Order(StringComparer.Ordinal));
        Assert.Contains($"| {alarms.Count} alarms", s_text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_output_that_it_asks_for_is_there()
    {
        var template = await synthesis.UsualAsync();
        var outputs = template.Root.GetProperty("Outputs").EnumerateObject().Select(one => one.Name).ToHashSet();
        var asked = Asked().Matches(s_text).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(asked);
        Assert.Subset(outputs, asked);
        // The three that stay come first.
        var tables = template.Root.GetProperty("Outputs").GetProperty("TableNames").GetProperty("Value").GetProperty("Fn::Join")[1].EnumerateArray().Where(part => part.ValueKind == System.Text.Json.JsonValueKind.Object)
            .Select(part => part.GetProperty("Ref").GetString()!);
        Assert.Equal(["RetainExceptOnCreate", "RetainExceptOnCreate", "RetainExceptOnCreate", "Delete"], tables.Select(template.DeletionOf));
    }

    [Fact]
    public void Commands_are_sound_to_the_shell_and_what_they_name_is_there()
    {
        Assert.NotEmpty(Commands);
        Assert.All(Commands, Shell.IsSound);
        Assert.All(Commands.SelectMany(block => Project().Matches(block)).Select(match => match.Value), project => Assert.True(Directory.Exists(Path.Combine(Programs.Root, "deploy/ecs", project)), project));
    }

    /// <summary>Names in the first column of a table.</summary>
    private static IEnumerable<string> Rows(string head) => s_text.Split(head)[1].Split("\n\n")[0].Split('\n').Skip(2).SelectMany(row => Name().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value));

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"matching\('(\w+)'")]
    private static partial Regex Setting();

    [GeneratedRegex(@"-c (\w+)=")]
    private static partial Regex Given();

    [GeneratedRegex(@"--parameters (\w+)=")]
    private static partial Regex Chosen();

    [GeneratedRegex(@"\$\(output (\w+)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\.\./\.\./src/[\w.]+")]
    private static partial Regex Project();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();
}
