using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;
using Edna.Compliance.State;
using Edna.Storage.Dynamo.State;
using Edna.Storage.Dynamo.Tables;
using Orleans.Storage;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoGrainStorageTests : GrainStorageCompliance, IAsyncLifetime
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key");
    private static readonly string s_token = new('t', 32);
    private OwnTables _tables = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_what_the_stock_provider_writes_and_a_token()
    {
        await Storage().WriteStateAsync("x", s_grain, new Stored { State = new() { Name = "n" } }, Ct);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal(("service_kind/key", "x"), (row["GrainReference"].S, row["GrainType"].S));
        Assert.InRange(int.Parse(row["ETag"].N, System.Globalization.CultureInfo.InvariantCulture), 0, int.MaxValue / 2);
        Assert.Equal("""{"name":"n","count":0}""", System.Text.Encoding.UTF8.GetString(row["GrainState"].B.ToArray()));
        Assert.Equal(32, row["WriteToken"].S.Length);
        Assert.Equal(5, row.Count);
    }

    [Fact]
    public async Task A_row_that_the_stock_provider_has_cleared_is_nothing_and_can_be_written()
    {
        var row = GrainStateRow.Key("service", s_grain, "x");
        (row["ETag"], row["GrainState"]) = (new() { N = "7" }, new() { NULL = true });
        await _tables.Client.PutItemAsync(_tables.Options.GrainStateTable, row, Ct);
        var state = new Stored { RecordExists = true, State = new() { Count = 3 } };
        await Storage().ReadStateAsync("x", s_grain, state, Ct);
        Assert.Equal((false, "7", 0), (state.RecordExists, state.ETag, state.State.Count));
        await Storage().WriteStateAsync("x", s_grain, state, Ct);
        Assert.Equal((true, "8"), (state.RecordExists, state.ETag));
    }

    [Fact]
    public async Task An_etag_from_before_a_state_was_cleared_is_of_no_use_after_it_is_written_anew()
    {
        var (old, state) = (new Stored(), new Stored());
        await Storage().WriteStateAsync("x", s_grain, old, Ct);
        await Storage().ReadStateAsync("x", s_grain, state, Ct);
        await Storage().ClearStateAsync("x", s_grain, state, Ct);
        await Storage().WriteStateAsync("x", s_grain, state, Ct);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().WriteStateAsync("x", s_grain, old, Ct));
    }

    [Fact]
    public async Task A_state_that_does_not_fit_a_row_is_packed()
    {
        var large = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"some words that come again, {i}; "));
        await Storage().WriteStateAsync("x", s_grain, new Stored { State = new() { Name = large } }, Ct);
        var read = new Stored();
        await Storage().ReadStateAsync("x", s_grain, read, Ct);
        Assert.Equal(large, read.State.Name);
        Assert.Equal("br", Assert.Single(await RowsAsync())["GrainStatePacking"].S);
        read.State.Name = "small";
        await Storage().WriteStateAsync("x", s_grain, read, Ct);
        Assert.False(Assert.Single(await RowsAsync()).ContainsKey("GrainStatePacking"));
    }

    [Fact]
    public async Task A_state_that_does_not_fit_even_so_is_refused_with_its_size_and_nothing_is_written()
    {
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(600_000));
        var state = new Stored { State = new() { Name = noise } };
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Storage().WriteStateAsync("x", s_grain, state, Ct));
        Assert.Matches("^The state 'x' of kind/key is [0-9]{6} bytes, [0-9]{6} packed; a row of DynamoDB has room for 409[0-9]{3}[.] Nothing was written[.]$", refused.Message);
        Assert.Empty(await RowsAsync());
        Assert.Null(state.ETag);
    }

    [Fact]
    public async Task The_largest_row_that_is_let_through_is_one_that_DynamoDB_takes()
    {
        var row = GrainStateRow.Write("service", s_grain, "x", [], 1_000_000_000, s_token);
        var others = row.Where(a => a.Key != "GrainState").Sum(a => a.Key.Length + (a.Value.S?.Length ?? 21)) + "GrainState".Length;
        var body = RandomNumberGenerator.GetBytes(GrainStateRow.MostBytes - others);
        await _tables.Client.PutItemAsync(_tables.Options.GrainStateTable, GrainStateRow.Write("service", s_grain, "x", body, 1_000_000_000, s_token), Ct);
        Assert.Equal(body, GrainStateRow.Read(Assert.Single(await RowsAsync())));
        Assert.Throws<InvalidOperationException>(() => GrainStateRow.Write("service", s_grain, "x", [.. body, 1], 1_000_000_000, s_token));
    }

    protected override IGrainStorage Storage(string service = "service") =>
        new DynamoGrainStorage(_tables.Client, _tables.Options, OwnTables.Cluster(service), _tables.Activators);

    public async ValueTask InitializeAsync() => _tables = await OwnTables.MakeAsync(DynamoTable.GrainState);

    public ValueTask DisposeAsync() => _tables?.DisposeAsync() ?? default;

    private async Task<List<Dictionary<string, AttributeValue>>> RowsAsync() => (await _tables.Client.ScanAsync(new ScanRequest(_tables.Options.GrainStateTable), Ct)).Items ?? [];
}
