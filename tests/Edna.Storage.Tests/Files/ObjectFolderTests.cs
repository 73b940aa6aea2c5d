using Edna.Storage.Files;
using Xunit;

namespace Edna.Storage.Tests.Files;

public sealed class ObjectFolderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_finished_file_that_is_gone_is_told_and_not_waited_for(bool onlyIfAbsent)
    {
        var root = Directory.CreateTempSubdirectory("edna-test-").FullName;
        var folder = new ObjectFolder(Path.Combine(root, "objects"));
        // On a thread of its own: should it never end, the test does.
        var published = Task.Factory.StartNew(
            () => folder.Publish(Path.Combine(root, "gone"), "bucket", "a/b", onlyIfAbsent), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<FileNotFoundException>(() => published.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Directory.Delete(root, recursive: true);
    }
}
