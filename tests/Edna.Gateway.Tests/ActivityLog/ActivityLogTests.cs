using System.Buffers;
using System.Text.Json;
using CsCheck;
using Edna.ActivityLog;
using Edna.Hosting;
using Xunit;

namespace Edna.Gateway.Tests.ActivityLog;

/// <summary>The activity log: what stands in a line, which requests have one, and where it goes.</summary>
public sealed class ActivityLogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_may_change_something_leaves_a_line_whatever_came_of_it()
    {
        var gateway = await RunningGateway.StartAsync(["--Edna:Activity:Output=File"]);
        var file = Path.Combine(gateway.Directory, "activity.jsonl");
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewItemAsync(dataset);
        using var invalid = await gateway.Admin.SendAsync("PUT", $"{item}/tags", """{"a": 1}""");
        // A line is written when its request has ended, and that may be after the answer has arrived: each waits for the line of the one before.
        await EventuallyAsync(file, 3);
        using (var reader = await gateway.WithNewKeyAsync("read"))
        {
            await EventuallyAsync(file, 4);
            await reader.SendAsync("DELETE", item);
        }
        await EventuallyAsync(file, 5);
        using (var anybody = gateway.Anonymous()) await anybody.SendAsync("DELETE", item);
        await gateway.Admin.GetAsync(item);
        await gateway.Admin.SendAsync("POST", "/v1/search", "{}");
        await gateway.Admin.SendAsync("POST", "/nowhere", "{}");

        var lines = (await EventuallyAsync(file, 6)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([
            "default admin POST /v1/datasets 201 ok",
            "default admin POST /v1/datasets/{dataset}/items 201 ok",
            "default admin PUT /v1/datasets/{dataset}/items/{item}/tags 400 refused request.invalid",
            "default admin POST /v1/api-keys 201 ok",
            "default key:test DELETE /v1/datasets/{dataset}/items/{item} 403 refused auth.forbidden",
            "  DELETE /v1/datasets/{dataset}/items/{item} 401 refused auth.missing",
        ], lines.Select(line => string.Join(' ', ((string[])["tenant", "who", "action", "status", "outcome", "code"]).Select(name => Text(line, name))).TrimEnd()));
        Assert.Equal((dataset.Split('/')[^1], item.Split('/')[^1], "127.0.0.1"), (Text(lines[2], "dataset"), Text(lines[2], "target"), Text(lines[2], "from")));
        Assert.Equal(Text(await invalid.ReadAsync(), "traceId"), Text(lines[2], "traceId"));
        Assert.All(lines, line => Assert.False(line.TryGetProperty("_aws", out _)));
        await gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("127.0.0.0/8, 10.0.0.0/8", "203.0.113.7")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public async Task Whom_a_proxy_asks_for_is_believed_to_the_proxies_that_are_trusted(string trusted, string from)
    {
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Activity:Output=File", $"--Edna:Gateway:TrustedProxies={trusted}"]);
        // The first is what a caller claims to a proxy that is not trusted; the last was written by one that is.
        await gateway.Admin.SendAsync("POST", "/v1/datasets", """{"name": "birds"}""", "X-Forwarded-For: 198.51.100.1, 203.0.113.7, 10.1.2.3");
        var line = JsonDocument.Parse((await EventuallyAsync(Path.Combine(gateway.Directory, "activity.jsonl"), 1))[0]).RootElement;
        Assert.Equal(from, Text(line, "from"));
    }

    [Fact]
    public async Task A_proxy_may_say_it_in_a_header_of_its_own_and_the_usual_one_is_a_claim_then()
    {
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Activity:Output=File", "--Edna:Gateway:TrustedProxies=127.0.0.0/8", "--Edna:Gateway:ForwardedForHeader=Edna-From"]);
        await gateway.Admin.SendAsync("POST", "/v1/datasets", """{"name": "birds"}""", "Edna-From: 203.0.113.7", "X-Forwarded-For: 198.51.100.1");
        var line = JsonDocument.Parse((await EventuallyAsync(Path.Combine(gateway.Directory, "activity.jsonl"), 1))[0]).RootElement;
        Assert.Equal("203.0.113.7", Text(line, "from"));
    }

    [Fact]
    public async Task The_header_must_be_the_name_of_one()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RunningGateway.StartAsync(["--Edna:Gateway:ForwardedForHeader=Edna From"]));
        Assert.Equal("Edna:Gateway:ForwardedForHeader: must be the name of a header, of letters, digits and '-', not 'Edna From'.", refused.Message);
    }

    [Fact]
    public async Task Trusted_proxies_must_be_networks()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RunningGateway.StartAsync(["--Edna:Gateway:TrustedProxies=10.0.0.0/8,here"]));
        Assert.Equal("Edna:Gateway:TrustedProxies: must be networks such as 10.0.0.0/8, separated by commas, not 'here'.", refused.Message);
    }

    [Fact]
    public void A_line_is_one_line_of_JSON_whatever_stands_in_it() => Gen.Select(Gen.String, Gen.String.Null(), Gen.Int[100, 599], Gen.Bool).Sample((text, other, status, metrics) =>
    {
        var buffer = new ArrayBufferWriter<byte>();
        new ActivityLine { At = DateTimeOffset.UnixEpoch, Action = text, Who = other, Dataset = text, Status = status, DurationMs = 1.23456, TraceId = text }.Write(buffer, metrics ? "Here" : null);
        Assert.Equal((byte)'\n', buffer.WrittenSpan[^1]);
        Assert.Equal(1, buffer.WrittenSpan.Count((byte)'\n'));
        using var json = JsonDocument.Parse(buffer.WrittenMemory[..^1]);
        Assert.Equal(other is not null, json.RootElement.TryGetProperty("who", out _));
        Assert.Equal(status >= 500 ? "failed" : status >= 400 ? "refused" : "ok", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(1.235, json.RootElement.GetProperty("durationMs").GetDouble());
        if (!metrics) return;
        var directive = json.RootElement.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0];
        Assert.Equal("Here", directive.GetProperty("Namespace").GetString());
        // What the directive names must stand in the line, or CloudWatch makes nothing of it.
        foreach (var name in directive.GetProperty("Metrics").EnumerateArray().Select(metric => metric.GetProperty("Name").GetString()!)
            .Concat(directive.GetProperty("Dimensions")[0].EnumerateArray().Select(dimension => dimension.GetString()!)))
            Assert.True(json.RootElement.TryGetProperty(name, out _), name);
    }, iter: 2_000);

    [Fact]
    public async Task A_file_that_has_grown_is_put_aside_and_the_last_ones_are_kept()
    {
        var folder = Directory.CreateTempSubdirectory("edna-test-").FullName;
        var path = Path.Combine(folder, "a.jsonl");
        await using (var sink = new FileSink(path, size: 100))
        {
            for (var n = 0; n < 23; n++) await sink.WriteAsync(new byte[30].Select(_ => (byte)('a' + n)).ToArray());
        }
        Assert.Equal(1 + FileSink.Kept, Directory.GetFiles(folder).Length);
        var kept = Enumerable.Range(1, FileSink.Kept).Reverse().Select(n => File.ReadAllText($"{path}.{n}")).Append(await File.ReadAllTextAsync(path, Ct));
        Assert.Equal(string.Concat(Enumerable.Range(4, 19).Select(n => new string((char)('a' + n), 30))), string.Concat(kept));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string[]> EventuallyAsync(string file, int lines)
    {
        while (true)
        {
            var found = File.Exists(file) ? await File.ReadAllLinesAsync(file, Ct) : [];
            if (found.Length >= lines) return found;
            await Task.Delay(20, Ct);
        }
    }

    private static string Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "";
}
