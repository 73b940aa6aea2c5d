using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Edna.Events;
using Xunit;

namespace Edna.Grains.Tests.Events;

public sealed class ObjectEventsTests
{
    /// <summary>Keys as people make them: any Unicode, and much of what encodings stumble over.</summary>
    private static readonly Gen<string> Key = Gen.OneOf(Gen.Const("😀 +%41.jpg"), Gen.String[Gen.Char["abc/ +%&=?#é日ß~'\"\\20%2B"], 1, 40], Gen.String[1, 40].Where(IsText));

    /// <summary>Records that can never be understood.</summary>
    private static readonly string[] Bad =
    [
        "1", "null", "[]", "{}", """{"eventName":7}""", """{"eventName":"ObjectCreated:Put"}""", """{"eventName":"ObjectCreated:Put","s3":null}""",
        """{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}""", """{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":""},"object":{"key":"k"}}}""",
        """{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"\ud800"}}}""", """{"eventName":"\udfff"}""",
    ];

    private static readonly string[] Wraps = ["none", "sns", "sns twice"];

    public static TheoryData<string> Forms => ["aws", "minio", "ceph", "bridge"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_key_comes_out_as_it_was_in_every_form_however_wrapped(string form) =>
        Gen.Select(Key, Gen.Int[0, 2], Gen.Long[0, 50_000_000_000_000]).Sample((key, wraps, size) =>
        {
            var document = Wrap(Document(form, key, size), wraps);
            var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(document));
            Assert.True(read.Problem is null, $"{Wraps[wraps]}: {document}: {read.Problem?.Detail}");
            var one = Assert.Single(read.Value!.Events);
            Assert.Equal((ObjectEventKind.Created, "bucket", key, size, "e1", "0055"), (one.Kind, one.Bucket, one.Key, one.Size, one.ETag, one.Sequencer));
            Assert.Equal(new DateTimeOffset(2026, 11, 22, 12, 12, 55, TimeSpan.Zero), one.At);
        }, iter: 2_000);

    [Fact]
    public void A_sample_of_Cephs_is_understood()
    {
        const string sample = """
            {"Records":[{"eventVersion":"2.2","eventSource":"ceph:s3","awsRegion":"","eventTime":"2026-11-22T12:12:55.340384Z","eventName":"ObjectCreated:Put",
            "userIdentity":{"principalId":"test"},"requestParameters":{"sourceIPAddress":""},"responseElements":{"x-amz-request-id":"c.1","x-amz-id-2":"100d-default-default"},
            "s3":{"s3SchemaVersion":"1.0","configurationId":"n1","bucket":{"name":"own","ownerIdentity":{"principalId":"test"},"arn":"arn:aws:s3:::own","id":"c.7"},
            "object":{"key":"in/a b+ü.txt","size":5,"eTag":"5d41402abc4b2a76b9719d911017c592","versionId":"","sequencer":"47DC026B7BFA5914",
            "metadata":[{"key":"x-amz-meta-m","val":"1"}],"tags":[{"key":"state","val":"new"}]}},"eventId":"1795349575.341441.5d41402abc4b2a76b9719d911017c592","opaqueData":"opq"}]}
            """;
        var one = Assert.Single(ObjectEvents.Read(Encoding.UTF8.GetBytes(sample)).Value!.Events);
        Assert.Equal(("in/a b+ü.txt", 5L, "5d41402abc4b2a76b9719d911017c592", "47DC026B7BFA5914", null), (one.Key, one.Size, one.ETag, one.Sequencer, one.VersionId));
    }

