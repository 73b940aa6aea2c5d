namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>
    /// Brings every file under a folder into a dataset, named by its path in the folder: hashed, announced in batches, sent straight
    /// to the store by signed URLs, and confirmed. Hidden files and links are left out. What is up there already with the same bytes
    /// is not sent again, so pushing twice changes nothing and a push that was cut off is finished by pushing again.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dataset">The dataset; it is there.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as files are settled, from several threads; may be null.</param>
    /// <param name="ct">Cancels; what was confirmed stays.</param>
    /// <returns>What was done. Single files that fail are in it; it throws only when nothing more can be done.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    public async Task<PushResult> PushAsync(
        string folder, string dataset, PushOptions? options = null, IProgress<PushProgress>? progress = null, CancellationToken ct = default)
    {
        using var push = new FolderPush(this, new StoreTransfer(_store, _retry), dataset, options ?? new PushOptions(), progress);
        return await push.RunAsync(folder, ct);
    }

    /// <summary>
    /// Brings the available items of a dataset to a folder, each to its path. Files that are there with the right bytes are left
    /// alone; others are replaced once the new bytes are whole and their checksum is right. Nothing is ever written outside the folder.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as items are settled, from several threads; may be null.</param>
    /// <param name="ct">Cancels; what was written stays.</param>
    public Task<PullResult> PullAsync(
        string dataset, string folder, PullOptions? options = null, IProgress<PullProgress>? progress = null, CancellationToken ct = default) =>
        new FolderPull(this, new StoreTransfer(_store, _retry), dataset, options ?? new PullOptions(), progress).RunAsync(folder, ct);
}
