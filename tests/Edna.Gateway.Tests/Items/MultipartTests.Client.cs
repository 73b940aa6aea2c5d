using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Items;

/// <summary>The client: twenty MiB in three parts.</summary>
public abstract partial class MultipartTests
{
    private const int MiB = 1 << 20;
    private const int Size = 20 * MiB;
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(Size);

    private IObjectStore Store => gateway.Services.GetRequiredService<IObjectStore>();

    private static string Announce(string path, byte[]? sha256 = null) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["path"] = path, ["contentType"] = "application/octet-stream", ["size"] = Size, ["multipart"] = true,
        [sha256 is null ? "metadata" : "checksum"] = sha256 is null ? new { } : new { algorithm = "sha256", value = Convert.ToBase64String(sha256) },
    });

    private async Task<Multipart> PlanAsync(string? announcement = null)
    {
        using var response = await gateway.Admin.SendAsync("POST", $"{dataset}/items", announcement ?? Announce("a.bin"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var plan = await response.ReadAsync();
        var upload = plan.GetProperty("upload");
        Assert.Equal("multipart", upload.GetProperty("kind").GetString());
        return new($"{dataset}/items/{plan.GetProperty("item").GetProperty("id").GetString()}", upload.GetProperty("uploadId").GetString()!,
            upload.GetProperty("partSize").GetInt64(), upload.GetProperty("partCount").GetInt32(), PartsOf(upload));
    }

    private static Dictionary<int, string> PartsOf(JsonElement upload) =>
        upload.GetProperty("parts").EnumerateArray().ToDictionary(p => p.GetProperty("partNumber").GetInt32(), p => p.GetProperty("url").GetString()!);

    private async Task<string> SendAsync(Multipart upload, int number)
    {
        var offset = (int)((number - 1) * upload.PartSize);
        using var body = new ByteArrayContent(Bytes, offset, (int)Math.Min(upload.PartSize, Size - offset));
        using var response = await store.PutAsync(new Uri(upload.Parts[number]), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.Tag;
    }

    private Task<HttpResponseMessage> CompleteResponseAsync(Multipart upload) => gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/complete", "");

    private async Task<JsonElement> CompleteAsync(Multipart upload)
    {
        using var response = await CompleteResponseAsync(upload);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadAsync();
    }

    private async Task ShouldRefuseAsync(Multipart upload, string body, string code)
    {
        using var response = await gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/complete", body);
        await response.ShouldBeProblemAsync(409, code);
    }

    private async Task ShouldHoldAsync(Multipart upload, byte[] bytes)
    {
        using var content = await gateway.Admin.GetAsync($"{upload.Item}/content", TestContext.Current.CancellationToken);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await store.GetByteArrayAsync(content.Headers.Location, TestContext.Current.CancellationToken)));
    }

    private ObjectLocation Location(Multipart upload, long attempt) =>
        new ObjectKeys(Store.Prefix, new DatasetKey("default", dataset.Split('/')[^1]), null).Content(upload.Item.Split('/')[^1], attempt);

    private sealed record Multipart(string Item, string UploadId, long PartSize, int PartCount, IReadOnlyDictionary<int, string> Parts);
}
