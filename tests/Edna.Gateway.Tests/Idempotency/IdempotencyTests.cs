using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Idempotency;

public sealed class IdempotencyTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_repeated_request_is_answered_as_before_and_carried_out_once()
    {
        var dataset = await gateway.NewDatasetAsync();
        (string Address, string Body)[] routes =
        [
            ("/v1/datasets", $"{{\"name\": \"i-{Guid.NewGuid():N}\"}}"),
            ($"{dataset}/items", "{\"path\": \"a.txt\", \"contentType\": \"text/plain\", \"size\": 5}"),
            ($"{dataset}/items:batch", "{\"items\": [{\"path\": \"b.txt\", \"contentType\": \"text/plain\", \"size\": 5}, {}]}"),
        ];
        foreach (var (address, body) in routes)
        {
            var key = $"Idempotency-Key: {Guid.NewGuid()}";
            using var first = await gateway.Admin.SendAsync("POST", address, body, key);
            using var second = await gateway.Admin.SendAsync("POST", address, body, key);
            Assert.True(first.IsSuccessStatusCode);
            Assert.Equal(first.StatusCode, second.StatusCode);
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
            Assert.Equal((first.Etag(), first.Headers.Location), (second.Etag(), second.Headers.Location));
            Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
            Assert.False(first.Headers.Contains("Idempotency-Replayed"));
            Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        }
    }

    [Fact]
    public async Task A_key_with_another_body_or_address_is_refused()
    {
        var dataset = await gateway.NewDatasetAsync();
        var key = $"Idempotency-Key: {Guid.NewGuid()}";
        using var first = await gateway.Admin.SendAsync("POST", $"{dataset}/items", "{\"path\": \"a.txt\", \"contentType\": \"text/plain\", \"size\": 5}", key);
        using var body = await gateway.Admin.SendAsync("POST", $"{dataset}/items", "{\"path\": \"b.txt\", \"contentType\": \"text/plain\", \"size\": 5}", key);
        await body.ShouldBeProblemAsync(422, "idempotency.key_reused");
        using var address = await gateway.Admin.SendAsync("POST", $"{dataset}/items:batch", "{\"path\": \"a.txt\", \"contentType\": \"text/plain\", \"size\": 5}", key);
        await address.ShouldBeProblemAsync(422, "idempotency.key_reused");
    }

    [Fact]
    public async Task A_key_belongs_to_its_caller()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var other = await gateway.WithNewKeyAsync("write");
        var key = $"Idempotency-Key: {Guid.NewGuid()}";
        using var first = await gateway.Admin.SendAsync("POST", $"{dataset}/items", "{\"path\": \"a.txt\", \"contentType\": \"text/plain\", \"size\": 5}", key);
        using var second = await other.SendAsync("POST", $"{dataset}/items", "{\"path\": \"b.txt\", \"contentType\": \"text/plain\", \"size\": 5}", key);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
    }

    [Fact]
    public async Task A_refused_request_may_be_sent_again_under_its_key_once_it_is_right()
    {
        var key = $"Idempotency-Key: {Guid.NewGuid()}";
        using var wrong = await gateway.Admin.SendAsync("POST", "/v1/datasets", "{\"name\": \"\"}", key);
        await wrong.ShouldBeProblemAsync(400, "request.invalid");
        using var right = await gateway.Admin.SendAsync("POST", "/v1/datasets", $"{{\"name\": \"i-{Guid.NewGuid():N}\"}}", key);
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Fact]
    public async Task Parallel_requests_under_one_key_are_carried_out_once()
    {
        var (key, body) = ($"Idempotency-Key: {Guid.NewGuid()}", $"{{\"name\": \"i-{Guid.NewGuid():N}\"}}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => gateway.Admin.SendAsync("POST", "/v1/datasets", body, key)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created && !a.Headers.Contains("Idempotency-Replayed"));
        foreach (var answer in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeProblemAsync(409, "idempotency.in_progress");
    }

    [Fact]
    public async Task A_repeated_api_key_request_makes_no_second_key_and_does_not_repeat_the_secret()
    {
        var key = $"Idempotency-Key: {Guid.NewGuid()}";
        using var first = await gateway.Admin.SendAsync("POST", "/v1/api-keys", "{\"name\": \"once\", \"scopes\": [\"read\"]}", key);
        using var second = await gateway.Admin.SendAsync("POST", "/v1/api-keys", "{\"name\": \"once\", \"scopes\": [\"read\"]}", key);
        var (made, repeated) = (await first.ReadAsync(), await second.ReadAsync());
        Assert.Equal(made.GetProperty("id").GetString(), repeated.GetProperty("id").GetString());
        Assert.True(made.TryGetProperty("secret", out _));
        Assert.False(repeated.TryGetProperty("secret", out _));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(0)]
    public async Task A_key_of_a_wrong_length_is_refused(int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/datasets") { Content = JsonContent.Create(new { name = "ab" }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', length));
        using var response = await gateway.Admin.SendAsync(request);
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }
}
