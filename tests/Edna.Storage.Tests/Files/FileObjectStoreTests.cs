using Edna.Hosting;
using Edna.Objects;
using Xunit;

namespace Edna.Storage.Files;

public sealed class FileObjectStoreTests : IDisposable
{
    private readonly DataDirectory _data = new(Path.Combine(Path.GetTempPath(), $"edna-files-{Guid.NewGuid():N}"));
    private readonly FileStoreAddress _address = new() { BaseUri = new Uri("http://127.0.0.1:5080") };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data.Path, recursive: true);

    [Fact]
    public void The_signing_secret_is_made_once_and_readable_by_its_owner_alone()
    {
        using var first = Open();
        var key = File.ReadAllText(_data.At("store.key"));
        using var second = Open();
        Assert.Equal(key, File.ReadAllText(_data.At("store.key")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.At("store.key")));
    }

    [Fact]
    public void A_damaged_secret_stops_the_store_instead_of_weakening_it()
    {
        File.WriteAllText(_data.At("store.key"), "");
        Assert.Throws<InvalidDataException>(Open);
    }

    [Fact]
    public async Task Objects_and_tags_outlive_the_process()
    {
        var at = new ObjectLocation(null, "a/b");
        using (var store = Open())
        {
            await store.WriteAsync(at, new byte[] { 1, 2, 3 }, "text/plain", onlyIfAbsent: true, Ct);
            await store.SetTagsAsync(at, new Dictionary<string, string> { ["k"] = "v" }, Ct);
        }
        using var again = Open();
        Assert.Equal([1, 2, 3], await again.ReadAsync(at, Ct) ?? []);
        Assert.Equal("v", (await again.GetTagsAsync(at, Ct))["k"]);
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_but_not_what_a_living_one_writes()
    {
        using var living = Open();
        var abandoned = Directory.CreateDirectory(_data.At("objects/.incoming/abandoned")).FullName;
        File.WriteAllText(Path.Combine(abandoned, ".lock"), "");
        File.WriteAllText(Path.Combine(abandoned, "half"), "half");
        using var next = Open();
        Assert.False(Directory.Exists(abandoned));
        Assert.Equal(2, Directory.GetDirectories(_data.At("objects/.incoming")).Length);
    }

    [Fact]
    public async Task Removing_and_writing_side_by_side_loses_nothing_and_leaves_no_empty_folders()
    {
        using var store = Open();
        var neighbours = Enumerable.Range(0, 4).Select(i => new ObjectLocation(null, $"deep/er/folder/{i}")).ToArray();
        await Parallel.ForEachAsync(neighbours, Ct, async (at, ct) =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(await store.WriteAsync(at, new byte[] { (byte)i }, "text/plain", onlyIfAbsent: true, ct));
                Assert.NotNull(await store.HeadAsync(at, ct));
                await store.DeleteAsync(null, [at.Key], ct);
                Assert.Null(await store.HeadAsync(at, ct));
            }
        });
        Assert.Empty(Directory.GetDirectories(_data.At("objects/edna")));
    }

    [Fact]
    public async Task An_opened_object_stays_whole_when_it_is_replaced()
    {
        using var store = Open();
        var at = new ObjectLocation(null, "a");
        await store.WriteAsync(at, new byte[] { 1, 1, 1 }, "text/plain", onlyIfAbsent: false, Ct);
        await using var stream = await store.OpenReadAsync(at, Ct);
        await store.WriteAsync(at, new byte[] { 2 }, "text/plain", onlyIfAbsent: false, Ct);
        var read = new byte[3];
        await stream!.ReadExactlyAsync(read, Ct);
        Assert.Equal([1, 1, 1], read);
        Assert.Equal([2], await store.ReadAsync(at, Ct) ?? []);
    }

    private FileObjectStore Open() => new(_data, _address, TimeProvider.System);
}
