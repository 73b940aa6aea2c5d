using System.Diagnostics;
using System.Globalization;
using Edna.Hosting;
using Edna.Objects;
using Xunit;

namespace Edna.Storage.Files;

/// <summary>
/// A process that completes multipart uploads one after the other and is killed at it, again and again. What it acknowledged is
/// there, nothing is there by half, and what was open can be completed.
/// </summary>
public sealed class KilledMultipartTests
{
    private const string Variable = "EDNA_TEST_MULTIPART_WRITER";
    private const string Mark = "completed ";
    private const int LeastPart = 5 << 20;
    private const int Kills = 6;
    private const int AcknowledgedBeforeKill = 3;

    [Fact]
    public async Task No_acknowledged_object_is_lost_and_every_upload_that_was_open_can_be_completed()
    {
        var ct = TestContext.Current.CancellationToken;
        var data = new DataDirectory(Path.Combine(Path.GetTempPath(), $"edna-files-{Guid.NewGuid():N}"));
        var address = new FileStoreAddress { BaseUri = new Uri("http://127.0.0.1:5080") };
        var redone = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var acknowledged = await RunUntilKilledAsync(data, kill, ct);
            Assert.InRange(acknowledged.Count, AcknowledgedBeforeKill, int.MaxValue);
            using var store = new FileObjectStore(data, address, TimeProvider.System);
            Assert.Single(Directory.GetDirectories(data.At("objects/.incoming")));
            foreach (var number in acknowledged) Assert.Equal(BodyOf(number), await store.ReadAsync(PlaceOf(number), ct));

            var open = new List<OpenMultipart>();
            await foreach (var one in store.ListMultipartsAsync(null, "", ct)) open.Add(one);
            foreach (var one in open)
            {
                var at = new ObjectLocation(null, one.Key);
                var number = int.Parse(one.Key, CultureInfo.InvariantCulture);
                var parts = (await store.ListPartsAsync(at, one.UploadId, ct))!.Select(part => new ObjectPart(part.PartNumber, part.ETag)).ToList();
                if (parts.Count == 2)
                {
                    Assert.Equal(MultipartResult.Completed, (await store.CompleteMultipartAsync(at, one.UploadId, PutOf(number), parts, ct)).Result);
                    Assert.Equal(BodyOf(number), await store.ReadAsync(at, ct));
                    redone++;
                }
                else
                {
                    Assert.Null(await store.HeadAsync(at, ct));
                    await store.AbortMultipartAsync(at, one.UploadId, ct);
                }
            }
            Assert.Empty(Directory.GetDirectories(data.At("objects/.multipart")));
            var keys = new List<string>();
            await foreach (var listed in store.ListAsync(null, "", null, ct)) keys.Add(listed.Key);
            foreach (var key in keys)
                Assert.Equal(BodyOf(int.Parse(key, CultureInfo.InvariantCulture)), await store.ReadAsync(new(null, key), ct));
            await store.DeleteAsync(null, keys, ct);
        }
        TestContext.Current.SendDiagnosticMessage("{0} uploads were completed again after {1} kills.", redone, Kills);
        Directory.Delete(data.Path, recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task Complete_until_killed()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(path is null, "Only this class asks for it, in a process of its own.");
        using var store = new FileObjectStore(new(path!), new() { BaseUri = new Uri("http://127.0.0.1:5080") }, TimeProvider.System);
        for (var number = 0; ; number++)
        {
            var body = BodyOf(number);
            var at = PlaceOf(number);
            var uploadId = await store.CreateMultipartAsync(at, PutOf(number), CancellationToken.None);
            ObjectPart[] parts =
            [
                await FileMultipartTests.SendAsync(store, uploadId, 1, body[..LeastPart], at),
                await FileMultipartTests.SendAsync(store, uploadId, 2, body[LeastPart..], at),
            ];
            var outcome = await store.CompleteMultipartAsync(at, uploadId, PutOf(number), parts, CancellationToken.None);
            if (outcome.Result == MultipartResult.Completed) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{number}."));
        }
    }

    private static async Task<List<int>> RunUntilKilledAsync(DataDirectory data, int kill, CancellationToken ct)
    {
        using var writer = Process.Start(new ProcessStartInfo
        {
            FileName = Path.ChangeExtension(typeof(KilledMultipartTests).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null),
            ArgumentList = { "-method", $"{typeof(KilledMultipartTests).FullName}.{nameof(Complete_until_killed)}", "-explicit", "only" },
            Environment = { [Variable] = data.Path },
            RedirectStandardOutput = true,
        })!;
        var acknowledged = new List<int>();
        while (await writer.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (!line.StartsWith(Mark, StringComparison.Ordinal) || !line.EndsWith('.')) continue;
            acknowledged.Add(int.Parse(line.AsSpan()[Mark.Length..^1], CultureInfo.InvariantCulture));
            if (acknowledged.Count != AcknowledgedBeforeKill) continue;
            // Each kill at another moment of the next upload, told by how much of it has arrived.
            await ReachedAsync(data, (kill % 3) switch { 0 => 1, 1 => 2, _ => 3 }, ct);
            writer.Kill();
        }
        await writer.WaitForExitAsync(ct);
        return acknowledged;
    }

    /// <summary>Waits until an open upload has so many files, its facts counted.</summary>
    private static async Task ReachedAsync(DataDirectory data, int files, CancellationToken ct)
    {
        while (!Directory.EnumerateDirectories(data.At("objects/.multipart")).Any(folder => CountOf(folder) >= files))
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static int CountOf(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Count();
        }
        catch (DirectoryNotFoundException)
        {
            // Completed at this moment.
            return 0;
        }
    }

    private static ObjectLocation PlaceOf(int number) => new(null, number.ToString(CultureInfo.InvariantCulture));

    private static ObjectPut PutOf(int number) => new() { Size = BodyOf(number).Length, ContentType = "image/jpeg" };

    private static byte[] BodyOf(int number)
    {
        var body = new byte[LeastPart + 1_000 + number];
        new Random(number).NextBytes(body);
        return body;
    }
}
