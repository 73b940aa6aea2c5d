using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <summary>How long completing waits for a checksum that is computed from the object's bytes, before it asks the caller to come again.</summary>
    private static readonly TimeSpan VerificationPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long an event waits for it: whoever brings it has others to bring.</summary>
    private static readonly TimeSpan EventPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(5);
    private (long Attempt, Task<ItemUploads.Look> Look)? verification;
    private (long Attempt, Task Task)? finishing;

    /// <summary>
    /// Opens the multipart upload of a state that is about to be written. A crash before the write leaves an upload that no row names:
    /// the sweeper aborts it.
    /// </summary>
    private async ValueTask<ItemState> OpenMultipartAsync(ObjectKeys keys, ItemState next)
    {
        if (next.Upload is not { IsMultipart: true, UploadId: null } upload) return next;
        var id = await store.CreateMultipartAsync(keys.Content(key.ItemId, upload.Attempt), ItemUploads.PutOf(next.Path, upload), CancellationToken.None);
        return next with { Upload = upload with { UploadId = id } };
    }

    /// <summary>
    /// Has the store make the object of its parts. Whatever it answers, the object itself is looked at afterwards: after a lost answer,
    /// a 412 or another completion it is there already.
    /// </summary>
    private async Task<Result<MultipartResult>> AssembleAsync(Opened at, OpenUpload upload, IReadOnlyList<UploadedPart>? named)
    {
        var location = at.Keys.Content(key.ItemId, upload.Attempt);
        var arrived = named is { Count: > 0 } ? null : await store.ListPartsAsync(location, upload.UploadId!, CancellationToken.None);
        if (named is not { Count: > 0 } && arrived is null) return MultipartResult.NoSuchUpload;
        if (!PartDecisions.ToComplete(at.State.Path, upload, named, arrived).TryGet(out var parts, out var refusal)) return refusal;
        var outcome = await store.CompleteMultipartAsync(location, upload.UploadId!, ItemUploads.PutOf(at.State.Path, upload), parts, CancellationToken.None);
        if (outcome.Result == MultipartResult.AlreadyThere) await store.AbortMultipartAsync(location, upload.UploadId!, CancellationToken.None);
        return outcome.Result == MultipartResult.PartsRefused ? UploadErrors.PartsRefused(at.State.Path, outcome.Detail) : outcome.Result;
    }

    /// <summary>
    /// What the store has of the open upload; null while its bytes are still being read to compare their checksum. That goes on by
    /// itself and completes the upload when it ends; a crash has it done again by whoever asks next, or by the sweeper.
    /// </summary>
    private async Task<ItemUploads.Look?> LookAsync(Opened at, OpenUpload upload, TimeSpan? patience = null)
    {
        if (verification is not { } running || running.Attempt != upload.Attempt)
            verification = running = (upload.Attempt, uploads.LookAsync(at.Keys.Content(key.ItemId, upload.Attempt), upload));
        if (!running.Look.IsCompleted && await Task.WhenAny(running.Look, Task.Delay(patience ?? VerificationPatience, time)) != running.Look)
        {
            if (finishing?.Attempt != upload.Attempt) finishing = (upload.Attempt, FinishAsync(running.Look, upload));
            return null;
        }
        verification = null;
        return await running.Look;
    }

    private async Task FinishAsync(Task look, OpenUpload upload)
    {
        try
        {
            do DelayDeactivation(Alive);
            while (await Task.WhenAny(look, Task.Delay(Alive / 2, time)) != look);
            await this.AsReference<IItemGrain>().CompleteAsync(null, upload.By);
        }
        catch (Exception e)
        {
            // Whoever asks next looks anew: what was seen is old by then.
            if (verification?.Attempt == upload.Attempt) verification = null;
            LogNotFinished(log, key, e);
        }
        finally
        {
            if (finishing?.Attempt == upload.Attempt) finishing = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bytes of item {Item} were read, but its upload could not be completed; the next who asks completes it")]
    private static partial void LogNotFinished(ILogger log, Keys.ItemKey item, Exception e);
}
