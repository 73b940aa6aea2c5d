using System.Text;
using CsCheck;
using Edna.Items;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class ItemBatchBodyTests
{
    [Theory]
    [InlineData("[]", "request.invalid")]
    [InlineData("{}", "request.invalid")]
    [InlineData("7", "request.invalid")]
    [InlineData("{\"items\": {}}", "request.invalid")]
    [InlineData("{\"items\": null}", "request.invalid")]
    [InlineData("{\"items\": [], \"more\": 1}", "request.invalid")]
    [InlineData("{\"items\": [], \"items\": []}", "request.invalid")]
    [InlineData("{\"items\": [}", "request.malformed_json")]
    [InlineData("{\"items\": [{\"path\": ]}", "request.malformed_json")]
    [InlineData("{\"items\": []", "request.malformed_json")]
    [InlineData("{\"items\": []} x", "request.malformed_json")]
    [InlineData("{\"items\": []}{}", "request.malformed_json")]
    public void A_body_of_another_form_is_refused_as_a_whole(string json, string code) => Assert.Equal(code, Parse(json).Problem?.Code);

    [Fact]
    public void A_thousand_entries_are_taken_and_one_more_is_not()
    {
        Assert.Equal(1_000, Parse(Batch(Enumerable.Repeat("{}", 1_000))).Entries.Count);
        Assert.Equal("request.invalid", Parse(Batch(Enumerable.Repeat("{}", 1_001))).Problem?.Code);
        Assert.Empty(Parse(Batch([])).Entries);
    }

    [Fact]
    public void A_wrong_entry_gets_a_problem_of_its_own_and_the_others_go_on()
    {
        // Each kind of entry, in any mixture: outcomes stand in order and none spoils another.
        (string Json, bool Good)[] kinds =
        [
            ("{\"path\": \"a\", \"size\": 1, \"metadata\": {\"deep\": [1, {\"x\": \"}]\"}]}}", true), ("{}", true), ("{\"path\": \"ü/\\\"q\"}", true),
            ("{\"colour\": 1}", false), ("7", false), ("null", false), ("[]", false), ("\"a\"", false), ("{\"size\": \"big\"}", false),
            ("{\"path\": \"a\", \"path\": \"b\"}", false), ("{\"checksum\": {}}", false), ("true", false),
        ];
        Gen.Int[0, kinds.Length - 1].Select(i => kinds[i]).Array[0, 40].Sample(entries =>
        {
            var read = Parse(Batch(entries.Select(e => e.Json)));
            Assert.Null(read.Problem);
            Assert.Equal(entries.Select(e => e.Good), read.Entries.Select(e => e.Problem is null));
            Assert.All(read.Entries.Where(e => e.Problem is not null), e => Assert.Equal("request.invalid", e.Problem!.Code));
        }, iter: 500);
    }

    [Fact]
    public void Everything_that_was_asked_for_arrives()
    {
        var entry = Parse(Batch(["""{"path":"ü.jpg","contentType":"image/jpeg","size":9,"checksum":{"algorithm":"md5","value":"eA=="},"tags":{"a":"b"},"metadata":{"k":[1]},"split":"train","multipart":false}"""])).Entries[0].Value!;
        Assert.Equal(("ü.jpg", "image/jpeg", 9L, "md5", "b", "{\"k\":[1]}", "train", false),
            (entry.Path, entry.ContentType, entry.Size, entry.Checksum!.Algorithm, entry.Tags!["a"], entry.Metadata!.Value.Text, entry.Split, entry.Multipart));
    }

    private static ItemBatchBody Parse(string json) => ItemBatchBody.Parse(Encoding.UTF8.GetBytes(json));

    private static string Batch(IEnumerable<string> entries) => $"{{\"items\": [{string.Join(",", entries)}]}}";
}
