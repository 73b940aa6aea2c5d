using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edna.Events;
using Edna.Results;
using Edna.Gateway.Tests.Problems;
using Xunit;

namespace Edna.Gateway.Tests.Events;

public sealed class CallbackTests(RunningGateway gateway)
{
    private const string Address = "/v1/callbacks/s3";

    private string Key => File.ReadAllText(Path.Combine(gateway.Directory, "callback.key")).Trim();

    [Fact]
    public async Task A_client_that_never_completes_sees_its_item_available()
    {
        var dataset = await gateway.NewDatasetAsync();
        var planned = await gateway.PlanAsync(dataset, new { path = "ä +1.txt", contentType = "text/plain", size = 5 });
        (await planned.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
        var waiting = gateway.Admin.GetJsonAsync($"{planned.Item}?wait=available&timeout=30");
        using var taken = await SendAsync(EventOf(dataset, planned, 5));
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Equal((1, 1, 0), Counts(await taken.ReadAsync()));
        Assert.Equal("available", (await waiting).GetProperty("status").GetString());
        using var again = await SendAsync(EventOf(dataset, planned, 5));
        Assert.Equal((1, 0, 0), Counts(await again.ReadAsync()));
    }

    [Fact]
    public async Task The_key_is_taken_as_bearer_as_password_and_in_the_address()
    {
        const string test = """{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}""";
        using var client = gateway.Anonymous();
        string[][] headers = [[$"Authorization: Bearer {Key}"], [$"Authorization: Basic {Basic("s3", Key)}"], [$"Authorization: Basic {Basic(Key, "")}"]];
        foreach (var header in headers)
        {
            using var taken = await client.SendAsync("POST", Address, test, header);
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }
        using var byAddress = await client.PostAsync($"{Address}?key={Key}", Plain(test));
        Assert.Equal(HttpStatusCode.Accepted, byAddress.StatusCode);
        Assert.Equal((0, 0, 0), Counts(await byAddress.ReadAsync()));
    }

    [Fact]
    public async Task Nothing_else_opens_the_callback_and_its_key_opens_nothing_else()
    {
        using var client = gateway.Anonymous();
        using var missing = await client.PostAsync(Address, Plain("{}"));
        await missing.ShouldBeProblemAsync(401, "auth.missing");
        Assert.Equal(["Basic", "Bearer"], missing.Headers.WwwAuthenticate.Select(h => h.Scheme));
        using var ordinary = await gateway.WithNewKeyAsync("admin");
        foreach (var other in (HttpClient[])[gateway.Admin, ordinary, gateway.WithToken("eyJhbGciOiJub25lIn0.e30."), gateway.WithToken(new string('x', 5_000))])
        {
            using var refused = await other.PostAsync(Address, Plain("{}"));
            await refused.ShouldBeProblemAsync(403, "auth.forbidden");
        }
        using var wrong = await client.SendAsync("POST", Address, "{}", $"Authorization: Basic {Basic("s3", Key + "x")}");
        await wrong.ShouldBeProblemAsync(403, "auth.forbidden");
        using var broken = await client.SendAsync("POST", $"{Address}?key={Key}", "{}", "Authorization: Basic %%%");
        await broken.ShouldBeProblemAsync(403, "auth.forbidden");
        using var datasets = await gateway.WithToken(Key).GetAsync("/v1/datasets");
        await datasets.ShouldBeProblemAsync(401, "auth.invalid");
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused_for_good_and_what_is_too_large_too()
    {
        using var garbage = await SendAsync("nonsense");
        await garbage.ShouldBeProblemAsync(400, "event.invalid");
        using var empty = await SendAsync("");
        await empty.ShouldBeProblemAsync(400, "event.invalid");
        using var large = await SendAsync(new string(' ', ObjectEvents.DocumentBytes + 1));
        await large.ShouldBeProblemAsync(413, "request.too_large");
    }

    [Fact]
    public async Task A_malformed_record_is_counted_and_told_and_the_others_are_taken()
    {
        var dataset = await gateway.NewDatasetAsync();
        var planned = await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5 });
        (await planned.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
        var document = JsonNode.Parse(EventOf(dataset, planned, 5))!;
        document["Records"]!.AsArray().Insert(0, JsonNode.Parse("""{"eventName":"ObjectCreated:Put","s3":{}}"""));
        using var taken = await SendAsync(document.ToJsonString());
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var counts = await taken.ReadAsync();
        Assert.Equal((2, 1, 0), Counts(counts));
        Assert.Equal(1, counts.GetProperty("invalid").GetInt32());
        Assert.StartsWith("'Records[0]' has no", counts.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("available", (await gateway.Admin.GetJsonAsync(planned.Item)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Other_keys_and_kinds_are_counted()
    {
        var document = JsonNode.Parse(EventOf("/v1/datasets/none", null, 1))!;
        var restored = document["Records"]![0]!.DeepClone();
        restored["eventName"] = "ObjectRestore:Post";
        document["Records"]!.AsArray().Add(restored);
        using var taken = await SendAsync(document.ToJsonString());
        Assert.Equal((2, 0, 2), Counts(await taken.ReadAsync()));
    }

    [Fact]
    public async Task A_subscription_is_not_confirmed_by_itself_and_the_answer_says_how()
    {
        using var taken = await SendAsync("""{"Type":"SubscriptionConfirmation","SubscribeURL":"http://127.0.0.1:1/"}""");
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Contains("SubscribeURL", (await taken.ReadAsync()).GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_store_is_away_the_sender_is_told_to_come_again()
    {
        await using var away = await FaultTests.StartAsync(() => new UnavailableException("The object store"));
        var dataset = await away.NewDatasetAsync();
        var planned = await away.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5 });
        using var client = away.WithToken(File.ReadAllText(Path.Combine(away.Directory, "callback.key")).Trim());
        using var refused = await client.PostAsync(Address, Plain(EventOf(dataset, planned, 6)));
        await refused.ShouldBeProblemAsync(503, "service.unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("short", "must be edna_")]
    [InlineData("edna_admin_and_callback_alike", "must not be the admin's key")]
    public async Task A_key_that_will_not_do_stops_the_start_with_its_setting(string key, string reason)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => RunningGateway.StartAsync(["--EDNA_ADMIN_KEY=edna_admin_and_callback_alike", $"--Edna:Callbacks:Key={key}"]));
        Assert.Contains("Edna:Callbacks:Key", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_ones_own_is_taken_and_kept_to_the_owner()
    {
        await using var own = await RunningGateway.StartAsync(["--EDNA_CALLBACK_KEY=edna_a_key_of_ones_own_1"]);
        using var taken = await own.WithToken("edna_a_key_of_ones_own_1").PostAsync(Address, Plain("""{"Records":[]}"""));
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var file = Path.Combine(own.Directory, "callback.key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private async Task<HttpResponseMessage> SendAsync(string document)
    {
        using var client = gateway.WithToken(Key);
        return await client.PostAsync(Address, Plain(document));
    }

    // As SNS does: text, not JSON.
    private static StringContent Plain(string document) => new(document, Encoding.UTF8, new MediaTypeHeaderValue("text/plain"));

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private static (int, int, int) Counts(JsonElement counts) =>
        (counts.GetProperty("received").GetInt32(), counts.GetProperty("confirmed").GetInt32(), counts.GetProperty("ignored").GetInt32());

    private static string EventOf(string dataset, PlannedUpload? planned, long size)
    {
        var item = planned?.Item[(planned.Item.LastIndexOf('/') + 1)..] ?? "somebody";
        var key = $"default/{dataset[(dataset.LastIndexOf('/') + 1)..]}/items/{item}/1";
        return JsonSerializer.Serialize(new
        {
            Records = new[]
            {
                new
                {
                    eventSource = "aws:s3", eventName = "ObjectCreated:Put", eventTime = "2026-11-22T12:00:00Z",
                    s3 = new { bucket = new { name = "edna" }, @object = new { key = Uri.EscapeDataString(key), size, eTag = "e", sequencer = "00AA" } },
                },
            },
        });
    }
}
