using System.Net;
using System.Text.Json;
using Edna.Silo.Tests.Webhooks;
using Xunit;

namespace Edna.Gateway.Tests.Webhooks;

public sealed class WebhookApiTests(WebhookHosts hosts, RunningGateway strict) : IClassFixture<WebhookHosts>
{
    private readonly RunningGateway gateway = hosts.Gateway;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_made_read_changed_and_removed_and_its_secret_shown_once()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var made = await gateway.Admin.SendAsync("POST", $"{dataset}/webhooks", """{"url": "http://127.0.0.1:1/a", "kinds": ["available", "upload_opened"], "description": "d", "enabled": false}""", "Idempotency-Key: once");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var webhook = await made.ReadAsync();
        Assert.Equal(
            ["id", "url", "kinds", "description", "enabled", "goneSince", "createdAt", "createdBy", "cursor", "waiting", "overlapUntil", "secret", "expired"], webhook.EnumerateObject().Select(m => m.Name));
        Assert.Equal("""["available","upload_opened"]""", webhook.GetProperty("kinds").GetRawText());
        Assert.StartsWith("whsec_", webhook.GetProperty("secret").GetString(), StringComparison.Ordinal);
        var address = made.Headers.Location!.ToString();
        Assert.Equal($"{dataset}/webhooks/{webhook.GetProperty("id").GetString()}", address);

        using var again = await gateway.Admin.SendAsync("POST", $"{dataset}/webhooks", """{"url": "http://127.0.0.1:1/a", "kinds": ["available", "upload_opened"], "description": "d", "enabled": false}""", "Idempotency-Key: once");
        var replayed = await again.ReadAsync();
        Assert.Equal(webhook.GetProperty("id").GetString(), replayed.GetProperty("id").GetString());
        Assert.False(replayed.TryGetProperty("secret", out _));
        Assert.Equal(replayed.GetRawText(), (await gateway.Admin.GetJsonAsync(address)).GetRawText());
        Assert.Equal(1, (await gateway.Admin.GetJsonAsync($"{dataset}/webhooks")).GetProperty("items").GetArrayLength());

        using var patched = await gateway.Admin.SendAsync("PATCH", address, """{"kinds": null, "url": "http://127.0.0.1:1/b"}""");
        Assert.Equal(("http://127.0.0.1:1/b", JsonValueKind.Null, "d"), ((await patched.ReadAsync()).GetProperty("url").GetString(), (await patched.ReadAsync()).GetProperty("kinds").ValueKind, (await patched.ReadAsync()).GetProperty("description").GetString()));
        using var wrong = await gateway.Admin.SendAsync("PATCH", address, """{"url": null}""");
        await wrong.ShouldNameAsync("request.invalid", "url");

