using System.Text;
using Edna.Compliance.Search;
using Edna.Items;
using Edna.Search.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>
/// What stands in the file and in cursors under these names and numbers must be readable by later versions: a change here needs
/// a migration, or an index that starts anew.
/// </summary>
public sealed class SearchStabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_schema_is_as_it_was_released()
    {
        await using var host = new SqliteSearchIndexHost();
        var columns = await host.Database.ReadAsync(connection =>
        {
            var rows = connection.Prepare("""
                SELECT m.name || '(' || group_concat(c.name, ' ') || ')' FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
                WHERE m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'doc_text%' GROUP BY m.name ORDER BY m.name
                """);
            var all = new List<string>();
            while (rows.Step()) all.Add(rows.Text(0));
            return all;
        }, Ct);
        Assert.Equal([
            "dataset(number tenant name)",
            "doc(id tenant dataset item_id revision status size updated_at terms words fingerprint path)",
            "field(number name)",
            "free_number(of number)",
            "frequent_word(word tenant)",
            "generation(name)",
            "posting(key ids)",
            "tally(dataset status items bytes)",
            "term(number field value)",
        ], columns);
        var indexes = await host.Database.ReadAsync(connection =>
        {
            var rows = connection.Prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name");
            var all = new List<string>();
            while (rows.Step()) all.Add(rows.Text(0));
            return all;
        }, Ct);
        Assert.Equal([
            "CREATE UNIQUE INDEX doc_by_item ON doc (dataset, item_id)", "CREATE INDEX doc_by_path ON doc (tenant, path)",
            "CREATE INDEX doc_by_size ON doc (tenant, size)", "CREATE INDEX doc_by_updated_at ON doc (tenant, updated_at)",
        ], indexes);
        var words = await host.Database.ReadAsync(connection =>
        {
            var row = connection.Prepare("SELECT sql FROM sqlite_schema WHERE name = 'doc_text'");
            row.Step();
            var sql = row.Text(0);
            row.Reset();
            return string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }, Ct);
        Assert.Equal(
            "CREATE VIRTUAL TABLE doc_text USING fts5 ( path, metadata, labels, tokens, content='', contentless_delete=1, tokenize=\"ascii\" )",
            words);
        Assert.Equal(4, SearchSchema.Migrations.Version);
    }

    [Fact]
    public async Task A_document_lies_in_the_file_as_it_was_released()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("cats/ü.jpg", 3) with
        {
            Status = ItemStatus.Trashed, Split = "train", LabelClasses = ["cat"], Tags = new Dictionary<string, string> { ["t"] = "v" },
            Metadata = [new("m.x", "some words")],
        });
        var (row, names) = await host.Database.ReadAsync(connection =>
        {
            var doc = connection.Prepare("SELECT dataset, revision, status, size, updated_at, hex(item_id), hex(terms), hex(words), fingerprint, path, tenant FROM doc");
            doc.Step();
            var found = string.Join(' ', Enumerable.Range(0, 11).Select(doc.Text));
            doc.Reset();
            var field = connection.Prepare(
                "SELECT f.number || ':' || f.name || ' ' || t.number || ':' || t.value FROM term t JOIN field f ON f.number = t.field ORDER BY t.number");
            var all = new List<string>();
            while (field.Step()) all.Add(field.Text(0));
            return (found, all);
        }, Ct);
        Assert.Equal(
            "1 3 3 100 639079632000000000 8D07FD4F9069B4E2945F3355C6DAD7BC80"
            + " 0100000001000000020000000200000003000000030000000400000004000000 EE541C118C67E64316EC35471D63C4E1872619EA2269E7F1 -6705822486496688841 cats/ü.jpg 5", row);
        Assert.Equal(
            ["1:contentType 1:image/jpeg", "2:split 2:train", "3:tag:t 3:v", "4:label 4:cat", "5:tenant 5:default", "6:dataset 6:1", "7:status 7:trashed"], names);
        var postings = await host.Database.ReadAsync(connection =>
        {
            var rows = connection.Prepare("SELECT key || ' ' || hex(ids) FROM posting WHERE key > 5 << 31 ORDER BY key");
            var all = new List<string>();
            while (rows.Step()) all.Add(rows.Text(0));
            return all;
        }, Ct);
        Assert.Equal(["12884901888 0100", "15032385536 0100"], postings);
    }

    [Fact]
    public void Words_that_stand_for_metadata_are_as_they_were_released()
    {
        Assert.Equal("m17620cf24af8ee7c48ead0b046360a26", SearchToken.OfMetadata("camera.model", "größe 7"));
        Assert.NotEqual(SearchToken.OfMetadata("a", "bc"), SearchToken.OfMetadata("ab", "c"));
    }

    [Fact]
    public void Orders_and_cursors_are_as_they_were_released()
    {
        Assert.Equal(
            [(SortField.Relevance, 0), (SortField.Path, 1), (SortField.UpdatedAt, 2), (SortField.Size, 3)],
            Enum.GetValues<SortField>().Select(field => (field, (int)field)));
        var path = new HitPlace(2, Encoding.UTF8.GetBytes("cats/1"), 77);
        var byRelevance = SearchOrder.Parse("relevance", "g");
        Assert.Equal("EAAAAAAAAAACAAAAAAAAAE16kxq2qd4TdWNhdHMvMQ", byRelevance.Format(path));
        Assert.Equal("kwAAAAAAAAPoAAAAAAAAAE16kxq2qd4TdQ", SearchOrder.Parse("-size", "g").Format(new(1_000, [], 77)));
        var read = byRelevance.Read(byRelevance.Format(path))!.Value;
        Assert.Equal((2L, "cats/1", 77L), (read.Number, Encoding.UTF8.GetString(read.Path), read.Id));
    }
}
