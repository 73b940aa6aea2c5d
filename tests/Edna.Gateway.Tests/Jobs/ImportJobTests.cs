using System.Net;
using System.Text.Json;
using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Jobs;

public sealed class ImportJobTests(RunningGateway gateway)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_import_is_a_job_with_a_location_and_a_result_and_its_items_can_be_downloaded()
    {
        var dataset = await gateway.NewDatasetAsync();
        await PutAsync(dataset, "cats/001.txt", "hello from the bucket");
        await PutAsync(dataset, "cats//002.txt", "no path");
        using var reader = await gateway.WithNewKeyAsync("read");
        using var forbidden = await reader.SendAsync("POST", $"{dataset}/imports", """{"kind":"prefix","prefix":"cats/"}""");
        await forbidden.ShouldBeProblemAsync(403, "auth.forbidden");

        using var started = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"prefix","prefix":"cats/"}""", "Idempotency-Key: once");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var job = started.Headers.Location!.ToString();
        Assert.StartsWith("/v1/jobs/import-", job, StringComparison.Ordinal);
        Assert.Equal(("import", JsonValueKind.Null), ((await started.ReadAsync()).GetProperty("kind").GetString(), (await started.ReadAsync()).GetProperty("result").ValueKind));
        using var again = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"prefix","prefix":"cats/"}""", "Idempotency-Key: once");
        Assert.Equal(job, again.Headers.Location!.ToString());

        var ended = await EndOfAsync(job);
        Assert.Equal("succeeded", ended.GetProperty("status").GetString());
        Assert.Equal("""{"registered":1,"unchanged":0,"updated":0,"skipped":{"import.path_invalid":1}}""", ended.GetProperty("result").GetRawText());
        Assert.Equal((2, 2), (ended.GetProperty("progress").GetProperty("done").GetInt32(), ended.GetProperty("progress").GetProperty("total").GetInt32()));
        Assert.Equal((1, 1), (ended.GetProperty("errorCount").GetInt32(), ended.GetProperty("errors").GetArrayLength()));

        var item = ItemId.FromPath("cats/001.txt");
        using var content = await gateway.Admin.GetAsync($"{dataset}/items/{item}/content");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, content.StatusCode);
        using var anonymous = gateway.Anonymous();
        Assert.Equal("hello from the bucket", await anonymous.GetStringAsync(content.Headers.Location, Ct));
        using var cancelled = await gateway.Admin.DeleteAsync(job);
        await cancelled.ShouldBeProblemAsync(409, "job.not_cancellable");
    }

    [Fact]
    public async Task What_cannot_be_imported_is_refused_by_name()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var labels = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"labels","format":"coco","path":"labels.json"}""");
        await labels.ShouldBeProblemAsync(501, "import.kind_unavailable");
        using var kind = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"magic"}""");
        await kind.ShouldNameAsync("request.invalid", "kind");
        using var unknown = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"prefix","bucket":"other"}""");
        await unknown.ShouldBeProblemAsync(400, "request.invalid");
        using var prefix = await gateway.Admin.SendAsync("POST", $"{dataset}/imports", """{"kind":"prefix","prefix":"/cats"}""");
        await prefix.ShouldNameAsync("request.invalid", "prefix");
        using var missing = await gateway.Admin.SendAsync("POST", "/v1/datasets/nowhere/imports", """{"kind":"prefix"}""");
        await missing.ShouldBeProblemAsync(404, "dataset.not_found");
    }

    private async Task PutAsync(string dataset, string path, string text) => await gateway.Services.GetRequiredService<IObjectStore>().WriteAsync(
        new(null, $"default/{dataset["/v1/datasets/".Length..]}/{path}"), System.Text.Encoding.UTF8.GetBytes(text), "text/plain", true, Ct);

    private async Task<JsonElement> EndOfAsync(string job)
    {
        while (true)
        {
            var now = await gateway.Admin.GetJsonAsync(job);
            if (now.GetProperty("status").GetString() != "running") return now;
            await Task.Delay(20, Ct);
        }
    }
}