        using var removed = await gateway.Admin.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        foreach (var (method, below) in new[] { ("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/secret:rotate"), ("GET", "/deliveries"), ("POST", "/deliveries/msg_x/redeliver") })
            await (await gateway.Admin.SendAsync(method, address + below)).ShouldBeProblemAsync(404, "webhook.not_found");
    }

    [Fact]
    public async Task Deliveries_are_listed_with_their_answers_and_sent_again_by_id()
    {
        await using var receiver = new Receiver(m => Task.FromResult(m.Type == "item.created" ? new Reply(500, "not yet") : new Reply(200, "fine")));
        var dataset = await gateway.NewDatasetAsync();
        using var made = await gateway.Admin.SendAsync("POST", $"{dataset}/webhooks", $$"""{"url": "{{receiver.Url}}"}""");
        var (address, secret) = (made.Headers.Location!.ToString(), (await made.ReadAsync()).GetProperty("secret").GetString()!);
        using var tested = await gateway.Admin.PostAsync($"{address}/test", null, Ct);
        var test = await tested.ReadAsync();
        Assert.Equal(("webhook.test", "delivered", 200, "fine"), (Text(test, "type"), Text(test, "state"), test.GetProperty("answer").GetProperty("status").GetInt32(), Text(test.GetProperty("answer"), "body")));

        await gateway.NewItemsAsync(dataset, "a");
        JsonElement waiting;
        do waiting = (await gateway.Admin.GetJsonAsync($"{address}/deliveries?limit=1")).GetProperty("items")[0];
        while (Text(waiting, "type") != "item.created" || waiting.GetProperty("attempts").GetInt32() < 2);
        Assert.Equal(["id", "type", "change", "state", "attempts", "firstAttemptAt", "nextAttemptAt", "answer", "expired"], waiting.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["at", "status", "durationMs", "error", "body"], waiting.GetProperty("answer").EnumerateObject().Select(m => m.Name));
        Assert.Equal(("waiting", "not yet", "a"), (Text(waiting, "state"), Text(waiting.GetProperty("answer"), "body"), Text(waiting.GetProperty("change"), "path")));
        Assert.Equal(JsonValueKind.String, waiting.GetProperty("nextAttemptAt").ValueKind);

        receiver.Reply = _ => Task.FromResult(new Reply(201));
        var id = Text(waiting, "id");
        HttpResponseMessage redelivered;
        // While an attempt of the schedule is on its way, it is refused.
        do redelivered = await gateway.Admin.PostAsync($"{address}/deliveries/{id}/redeliver", null, Ct);
        while (redelivered.StatusCode == HttpStatusCode.Conflict);
        Assert.Equal(("delivered", 201), (Text(await redelivered.ReadAsync(), "state"), (await redelivered.ReadAsync()).GetProperty("answer").GetProperty("status").GetInt32()));
        redelivered.Dispose();
        Assert.All(receiver.Messages, m => Assert.True(m.IsSignedBy(secret)));
        Assert.Single(receiver.Messages.Where(m => m.Type == "item.created").Select(m => m.Id).Distinct());

        var first = await gateway.Admin.GetJsonAsync($"{address}/deliveries?limit=1");
        var second = await gateway.Admin.GetJsonAsync($"{address}/deliveries?limit=1&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal(("item.created", "webhook.test", JsonValueKind.Null), (Text(first.GetProperty("items")[0], "type"), Text(second.GetProperty("items")[0], "type"), second.GetProperty("nextCursor").ValueKind));
        using var nonsense = await gateway.Admin.GetAsync($"{address}/deliveries?cursor=x", Ct);
        await nonsense.ShouldNameAsync("request.invalid", "cursor");
        using var missing = await gateway.Admin.PostAsync($"{address}/deliveries/msg_x/redeliver", null, Ct);
        await missing.ShouldBeProblemAsync(404, "webhook.delivery_not_found");
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_one_before()
    {
        await using var receiver = new Receiver();
        var dataset = await gateway.NewDatasetAsync();
        using var made = await gateway.Admin.SendAsync("POST", $"{dataset}/webhooks", $$"""{"url": "{{receiver.Url}}"}""");
        var address = made.Headers.Location!.ToString();
        using var rotated = await gateway.Admin.PostAsync($"{address}/secret:rotate", null, Ct);
        var webhook = await rotated.ReadAsync();
        Assert.InRange(webhook.GetProperty("overlapUntil").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        (await gateway.Admin.PostAsync($"{address}/test", null, Ct)).EnsureSuccessStatusCode();
        Assert.True(receiver.Messages[0].IsSignedBy((await made.ReadAsync()).GetProperty("secret").GetString()!));
        Assert.True(receiver.Messages[0].IsSignedBy(webhook.GetProperty("secret").GetString()!));
        using var wrong = await gateway.Admin.SendAsync("POST", $"{address}/secret:rotate", """{"overlapSeconds": 604801}""");
        await wrong.ShouldNameAsync("request.invalid", "overlapSeconds");
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:192.168.0.1]/")]
    [InlineData("https://[64:ff9b::a00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://localhost/")]
    [InlineData("https://2130706433/")]
    public async Task What_is_not_public_is_refused_unless_it_is_allowed(string url)
    {
        using var refused = await strict.Admin.SendAsync("POST", $"{await strict.NewDatasetAsync()}/webhooks", $$"""{"url": "{{url}}"}""");
        await refused.ShouldNameAsync("webhook.target_refused", "url");
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("""{"url": "http://example.com/"}""", "url")]
    [InlineData("""{"url": "https://192.0.2.1/", "kinds": [], "description": 7}""", "description")]
    [InlineData("""{"url": "ftp://192.0.2.1/", "kinds": []}""", "url", "kinds")]
    [InlineData("""{"url": "https://192.0.2.1/", "secret": "whsec_"}""", "secret")]
    public async Task A_wrong_request_names_its_fields(string body, params string[] fields)
    {
        using var refused = await strict.Admin.SendAsync("POST", $"{await strict.NewDatasetAsync()}/webhooks", body);
        await refused.ShouldNameAsync("request.invalid", fields);
    }

    [Fact]
    public async Task Webhooks_are_for_admins_and_of_a_dataset_that_is_there()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var writer = await gateway.WithNewKeyAsync("write", "label");
        foreach (var (method, below) in new[] { ("GET", ""), ("POST", ""), ("GET", "/abcdefghijklmnop"), ("POST", "/abcdefghijklmnop/test"), ("POST", "/abcdefghijklmnop/secret:rotate") })
            await (await writer.SendAsync(method, $"{dataset}/webhooks{below}", method == "POST" ? "{}" : null)).ShouldBeProblemAsync(403, "auth.forbidden");
        await (await gateway.Admin.SendAsync("GET", "/v1/datasets/nowhere/webhooks")).ShouldBeProblemAsync(404, "dataset.not_found");
        await (await gateway.Admin.SendAsync("POST", "/v1/datasets/nowhere/webhooks", """{"url": "http://127.0.0.1:1/"}""")).ShouldBeProblemAsync(404, "dataset.not_found");
        await (await gateway.Admin.SendAsync("GET", $"{dataset}/webhooks/nonsense")).ShouldBeProblemAsync(404, "webhook.not_found");
        await (await gateway.Admin.SendAsync("GET", $"{dataset}/webhooks/abcdefghijklmnop")).ShouldBeProblemAsync(404, "webhook.not_found");
    }

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString()!;
}
