using System.Net;
using System.Security.Cryptography;
using Edna.Requests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Store;

/// <summary>Signed URLs of the embedded store, from announcement to download: what is wrong is refused and leaves nothing half done.</summary>
public sealed class SignedUrlTests(RunningGateway gateway)
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    public static TheoryData<string, byte[], int, string> Faults => new()
    {
        { "shorter", "hell"u8.ToArray(), 403, "SignatureDoesNotMatch" }, { "longer", "hello!"u8.ToArray(), 403, "SignatureDoesNotMatch" },
        { "empty", [], 403, "SignatureDoesNotMatch" }, { "other bytes", "jello"u8.ToArray(), 400, "BadDigest" },
        { "content-type", Hello, 403, "SignatureDoesNotMatch" }, { "x-amz-checksum-sha256", Hello, 403, "SignatureDoesNotMatch" },
        { "if-none-match", Hello, 403, "SignatureDoesNotMatch" }, { "signature", Hello, 403, "SignatureDoesNotMatch" },
        { "key", Hello, 403, "SignatureDoesNotMatch" }, { "expiry", Hello, 403, "SignatureDoesNotMatch" },
        { "tag", Hello, 403, "AccessDenied" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_other_than_the_signed_one_stores_nothing_and_the_right_one_still_works(string fault, byte[] bytes, int status, string code)
    {
        var dataset = await gateway.NewDatasetAsync();
        var checksum = new { algorithm = "sha256", value = Convert.ToBase64String(SHA256.HashData(Hello)) };
        var planned = await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5, checksum });
        var right = (planned.Url, Headers: new Dictionary<string, string>(planned.Headers));
        switch (fault)
        {
            case "content-type": planned.Headers["content-type"] = "text/html"; break;
            case "x-amz-checksum-sha256": planned.Headers[fault] = Convert.ToBase64String(SHA256.HashData("other"u8)); break;
            case "if-none-match": planned.Headers.Remove(fault); break;
            case "tag": planned.Headers["x-amz-tagging"] = "a=b"; break;
            case "signature": planned.Url = planned.Url[..^1] + (planned.Url[^1] == '0' ? '1' : '0'); break;
            case "key": planned.Url = planned.Url.Replace("/items/", "/others/", StringComparison.Ordinal); break;
            case "expiry": planned.Url = planned.Url.Replace("X-Amz-Expires=", "X-Amz-Expires=9", StringComparison.Ordinal); break;
        }
        using (var refused = await planned.SendAsync(bytes))
        {
            var text = await refused.Content.ReadAsStringAsync();
            Assert.True(status == (int)refused.StatusCode && text.Contains($"<Code>{code}</Code>", StringComparison.Ordinal), $"{refused.StatusCode}: {text}");
        }
        using var nothing = await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null);
        await nothing.ShouldBeProblemAsync(409, "upload.not_found_in_store");

        planned.Url = right.Url;
        planned.Headers.Clear();
        foreach (var (name, value) in right.Headers) planned.Headers.Add(name, value);
        (await planned.SendAsync(Hello)).EnsureSuccessStatusCode();
        (await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_url_used_twice_cannot_overwrite_before_or_after_confirmation()
    {
        var planned = await gateway.PlanAsync(await gateway.NewDatasetAsync(), new { path = "a.txt", contentType = "text/plain", size = 5 });
        (await planned.SendAsync(Hello)).EnsureSuccessStatusCode();
        for (var i = 0; i < 2; i++)
        {
            using var second = await planned.SendAsync("jello"u8.ToArray());
            Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
            (await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
            using var content = await gateway.Admin.GetAsync($"{planned.Item}/content");
            using var anonymous = gateway.Anonymous();
            Assert.Equal("hello", await anonymous.GetStringAsync(content.Headers.Location));
        }
    }

    [Fact]
    public async Task A_url_of_an_upload_that_was_given_up_brings_no_content()
    {
        var dataset = await gateway.NewDatasetAsync();
        var old = await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5 });
        (await gateway.Admin.DeleteAsync($"{old.Item}/upload")).EnsureSuccessStatusCode();
        var item = await gateway.NewAvailableItemAsync(dataset, text: "right");
        await (await old.SendAsync("wrong"u8.ToArray())).Content.ReadAsStringAsync();
        using var content = await gateway.Admin.GetAsync($"{item}/content");
        using var anonymous = gateway.Anonymous();
        Assert.Equal("right", await anonymous.GetStringAsync(content.Headers.Location));
    }

    [Fact]
    public async Task Expired_urls_answer_nothing_and_a_fresh_one_is_had_by_asking()
    {
        var clock = new AheadClock();
        await using var own = await RunningGateway.StartAsync([], services => services.AddSingleton<TimeProvider>(clock));
        var dataset = await own.NewDatasetAsync();
        var item = await own.NewAvailableItemAsync(dataset);
        using var content = await own.Admin.GetAsync($"{item}/content");
        object announcement = new { path = "b.txt", contentType = "text/plain", size = 5 };
        var planned = await own.PlanAsync(dataset, announcement);
        clock.Ahead = TimeSpan.FromMinutes(61);
        using var put = await planned.SendAsync(Hello);
        using var anonymous = own.Anonymous();
        using var get = await anonymous.GetAsync(content.Headers.Location);
        foreach (var expired in (HttpResponseMessage[])[put, get])
        {
            Assert.Equal(HttpStatusCode.Forbidden, expired.StatusCode);
            Assert.Contains("Request has expired", await expired.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var nothing = await own.Admin.PostAsync($"{planned.Item}/upload/complete", null);
        await nothing.ShouldBeProblemAsync(409, "upload.not_found_in_store");
        (await (await own.PlanAsync(dataset, announcement)).SendAsync(Hello)).EnsureSuccessStatusCode();
        using var completed = await own.Admin.PostAsync($"{planned.Item}/upload/complete", null);
        Assert.Equal("available", (await completed.ReadAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_object_may_be_larger_than_any_body_of_the_api()
    {
        var bytes = new byte[20 << 20];
        Assert.True(bytes.Length > RequestLimits.BatchBytes);
        new Random(5).NextBytes(bytes);
        var checksum = new { algorithm = "sha256", value = Convert.ToBase64String(SHA256.HashData(bytes)) };
        var planned = await gateway.PlanAsync(await gateway.NewDatasetAsync(), new { path = "large.bin", contentType = "application/octet-stream", size = bytes.Length, checksum });
        (await planned.SendAsync(bytes)).EnsureSuccessStatusCode();
        (await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
        using var content = await gateway.Admin.GetAsync($"{planned.Item}/content");
        using var anonymous = gateway.Anonymous();
        Assert.Equal(checksum.value, Convert.ToBase64String(SHA256.HashData(await anonymous.GetByteArrayAsync(content.Headers.Location))));
    }

    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
