using System.Text;
using CsCheck;
using Edna.Items;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>This part: lists.</summary>
public abstract partial class ItemTableCompliance
{
    [Fact]
    public async Task Lists_are_in_the_order_of_the_paths_bytes()
    {
        await using var host = await StartAsync();
        // Beyond U+FFFF, UTF-16 has another order than UTF-8.
        string[] paths = ["b", "a", "a/b", "a.b", "A", "é", "z", "\uffee", "\U0001F600", "a b"];
        await host.Table.InsertManyAsync([.. paths.Select(path => (Row(path), Created))], Ct);
        var expected = paths.OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        // With pages of one, every path is a cursor once, also one that others begin with.
        foreach (var limit in (int[])[1, 2, 3]) Assert.Equal(expected, await host.Table.ListAllAsync(Pets, new() { Limit = limit }));
    }

    [Fact]
    public async Task Lists_leave_out_what_is_purged_and_what_is_in_other_datasets()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a", status: ItemStatus.Purged));
        await host.Table.PutAsync(Row("b", status: ItemStatus.Trashed));
        await host.Table.PutAsync(Row("c", dataset: new("default", "other")));
        await host.Table.PutAsync(Row("d", dataset: new("another", "pets")));
        Assert.Equal(["b"], await host.Table.ListAllAsync(Pets, new()));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Status = ItemStatus.Purged }));
        Assert.Empty(await host.Table.ListAllAsync(new("default", "never-there"), new()));
    }

    [Fact]
    public async Task A_prefix_is_of_characters_not_of_patterns()
    {
        await using var host = await StartAsync();
        string[] paths = ["cats", "cats/1", "cats/2", "cats0", "catz", "Cats/1", "c%ts/1", "cats/ü"];
        await host.Table.InsertManyAsync([.. paths.Select(path => (Row(path), Created))], Ct);
        Assert.Equal(["cats/1", "cats/2", "cats/ü"], await host.Table.ListAllAsync(Pets, new() { PathPrefix = "cats/", Limit = 2 }));
        Assert.Equal(["c%ts/1"], await host.Table.ListAllAsync(Pets, new() { PathPrefix = "c%" }));
        Assert.Equal(["cats/ü"], await host.Table.ListAllAsync(Pets, new() { PathPrefix = "cats/ü" }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { PathPrefix = "dogs" }));
    }

    [Fact]
    public async Task A_path_finds_its_item_and_no_other()
    {
        await using var host = await StartAsync();
        await host.Table.InsertManyAsync([(Row("a"), Created), (Row("a/b"), Created)], Ct);
        Assert.Equal(["a"], await host.Table.ListAllAsync(Pets, new() { Path = "a", Limit = 1 }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Path = "A" }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Path = "a", PathPrefix = "b" }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Path = "a", Status = ItemStatus.Failed }));
    }

    [Fact]
    public async Task Conditions_on_columns_hold_together()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a") with { Split = "train", UpdatedAt = Noon });
        await host.Table.PutAsync(Row("b", status: ItemStatus.Available) with { Split = "train", UpdatedAt = Noon.AddTicks(1) });
        await host.Table.PutAsync(Row("c", status: ItemStatus.Available) with { Split = "test", UpdatedAt = Noon.AddTicks(-1) });
        await host.Table.PutAsync(Row("d", status: ItemStatus.Available));
        Assert.Equal(["b", "c", "d"], await host.Table.ListAllAsync(Pets, new() { Status = ItemStatus.Available }));
        Assert.Equal(["a", "b"], await host.Table.ListAllAsync(Pets, new() { Split = "train" }));
        Assert.Equal(["a", "b", "d"], await host.Table.ListAllAsync(Pets, new() { UpdatedSince = Noon }));
        Assert.Equal(["b"], await host.Table.ListAllAsync(Pets, new() { UpdatedSince = Noon, Status = ItemStatus.Available, Split = "train" }));
    }

    [Theory]
    [InlineData("species", "cat")]
    [InlineData("it's", "a \"quoted\" $.value")]
    [InlineData("a.b[0]", "' OR 1=1 --")]
    [InlineData("naïve", "ключ")]
    public async Task Tags_are_compared_exactly_whatever_is_in_them(string key, string value)
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("hit").WithBody(new() { [key] = value, ["other"] = "1" }));
        await host.Table.PutAsync(Row("value").WithBody(new() { [key] = value + "s" }));
        await host.Table.PutAsync(Row("key").WithBody(new() { [key + "s"] = value, ["decoy"] = value }));
        await host.Table.PutAsync(Row("none").WithBody(null));
        Assert.Equal(["hit"], await host.Table.ListAllAsync(Pets, new() { Tags = new Dictionary<string, string> { [key] = value } }));
        Assert.Equal(["hit"], await host.Table.ListAllAsync(Pets, new() { Tags = new Dictionary<string, string> { [key] = value, ["other"] = "1" } }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Tags = new Dictionary<string, string> { [key] = value, ["other"] = "2" } }));
    }

    [Fact]
    public async Task A_label_finds_the_items_that_have_the_class()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a").WithBody(null, "cat", "dog"));
        await host.Table.PutAsync(Row("b").WithBody(new() { ["x"] = "dog" }, "doge"));
        await host.Table.PutAsync(Row("c"));
        Assert.Equal(["a"], await host.Table.ListAllAsync(Pets, new() { Label = "dog" }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Label = "revision" }));
        Assert.Empty(await host.Table.ListAllAsync(Pets, new() { Label = "cat", Tags = new Dictionary<string, string> { ["x"] = "dog" } }));
    }

    [Fact]
    public async Task A_rare_item_is_found_behind_any_number_of_others()
    {
        await using var host = await StartAsync();
        var rare = (Rounds(12) * 1000) - 10;
        for (var batch = 0; batch < Rounds(12); batch++)
        {
            await host.Table.InsertManyAsync(
                [.. Enumerable.Range(batch * 1000, 1000).Select(n => (Row($"p{n:d5}") with { Split = n == rare ? "rare" : null }, Created))], Ct);
        }
        Assert.Equal([$"p{rare:d5}"], await host.Table.ListAllAsync(Pets, new() { Split = "rare" }));
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("")]
    public async Task A_foreign_cursor_of_a_list_is_told(string cursor)
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await Assert.ThrowsAsync<FormatException>(() => host.Table.ListAsync(Pets, new() { Cursor = cursor }, Ct).AsTask());
    }

    /// <summary>While a list is read page by page, rows come, change and go; one that is there throughout is told exactly once.</summary>
    [Fact]
    public Task A_list_neither_skips_nor_repeats_while_items_come_and_go() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 39].Array[0, 40], Gen.Int[0, 39].Array[0, 40]).SampleAsync(async (limit, first, between) =>
        {
            await using var host = await StartAsync();
            var revisions = new Dictionary<int, long>();
            foreach (var n in first) await TouchAsync(host.Table, revisions, n);
            var throughout = first.Distinct().Except(between).Where(n => revisions[n] % 2 == 1).Select(n => $"p{n:d2}").Order(StringComparer.Ordinal).ToList();
            var (told, cursor, next) = (new List<string>(), (string?)null, 0);
            do
            {
                var page = await host.Table.ListAsync(Pets, new() { Limit = limit, Cursor = cursor }, Ct);
                told.AddRange(page.Rows.Select(row => row.Path));
                for (var i = 0; i < 5 && next < between.Length; i++) await TouchAsync(host.Table, revisions, between[next++]);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(told.Distinct(), told);
            Assert.Equal(throughout, told.Intersect(throughout));
        }, iter: 25);

    /// <summary>Writes an item; every other time it is purged.</summary>
    private static Task TouchAsync(IItemTable table, Dictionary<int, long> revisions, int n)
    {
        var revision = revisions[n] = revisions.GetValueOrDefault(n) + 1;
        return table.PutAsync(Row($"p{n:d2}", revision, revision % 2 == 1 ? ItemStatus.Available : ItemStatus.Purged));
    }
}
