using System.Net;
using System.Net.Sockets;
using System.Text;
using Edna.Requests;
using Xunit;

namespace Edna.Gateway.Tests.Problems;

public sealed class BadRequestTests(RunningGateway gateway)
{
    private const string Id = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("GET", "/nowhere", null, 404, "route.not_found")]
    [InlineData("GET", "/v1/nowhere", null, 404, "route.not_found")]
    [InlineData("PUT", "/v1/datasets", null, 405, "route.method_not_allowed")]
    [InlineData("POST", "/v1/datasets", null, 400, "request.body_missing")]
    [InlineData("POST", "/v1/datasets", "", 400, "request.body_missing")]
    [InlineData("POST", "/v1/datasets", "null", 400, "request.invalid")]
    [InlineData("POST", "/v1/datasets", "{\"name\": }", 400, "request.malformed_json")]
    [InlineData("POST", "/v1/datasets", "{\"name\": \"ab\"} x", 400, "request.malformed_json")]
    [InlineData("POST", "/v1/datasets", "{\"name\": \"ab\"", 400, "request.malformed_json")]
    [InlineData("POST", "/v1/search", "{", 400, "request.malformed_json")]
    [InlineData("POST", "/v1/search", "{\"filter\": {\"split\": \"tra", 400, "request.malformed_json")]
    [InlineData("POST", "/v1/search", "{\"filter\": {\"split\": [tra]}}", 400, "request.malformed_json")]
    [InlineData("GET", "/v1/datasets/UPPER", null, 404, "dataset.not_found")]
    [InlineData("GET", "/v1/datasets/a%2Fb", null, 404, "dataset.not_found")]
    [InlineData("GET", "/v1/datasets/nobody-made-it", null, 404, "dataset.not_found")]
    [InlineData("GET", "/v1/datasets/nobody-made-it/items", null, 404, "dataset.not_found")]
    [InlineData("GET", "/v1/datasets/nobody-made-it/changes", null, 404, "dataset.not_found")]
    [InlineData("GET", "/v1/jobs/nothing", null, 404, "job.not_found")]
    [InlineData("GET", "/v1/jobs/no%20thing", null, 404, "job.not_found")]
    [InlineData("GET", "/v1/api-keys/nothing", null, 404, "api_key.not_found")]
    [InlineData("GET", "/v1/api-keys/aaaaaaaaaaaaaaaa", null, 404, "api_key.not_found")]
    public async Task A_wrong_request_gets_a_problem_with_a_stable_code(string method, string address, string? body, int status, string code)
    {
        using var response = await gateway.Admin.SendAsync(method, address, body);
        await response.ShouldBeProblemAsync(status, code);
    }

    [Theory]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("status=nonsense", "status")]
    [InlineData("updatedSince=yesterday", "updatedSince")]
    [InlineData("updatedSince=2026-01-31T12:00:00", "updatedSince")]
    [InlineData("path=..%2Fa", "path")]
    [InlineData("tag.=x", "tag.")]
    [InlineData("tag.a=x&tag.a=y", "tag.a")]
    public async Task A_wrong_query_value_names_its_field(string query, string field)
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.GetAsync($"{dataset}/items?{query}");
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("{\"name\": 5}", "name", "must be a string")]
    [InlineData("{\"name\": \"ab\", \"colour\": 1}", "colour", "is not a field that is known here")]
    [InlineData("{\"name\": \"ab\", \"name\": \"cd\"}", "name", "is given more than once")]
    [InlineData("{\"name\": \"ab\", \"splits\": \"train\"}", "splits", "must be an array")]
    [InlineData("{\"name\": \"ab\", \"storage\": {}}", "storage", "must have 'bucket'")]
    [InlineData("{\"name\": \"ab\", \"storage\": {\"bucket\": null}}", "storage.bucket", "must not be null")]
    [InlineData("{\"name\": \"ab\", \"labelSchema\": {\"classes\": [{\"nam\": 1}]}}", "labelSchema.classes[0].nam", "is not a field that is known here")]
    [InlineData("{\"name\": \"ab\", \"labelSchema\": {\"open\": \"yes\"}}", "labelSchema.open", "must be true or false")]
    [InlineData("{\"name\": \"\"}", "name", "must be 2 to 63 characters of a-z, 0-9 and '-', starting with a letter or digit")]
    [InlineData("{}", "name", "must be 2 to 63 characters of a-z, 0-9 and '-', starting with a letter or digit")]
    public async Task A_wrong_field_is_named_with_what_is_allowed(string body, string field, string message)
    {
        using var response = await gateway.Admin.SendAsync("POST", "/v1/datasets", body);
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.Equal(message, problem.GetProperty("errors").GetProperty(field)[0].GetString());
        Assert.DoesNotContain("Edna.", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/v1/datasets", """{"name": "\ud800"}""")]
    [InlineData("POST", "/v1/datasets", """{"\ud800": 1}""")]
    [InlineData("POST", "/v1/datasets", """{"name": "ok-name", "splits": ["\udfff"]}""")]
    [InlineData("POST", "/v1/api-keys", """{"name": "\ud800"}""")]
    [InlineData("POST", "items:batch", """{"\ud800": []}""")]
    [InlineData("POST", "items:delete", """{"items": ["\ud800"]}""")]
    [InlineData("POST", "items", """{"path": "\ud800", "contentType": "text/plain", "size": 1}""")]
    [InlineData("POST", "items", """{"path": "a", "contentType": "text/plain", "size": 1, "tags": {"\ud800": "a"}}""")]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_stands(string method, string address, string body)
    {
        if (address[0] != '/') address = $"{await gateway.NewDatasetAsync()}/{address}";
        using var response = await gateway.Admin.SendAsync(method, address, body);
        await response.ShouldBeProblemAsync(400, "request.invalid");
    }

    [Fact]
    public async Task Malformed_json_is_located_by_line_and_position()
    {
        using var response = await gateway.Admin.SendAsync("POST", "/v1/datasets", "{\n  \"name\": oops\n}");
        var problem = await response.ShouldBeProblemAsync(400, "request.malformed_json");
        Assert.Contains("line 2, position 11", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    public async Task Another_media_type_is_refused(string mediaType)
    {
        using var content = new ByteArrayContent("{\"name\": \"ab\"}"u8.ToArray());
        if (mediaType.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await gateway.Admin.PostAsync("/v1/datasets", content);
        await response.ShouldBeProblemAsync(415, "request.unsupported_media_type");
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        using var response = await gateway.Admin.SendAsync("PUT", "/v1/datasets");
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_the_limit()
    {
        var body = $"{{\"name\": \"ab\", \"description\": \"{new string('x', RequestLimits.BodyBytes)}\"}}";
        using var declared = await gateway.Admin.SendAsync("POST", "/v1/datasets", body);
        var problem = await declared.ShouldBeProblemAsync(413, "request.too_large");
        Assert.Contains(RequestLimits.BodyBytes.ToString(System.Globalization.CultureInfo.InvariantCulture), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_when_its_length_is_not_declared()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/datasets") { Content = RunningGateway.Json(new string(' ', RequestLimits.BodyBytes + 1)) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await gateway.Admin.SendAsync(request);
        await response.ShouldBeProblemAsync(413, "request.too_large");
    }

    [Fact]
    public async Task An_id_that_is_none_names_the_field()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.GetAsync($"{dataset}/items/not-an-id");
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("item", out _));
        using var unknown = await gateway.Admin.GetAsync($"{dataset}/items/{Id}");
        await unknown.ShouldBeProblemAsync(404, "item.not_found");
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_its_body_leaves_the_gateway_well()
    {
        using (var socket = new TcpClient(IPAddress.Loopback.ToString(), gateway.Address.Port))
        {
            var head = $"POST /v1/datasets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.AdminKey}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"na";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        }
        using var response = await gateway.Admin.GetAsync("/v1/datasets");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task No_answer_names_the_server_software()
    {
        using var response = await gateway.Admin.GetAsync("/v1/datasets");
        Assert.Empty(response.Headers.Server);
    }
}
