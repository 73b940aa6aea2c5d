using Edna.Objects;
using Edna.Results;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<Result<ItemPlan>> PlanAsync(CreateItem request, string by)
    {
        if (!(await datasets.GetAsync(key.Dataset)).TryGet(out var dataset, out var problem)) return problem;
        var errors = new FieldErrors();
        ItemRules.Check(request, dataset, errors, out var path);
        if (errors.ToProblem() is { } invalid) return invalid;
        await RefreshAsync();
        var keys = KeysOf(dataset);
        var outcome = UploadDecisions.Plan(record.State.Item, request, path!, options.Value.Limits, time.GetUtcNow(), by);
        if (outcome.Problem is { } refusal) return refusal;
        if (outcome.Next is { } next) await WriteAsync(await OpenMultipartAsync(keys, next), outcome.Kind, by);
        await DiscardAsync(keys, outcome.Discard);
        var state = record.State.Item!;
        var upload = outcome.Next is null && UploadDecisions.IsContent(state, request) ? null : uploads.Sign(key, state.Path, state.Upload!, keys);
        return new ItemPlan { Item = ItemView.Of(key, state), Upload = upload };
    }

    /// <inheritdoc />
    public async Task<Result<UploadState>> GetUploadAsync()
    {
        if (!(await OpenUploadAsync()).TryGet(out var at, out var problem)) return problem;
        var upload = at.State.Upload!;
        var location = at.Keys.Content(key.ItemId, upload.Attempt);
        // In this order: an upload that ends between the two shows as its object.
        var arrived = upload.IsMultipart ? await store.ListPartsAsync(location, upload.UploadId!, CancellationToken.None) : null;
        var found = await store.HeadAsync(location, CancellationToken.None);
        // The store has put the parts together, and whoever asked it to has not lived to tell: nothing is left but to complete.
        var assembled = upload.IsMultipart && arrived is null && found is not null;
        if (upload.IsMultipart && arrived is null && !assembled)
            return (await ApplyAsync(at, UploadDecisions.Lost(at.State, time.GetUtcNow()), Sweeper)).Problem!;
        var missing = !upload.IsMultipart ? null : assembled ? [] : PartDecisions.Missing(upload, arrived!).Take(UploadParts.SignedAtOnce);
        return new UploadState
        {
            Item = key.ItemId, ContentRevision = upload.Attempt, Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum,
            StartedAt = upload.StartedAt, Deadline = upload.Deadline, InStore = found is not null,
            Upload = uploads.Sign(key, at.State.Path, upload, at.Keys, missing),
            Parts = assembled ? [] : arrived?.Select(p => new ArrivedPart { PartNumber = p.PartNumber, Size = p.Size, Etag = p.ETag }).ToArray(),
        };
    }

    /// <inheritdoc />
    public async Task<Result<Upload>> SignPartsAsync(IReadOnlyList<int> partNumbers, string by)
    {
        if (!(await OpenUploadAsync()).TryGet(out var at, out var problem)) return problem;
        var upload = at.State.Upload!;
        if (!upload.IsMultipart) return UploadErrors.NotMultipart(at.State.Path);
        if (PartDecisions.FaultsOf(upload, partNumbers) is { } invalid) return invalid;
        return uploads.Sign(key, at.State.Path, upload, at.Keys, partNumbers);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> CompleteAsync(IReadOnlyList<UploadedPart>? parts, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State is not { Upload: { } upload, Status: not ItemStatus.Trashed })
            return await ApplyAsync(at, UploadDecisions.Confirm(at.State, null, ChecksumVerdict.NotDeclared, time.GetUtcNow()), by);
        var open = true;
        if (upload.IsMultipart)
        {
            if (!(await AssembleAsync(at, upload, parts)).TryGet(out var assembled, out var refusal)) return refusal;
            if (assembled == MultipartResult.WrongChecksum) return await ApplyAsync(at, UploadDecisions.WrongChecksum(at.State, time.GetUtcNow()), by);
            open = assembled != MultipartResult.NoSuchUpload;
        }
        if (await LookAsync(at, upload) is not { } look) return UploadErrors.BeingVerified(at.State.Path);
        return await ApplyAsync(at, look.Found is null && !open
            ? UploadDecisions.Lost(at.State, time.GetUtcNow())
            : UploadDecisions.Confirm(at.State, look.Found, look.Checksum, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> AbortUploadAsync(string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        return await ApplyAsync(at, UploadDecisions.Abort(at.State, time.GetUtcNow()), by);
    }

    /// <summary>The item with its open upload, which has time left for URLs to be signed.</summary>
    private async ValueTask<Result<Opened>> OpenUploadAsync()
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Upload is not { } upload) return UploadErrors.NoneOpen(at.State.Path);
        var renewal = UploadDecisions.Renew(at.State, upload, options.Value.Limits, time.GetUtcNow());
        if (renewal.Next is null) return at;
        await WriteAsync(renewal.Next, renewal.Kind, upload.By);
        return at with { State = record.State.Item! };
    }
}
