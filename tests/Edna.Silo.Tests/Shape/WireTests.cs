using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Edna.Items;
using Edna.Results;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Session;
using Orleans.Serialization.Utilities;
using Xunit;

namespace Edna.Silo.Tests.Shape;

/// <summary>
/// Silos and gateways of this version and of those before understand each other: what was said, byte for byte, is kept in wire.txt, a line a
/// contract, and held against what this version reads and says.
/// </summary>
public sealed partial class WireTests
{
    private const string HowTo = "tests/Edna.Silo.Tests/Shape/wire.txt";

    private static readonly ServiceProvider s_services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(IItemGrain).Assembly).AddAssembly(typeof(WireTests).Assembly)).BuildServiceProvider();

    private static readonly Dictionary<string, Type> Contracts = typeof(IItemGrain).Assembly.GetExportedTypes()
        .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)) && !type.IsGenericTypeDefinition && !type.IsAbstract).Append(typeof(Result<Item>))
        .ToDictionary(type => type.GetCustomAttribute<AliasAttribute>()!.Alias);

    private static readonly Dictionary<string, byte[]> Said = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Shape", "wire.txt"))
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => Convert.FromBase64String(parts[1]));

    public static TheoryData<string> Kept => [.. Said.Keys];

    private static Serializer Serializer => s_services.GetRequiredService<Serializer>();

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_was_said_before_is_understood_and_told_again(string contract)
    {
        var understood = Serializer.Deserialize<object>(Said[contract]);
        Assert.Equal(Contracts[contract], understood!.GetType());
        Contains(Text(Serializer.SerializeToArray(understood)), Text(Said[contract]));
    }

    /// <summary>Whoever reads as before finds all that it looks for, in its place; what it does not know it skips.</summary>
    [Theory]
    [MemberData(nameof(Kept))]
    public void What_is_said_now_has_all_that_was_said_before(string contract) =>
        Contains(Text(Serializer.SerializeToArray(Samples.Of(Contracts[contract]))), Text(Said[contract]));

    [Fact]
    public void Every_contract_is_kept()
    {
        var missing = new StringBuilder();
        foreach (var (alias, type) in Contracts.Where(contract => !Said.ContainsKey(contract.Key)).OrderBy(contract => contract.Key, StringComparer.Ordinal))
            missing.Append(alias).Append(' ').Append(Convert.ToBase64String(Serializer.SerializeToArray(Samples.Of(type)))).Append('\n');
        Assert.True(missing.Length == 0, $"Contracts are new. Add these lines to {HowTo}, and change none that are there:\n{missing}");
    }

    [Fact]
    public void A_reader_skips_what_it_does_not_know_and_does_without_what_it_is_not_told()
    {
        var more = Serializer.SerializeToArray(new Newer { Known = "known", Unknown = new() { ["a"] = [1, 2] }, Last = 7 });
        var less = Serializer.SerializeToArray(new Older { Known = "known", Last = 7 });
        var (older, newer) = (Serializer.Deserialize<Older>(more)!, Serializer.Deserialize<Newer>(less)!);
        Assert.Equal(("known", 7), (older.Known, older.Last));
        Assert.Equal(("known", 7, null), (newer.Known, newer.Last, newer.Unknown));
    }

    /// <summary>That one text has the lines of another, in their order, and maybe more between them.</summary>
    private static void Contains(string[] text, string[] lines)
    {
        var at = 0;
        foreach (var line in lines)
        {
            var found = Array.IndexOf(text, line, at);
            Assert.True(found >= 0, $"It is not said any more, or otherwise:\n{line}\nbut:\n{string.Join('\n', text)}");
            at = found + 1;
        }
    }

    /// <summary>What stands in a message, a line a field: its id, its form, its value; not where.</summary>
    private static string[] Text(byte[] message)
    {
        using var session = s_services.GetRequiredService<SerializerSessionPool>().GetSession();
        return [.. BitStreamFormatter.Format(message, session).Split('\n').Select(line => Place().Replace(line, "$1["))];
    }

    [GeneratedRegex(@"^0x[0-9A-F]+ ( *)\[#\d+ |^0x[0-9A-F]+ ")]
    private static partial Regex Place();

    /// <summary>A contract as it was.</summary>
    [GenerateSerializer]
    public sealed class Older
    {
        [Id(0)] public string? Known { get; set; }

        [Id(4)] public int Last { get; set; }
    }

    /// <summary>The same with something between.</summary>
    [GenerateSerializer]
    public sealed class Newer
    {
        [Id(0)] public string? Known { get; set; }

        [Id(2)] public Dictionary<string, int[]>? Unknown { get; set; }

        [Id(4)] public int Last { get; set; }
    }
}
