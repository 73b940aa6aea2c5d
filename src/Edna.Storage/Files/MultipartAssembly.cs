using Edna.Objects;
using Edna.Storage.Multipart;

namespace Edna.Storage.Files;

/// <summary>
/// Makes an object of the parts of one upload: copied one behind the other into a temporary file, summed up on the way, and given
/// its name when it is whole and durable; the upload is removed last. After a kill at any point the same may be done again.
/// </summary>
/// <param name="objects">Where the object will lie.</param>
/// <param name="uploads">Where the parts lie.</param>
/// <param name="incoming">Where it is put together.</param>
/// <param name="time">Tells when it was written.</param>
internal sealed class MultipartAssembly(ObjectFolder objects, MultipartFolder uploads, IncomingFolder incoming, TimeProvider time)
{
    private static readonly MultipartOutcome Gone = new(MultipartResult.NoSuchUpload);

    /// <summary>Completes an upload.</summary>
    /// <param name="uploadId">The upload.</param>
    /// <param name="facts">What it was opened with.</param>
    /// <param name="put">What the object must be.</param>
    /// <param name="parts">The parts, in the order of their numbers.</param>
    /// <param name="etag">The entity tag that they make.</param>
    /// <param name="closing">The store is being closed.</param>
    public async Task<MultipartOutcome> CompleteAsync(
        string uploadId, MultipartFacts facts, ObjectPut put, IReadOnlyList<ObjectPart> parts, string etag, CancellationToken closing)
    {
        if (WhatLiesThere(facts, uploadId) is { } taken) return taken;
        if (FaultOf(uploadId, put, parts) is { } fault) return uploads.Find(uploadId) is null ? Gone : Refused(fault);
        await using var whole = new IncomingObject(incoming.NewFile(), put.Checksum?.Algorithm == "sha256");
        foreach (var part in parts)
        {
            // Looked at again: it may have been replaced, or the upload aborted, since.
            if (uploads.OpenPart(uploadId, part.PartNumber) is not { } open) return uploads.Find(uploadId) is null ? Gone : Refused(NotFound(part));
            await using var file = open.File;
            if (open.Facts.ETag != part.ETag.Trim('"')) return Refused(NotFound(part));
            await whole.ReceiveAsync(new ObjectBytes(file, 0, open.Facts.Size), whole.Size + open.Facts.Size, closing);
        }
        closing.ThrowIfCancellationRequested();
        whole.Finish(FactsOf(uploadId, facts, put.Size, etag, whole.Checksums()));
        if (!objects.Publish(whole.Path, facts.Bucket, facts.Key, onlyIfAbsent: true))
            return WhatLiesThere(facts, uploadId) ?? new(MultipartResult.AlreadyThere);
        uploads.Remove(uploadId);
        return new(MultipartResult.Completed);
    }

    /// <summary>
    /// What to answer when something lies at the key; null when nothing does. An object that came of this very upload is the work
    /// of a process that was killed before it could remove the upload: that is made up for.
    /// </summary>
    private MultipartOutcome? WhatLiesThere(MultipartFacts facts, string uploadId)
    {
        if (objects.Open(facts.Bucket, facts.Key) is not { } open) return null;
        open.File.Dispose();
        if (open.Facts.WriteId != uploadId) return new(MultipartResult.AlreadyThere);
        uploads.Remove(uploadId);
        return new(MultipartResult.Completed);
    }

    /// <summary>What is wrong with the parts, in S3's words; null when nothing is.</summary>
    private string? FaultOf(string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts)
    {
        var size = 0L;
        string? tooSmall = null;
        for (var i = 0; i < parts.Count; i++)
        {
            if (uploads.OpenPart(uploadId, parts[i].PartNumber) is not { } open) return NotFound(parts[i]);
            open.File.Dispose();
            if (open.Facts.ETag != parts[i].ETag.Trim('"')) return NotFound(parts[i]);
            if (i < parts.Count - 1 && open.Facts.Size < PartRules.LeastBytes)
                tooSmall ??= $"EntityTooSmall: Part {parts[i].PartNumber} has {open.Facts.Size} bytes, fewer than the {PartRules.LeastBytes} of every part but the last.";
            size += open.Facts.Size;
        }
        if (tooSmall is not null) return tooSmall;
        return size == put.Size ? null : $"InvalidRequest: The parts have {size} bytes together, and the object was to have {put.Size}.";
    }

    private static MultipartOutcome Refused(string fault) => new(MultipartResult.PartsRefused, fault);

    private static string NotFound(ObjectPart part) =>
        $"InvalidPart: Part {part.PartNumber} could not be found: it has not been uploaded, or its entity tag is not '{part.ETag}'.";

    private ObjectFacts FactsOf(string uploadId, MultipartFacts facts, long size, string etag, SortedDictionary<string, string> checksums) => new()
    {
        WriteId = uploadId,
        Size = size,
        ETag = etag,
        ContentType = facts.ContentType,
        LastModified = time.GetUtcNow(),
        Checksums = checksums,
        Metadata = facts.Metadata,
        Tags = facts.Tags,
    };
}