    [Theory]
    [InlineData("ObjectCreated:CompleteMultipartUpload", ObjectEventKind.Created)]
    [InlineData("s3:ObjectCreated:Copy", ObjectEventKind.Created)]
    [InlineData("ObjectRemoved:Delete", ObjectEventKind.Removed)]
    [InlineData("s3:ObjectRemoved:DeleteMarkerCreated", ObjectEventKind.Removed)]
    [InlineData("LifecycleExpiration:Delete", ObjectEventKind.Removed)]
    [InlineData("s3:ObjectLifecycle:Expiration:Current", ObjectEventKind.Removed)]
    [InlineData("ObjectTagging:Put", ObjectEventKind.Tagged)]
    [InlineData("ObjectTagging:Delete", ObjectEventKind.Tagged)]
    [InlineData("ObjectRestore:Post", null)]
    [InlineData("ObjectAcl:Put", null)]
    [InlineData("ObjectLifecycle:Transition:Current", null)]
    public void What_happened_is_read_from_the_name_and_other_kinds_are_counted(string name, ObjectEventKind? kind)
    {
        var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(Document("aws", "k", 1, name))).Value!;
        Assert.Equal(kind, read.Events.SingleOrDefault()?.Kind);
        Assert.Equal(kind is null ? 1 : 0, read.OfOtherKinds);
    }

    [Theory]
    [InlineData("Object Created", ObjectEventKind.Created)]
    [InlineData("Object Deleted", ObjectEventKind.Removed)]
    [InlineData("Object Tags Added", ObjectEventKind.Tagged)]
    [InlineData("Object Tags Deleted", ObjectEventKind.Tagged)]
    [InlineData("Object Restore Completed", null)]
    public void So_are_those_of_EventBridge(string type, ObjectEventKind? kind)
    {
        var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(Document("bridge", "k", 1, type))).Value!;
        Assert.Equal((kind, kind is null ? 1 : 0), (read.Events.SingleOrDefault()?.Kind, read.OfOtherKinds));
    }

    [Fact]
    public void Many_records_are_read_in_order_and_bad_ones_are_left_out_and_told_by_their_number()
    {
        var records = new JsonArray([.. Enumerable.Range(0, 300).Select(i => JsonNode.Parse(Document("aws", $"k{i}", i))!["Records"]![0]!.DeepClone())]);
        var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(new JsonObject { ["Records"] = records.DeepClone() }.ToJsonString()));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"k{i}"), read.Value!.Events.Select(e => e.Key));
        records[7]!["s3"]!["object"] = JsonValue.Create(1);
        var rest = ObjectEvents.Read(Encoding.UTF8.GetBytes(new JsonObject { ["Records"] = records }.ToJsonString())).Value!;
        Assert.Equal(Enumerable.Range(0, 300).Where(i => i != 7).Select(i => $"k{i}"), rest.Events.Select(e => e.Key));
        var told = Assert.Single(rest.Malformed);
        Assert.Equal((1, "'Records[7]' names no bucket or no key."), (rest.Invalid, told.Reason));
        Assert.Contains("\"object\":1", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_any_mixture_every_good_record_is_taken_and_every_other_counted_and_with_none_good_it_is_refused() =>
        Gen.Select(Gen.Int[-1, Bad.Length].Array[1, 30], Gen.Int[0, 2]).Sample((kinds, wraps) =>
        {
            // -1 is a good record, the last a kind that says nothing about bytes, the others are bad.
            var texts = kinds.Select((kind, i) => kind < 0 ? Record($"k{i}", "ObjectCreated:Put") : kind == Bad.Length ? Record($"k{i}", "ObjectAcl:Put") : Bad[kind]);
            var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(Wrap($$"""{"Records":[{{string.Join(",\n", texts)}}]}""", wraps)));
            var bad = kinds.Count(k => k >= 0 && k < Bad.Length);
            if (bad == kinds.Length)
            {
                Assert.Equal("event.invalid", read.Problem?.Code);
                Assert.Contains("'Records[0]'", read.Problem?.Detail, StringComparison.Ordinal);
                return;
            }
            var document = read.Value!;
            Assert.Equal(Enumerable.Range(0, kinds.Length).Where(i => kinds[i] < 0).Select(i => $"k{i}"), document.Events.Select(e => e.Key));
            Assert.Equal((bad, kinds.Length - bad - document.Events.Count), (document.Invalid, document.OfOtherKinds));
            var told = Enumerable.Range(0, kinds.Length).Where(i => kinds[i] >= 0 && kinds[i] < Bad.Length).Take(ObjectEventDocument.MostTold);
            Assert.Equal(told.Select(i => (i, Bad[kinds[i]])), document.Malformed.Select(m => (m.At, m.Text)));
        }, iter: 5_000);

    [Fact]
    public void What_is_told_of_a_malformed_record_is_bounded_and_on_one_line()
    {
        var document = $$"""{"Records":[{{Record("k", "ObjectCreated:Put")}}, {"x":NEWLINE"{{new string('x', 10_000)}}"}]}""".Replace("NEWLINE", "\r\n", StringComparison.Ordinal);
        var told = Assert.Single(ObjectEvents.Read(Encoding.UTF8.GetBytes(document)).Value!.Malformed);
        Assert.Equal(MalformedRecord.MostText - 1, told.Text.Length);
        Assert.DoesNotContain(told.Text, char.IsControl);
    }

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"b","RequestId":"r","HostId":"h"}""", null)]
    [InlineData("""{"Type":"UnsubscribeConfirmation","Token":"t"}""", null)]
    [InlineData("""{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.example/?Token=t"}""", "https://sns.example/?Token=t")]
    [InlineData("""{"Records":[]}""", null)]
    public void Tests_and_business_of_SNS_are_fine_and_empty(string document, string? address)
    {
        var read = ObjectEvents.Read(Encoding.UTF8.GetBytes(document)).Value!;
        Assert.Empty(read.Events);
        Assert.Equal(address, read.SubscribeUrl);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Records":{}}""")]
    [InlineData("""{"Records":[1]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"\ud800"}}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","s3":null}]}""")]
    [InlineData("""{"detail-type":"Object Created","detail":{"bucket":{"name":"b"}}}""")]
    [InlineData("""{"Type":"Notification","Message":"not json"}""")]
    [InlineData("""{"Type":"Notification"}""")]
    public void Garbage_is_a_clear_problem(string document) => Assert.Equal("event.invalid", ObjectEvents.Read(Encoding.UTF8.GetBytes(document)).Problem?.Code);

    [Fact]
    public void A_document_has_at_most_256_KiB()
    {
        string Padded(int length) => Document("aws", "k", 1).PadRight(length);
        Assert.Null(ObjectEvents.Read(Encoding.UTF8.GetBytes(Padded(ObjectEvents.DocumentBytes))).Problem);
        Assert.Equal("event.invalid", ObjectEvents.Read(Encoding.UTF8.GetBytes(Padded(ObjectEvents.DocumentBytes + 1))).Problem?.Code);
    }

    [Fact]
    public void Whatever_it_is_given_it_never_throws()
    {
        var seeds = Forms.Select(row => Wrap(Document(row.Data, "a+b%20ü", 5), 1)).ToArray();
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 60]).Sample((seed, at, put, cut) =>
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[seed]);
            bytes[at % bytes.Length] = put;
            _ = ObjectEvents.Read(bytes.AsMemory(0, bytes.Length - (cut > 50 ? cut : 0)));
        }, iter: 20_000);
        Gen.Byte.Array[0, 200].Sample(bytes => _ = ObjectEvents.Read(bytes), iter: 5_000);
        AnyJson(4).Sample(json => _ = ObjectEvents.Read(Encoding.UTF8.GetBytes(json)), iter: 20_000);
    }

    /// <summary>JSON of the names that are looked for, with values of every kind.</summary>
    private static Gen<string> AnyJson(int depth)
    {
        var names = new[] { "Records", "detail-type", "detail", "Type", "Message", "Event", "eventName", "s3", "bucket", "object", "key", "name", "size", "eTag" };
        var leaf = Gen.Int[0, 7].Select(i => new[] { "null", "1", "-1e400", "true", "\"Object Created\"", "\"ObjectCreated:Put\"", "\"Notification\"", "\"\\ud800\"" }[i]);
        if (depth == 0) return leaf;
        var inner = AnyJson(depth - 1);
        var members = Gen.Select(Gen.Int[0, names.Length - 1], inner, (i, value) => $"\"{names[i]}\":{value}").Array[0, 4];
        return Gen.OneOf(leaf, inner.Array[0, 2].Select(a => $"[{string.Join(",", a)}]"), members.Select(m => $"{{{string.Join(",", m)}}}"), members.Select(m => $"{{{string.Join(",", m)}}}"));
    }

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i])) return false;
        return true;
    }

    private static string Record(string key, string name) => $$$"""{"eventName":"{{{name}}}","s3":{"bucket":{"name":"b"},"object":{"key":"{{{key}}}"} } }""";

    private static string Wrap(string document, int times)
    {
        for (; times > 0; times--) document = JsonSerializer.Serialize(new { Type = "Notification", MessageId = "m", TopicArn = "t", Message = document });
        return document;
    }

    private static string Document(string form, string key, long size, string? name = null)
    {
        const string time = "2026-11-22T12:12:55Z";
        if (form == "bridge")
        {
            return new JsonObject
            {
                ["version"] = "0", ["detail-type"] = name ?? "Object Created", ["source"] = "aws.s3", ["time"] = time,
                ["detail"] = new JsonObject { ["bucket"] = new JsonObject { ["name"] = "bucket" }, ["object"] = new JsonObject { ["key"] = key, ["size"] = size, ["etag"] = "e1", ["sequencer"] = "0055" } },
            }.ToJsonString();
        }
        var encoded = form switch { "aws" => WebUtility.UrlEncode(key).Replace("%2F", "/", StringComparison.Ordinal), "minio" => Uri.EscapeDataString(key), _ => key };
        return new JsonObject
        {
            ["Records"] = new JsonArray(new JsonObject
            {
                ["eventVersion"] = "2.1", ["eventSource"] = string.Create(CultureInfo.InvariantCulture, $"{form}:s3"), ["eventTime"] = time, ["eventName"] = name ?? "ObjectCreated:Put",
                ["s3"] = new JsonObject { ["bucket"] = new JsonObject { ["name"] = "bucket" }, ["object"] = new JsonObject { ["key"] = encoded, ["size"] = size, ["eTag"] = "\"e1\"", ["sequencer"] = "0055" } },
            }),
        }.ToJsonString();
    }
}
