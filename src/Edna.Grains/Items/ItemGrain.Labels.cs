using Edna.Changes;
using Edna.Labels;
using Edna.Results;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<Result<LabelDocument>> GetLabelsAsync()
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Labels is null) return LabelErrors.NotFound(at.State.Path);
        return await ReadLabelsAsync(at, at.State.LabelRevision) is { } document ? document : LabelErrors.NotFound(at.State.Path);
    }

    /// <inheritdoc />
    public async Task<Result<LabelDocument>> PutLabelsAsync(PutLabels request, long? ifMatch, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Status == ItemStatus.Trashed) return ItemErrors.Trashed(at.State.Path);
        var errors = new FieldErrors();
        LabelRules.Check(request, at.Dataset.LabelSchema, errors);
        if (!errors.None) return LabelErrors.Invalid(errors.ToDictionary());
        return await WriteLabelsAsync(at, ifMatch, ChangeKind.Labeled, LabelDecisions.Draft(request, by));
    }

    /// <inheritdoc />
    public async Task<Result<Done>> DeleteLabelsAsync(long? ifMatch, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Status == ItemStatus.Trashed) return ItemErrors.Trashed(at.State.Path);
        if (at.State.Labels is null) return LabelErrors.NotFound(at.State.Path);
        var written = await WriteLabelsAsync(at, ifMatch, ChangeKind.Labeled, LabelDecisions.Removal(by));
        return written.Problem is { } refusal ? refusal : Done.Instance;
    }

    /// <inheritdoc />
    public async Task<Result<LabelDocument>> ReviewLabelsAsync(ReviewLabels request, long? ifMatch, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Status == ItemStatus.Trashed) return ItemErrors.Trashed(at.State.Path);
        if (LabelDecisions.FaultsOf(request) is { } invalid) return invalid;
        if (at.State.Labels is null) return LabelErrors.NotFound(at.State.Path);
        if (ifMatch is { } revision && revision != at.State.LabelRevision) return LabelErrors.RevisionConflict(at.State.LabelRevision);
        if (await ReadLabelsAsync(at, at.State.LabelRevision) is not { } document) return LabelErrors.NotFound(at.State.Path);
        return await WriteLabelsAsync(at, at.State.LabelRevision, ChangeKind.Reviewed, LabelDecisions.Review(document, request, by));
    }

    /// <inheritdoc />
    public async Task<Result<LabelHistory>> GetLabelHistoryAsync(long? before, int limit)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        var newest = Math.Min(at.State.LabelRevision, (before ?? long.MaxValue) - 1);
        var oldest = Math.Max(1, newest - limit + 1);
        var entries = new List<LabelHistoryEntry>();
        for (var revision = newest; revision >= oldest; revision -= LabelDecisions.ReadAhead)
        {
            var wanted = Enumerable.Range(0, LabelDecisions.ReadAhead).Select(i => revision - i).Where(r => r >= oldest);
            var documents = await Task.WhenAll(wanted.Select(r => ReadLabelsAsync(at, r)));
            entries.AddRange(documents.OfType<LabelDocument>().Select(LabelDecisions.EntryOf));
        }
        return new LabelHistory { Items = entries, Before = oldest > 1 && newest >= oldest ? oldest : null };
    }

    /// <inheritdoc />
    public async Task<Result<LabelDocument>> GetLabelRevisionAsync(long revision)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (revision < 1 || revision > at.State.LabelRevision) return LabelErrors.NotFound(at.State.Path);
        return await ReadLabelsAsync(at, revision) is { } document ? document : LabelErrors.NotFound(at.State.Path);
    }

    /// <summary>
    /// Writes the next document into the bucket, where its key can be written only once, then tags and row. A document that a
    /// crash left there before its row was written is taken over first: the bucket is the truth.
    /// </summary>
    private async Task<Result<LabelDocument>> WriteLabelsAsync(Opened at, long? ifMatch, ChangeKind kind, LabelDocument draft)
    {
        at = await WithObjectTagsAsync(at, draft.By);
        var digest = LabelJson.Digest(draft.Annotations, draft.Status);
        while (true)
        {
            var revision = at.State.LabelRevision;
            if (LabelDecisions.IsRepeat(at.State, ifMatch, draft, digest)
                && await ReadLabelsAsync(at, revision) is { } same) return same;
            if (ifMatch is { } expected && expected != revision) return LabelErrors.RevisionConflict(revision);
            var (_, omitted) = LabelTags.Project(at.State.Tags, LabelDecisions.ClassesOf(draft));
            var document = draft with
            {
                Item = key.ItemId, Revision = revision + 1, At = time.GetUtcNow(), NotInTags = omitted.Count == 0 ? null : omitted,
            };
            var (location, body) = (at.Keys.Labels(key.ItemId, document.Revision), LabelJson.Write(document));
            var written = await store.WriteAsync(location, body, "application/json", true, CancellationToken.None);
            if (!written && await store.ReadAsync(location, CancellationToken.None) is { } there)
            {
                // Our own bytes lie there when the store took them and its answer was lost on the way.
                written = there.AsSpan().SequenceEqual(body);
                if (!written) document = LabelJson.Read(there);
            }
            var takenOver = written ? digest : LabelJson.Digest(document.Annotations, document.Status);
            var applied = await ApplyAsync(at, EditDecisions.Label(at.State, document, takenOver, written ? kind : LabelDecisions.KindOf(document)), document.By);
            if (applied.Problem is { } refusal) return refusal;
            if (written) return document;
            at = at with { State = record.State.Item! };
        }
    }

    private async Task<LabelDocument?> ReadLabelsAsync(Opened at, long revision)
    {
        var body = await store.ReadAsync(at.Keys.Labels(key.ItemId, revision), CancellationToken.None);
        return body is null ? null : LabelJson.Read(body);
    }
}
