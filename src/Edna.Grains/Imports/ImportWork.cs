using Edna.Changes;
using Edna.Datasets;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;

namespace Edna.Imports;

/// <summary>
/// Registers the objects under a prefix where they lie. A step takes one page of the listing: it looks up what is known of it, notes
/// what it is about to register in the bucket, inserts the rows of what is new in one write past their grains (ADR 0004), and has the
/// items' grains take over the rest.
/// </summary>
internal sealed class ImportWork(
    string id, DatasetKey dataset, IGrainFactory grains, IItemTable table, IObjectStore store, DatasetCache datasets, ChangeNotifier notifier,
    TimeProvider time) : IJobWork
{
    private const int Together = 32;
    private ListingAhead? listing;

    /// <inheritdoc />
    public async Task<JobStep> StepAsync(JobState job, CancellationToken ct)
    {
        if (!(await datasets.GetAsync(dataset)).TryGet(out var found, out var problem)) return JobStep.Failed(problem);
        var keys = new ObjectKeys(store.Prefix, dataset, found.Storage);
        listing ??= new(store, keys.Bucket, job.Prefix!, job.Cursor);
        if (await listing.NextAsync(ct) is not { } page) return JobStep.Done;
        var entries = Read(page, keys, job);
        await LookUpAsync(entries, keys, job, ct);
        await WritePageAsync(entries, keys, job, ct);
        // Again, for asking the store may have taken long: nothing is inserted into a dataset that has been removed meanwhile.
        if ((await datasets.GetAsync(dataset)).Problem is { } gone) return JobStep.Failed(gone);
        await InsertAsync(entries, job, ct);
        await EachAsync(entries, e => e.Outcome.Next is not null, entry => RegisterAsync(entry, job));
        Tally(entries, job);
        job.Cursor = page[^1].Key;
        return JobStep.More;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => listing?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What of a page could be items; what could not is counted.</summary>
    private List<Entry> Read(IReadOnlyList<ListedObject> page, ObjectKeys keys, JobState job)
    {
        var entries = new List<Entry>(page.Count);
        var paths = new HashSet<string>(page.Count, StringComparer.Ordinal);
        foreach (var listed in page)
        {
            var (found, reason, problem) = ImportRules.Read(listed, keys.Root);
            if (found is not null && !paths.Add(found.Path)) (reason, problem) = (ImportErrors.PathTaken(found.Path).Code, ImportErrors.PathTaken(found.Path));
            if (reason is not null) Skip(job, listed.Key, reason, problem);
            else if (found is not null) entries.Add(new(found, new(dataset, ItemId.FromPath(found.Path))));
        }
        return entries;
    }

    /// <summary>Decides what registering each would mean, with what the table has; asks the store for details where they are wanted.</summary>
    private async Task LookUpAsync(List<Entry> entries, ObjectKeys keys, JobState job, CancellationToken ct)
    {
        var rows = await table.ReadManyAsync(dataset, [.. entries.Select(e => e.Key.ItemId)], ct);
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].Before = rows[i] is { } row ? ItemJson.Read(row.Body) : null;
            Decide(entries[i], job);
        }
        await EachAsync(entries, e => e.Problem is null && (job.Details || (e.Before is not null && e.Outcome.Next is not null)), async entry =>
        {
            try
            {
                var described = await StorePace.AskAsync(() => ObjectDetails.ReadAsync(store, keys, entry.Found, ct), time, ct);
                if (described is null) entry.Refuse(ImportErrors.ObjectGone());
                else
                {
                    entry.Found = described;
                    Decide(entry, job);
                }
            }
            catch (UnavailableException e) when (e.Refusal is { } refusal)
            {
                // Of this object only: a bucket that refuses everything could not have been listed.
                entry.Refuse(ImportErrors.ObjectRefused(refusal));
            }
        });
    }

    private void Decide(Entry entry, JobState job)
    {
        entry.Outcome = RegisterDecisions.Register(entry.Before, entry.Found, time.GetUtcNow(), job.CreatedBy);
        entry.Problem = entry.Outcome.Problem;
    }

    /// <summary>
    /// Notes in the bucket what is about to be registered. A page is never written over: after a crash the same bytes may lie there
    /// already, or others, for less was left to do, and then the next number is taken.
    /// </summary>
    private async Task WritePageAsync(List<Entry> entries, ObjectKeys keys, JobState job, CancellationToken ct)
    {
        var objects = entries.Where(e => e.Outcome.Next is not null).Select(e => e.OnPage(keys.Root)).ToArray();
        if (objects.Length == 0) return;
        var body = ImportPage.Write(new() { Job = id, At = job.CreatedAt, By = job.CreatedBy, Objects = objects });
        while (true)
        {
            var at = keys.Import(id, ++job.Page);
            if (await store.WriteAsync(at, body, "application/json", true, ct)) return;
            if (await store.ReadAsync(at, ct) is { } there && there.AsSpan().SequenceEqual(body)) return;
        }
    }

    /// <summary>Inserts what is new, all of it in one write. What somebody else has inserted since is left to its grain.</summary>
    private async Task InsertAsync(List<Entry> entries, JobState job, CancellationToken ct)
    {
        var fresh = entries.Where(e => e.Before is null && e.Outcome.Next is not null).ToArray();
        if (fresh.Length == 0) return;
        var written = await table.InsertManyAsync(
            [.. fresh.Select(e => (ItemView.RowOf(e.Key, e.Outcome.Next!), new NewChange(e.Outcome.Kind, e.Outcome.Next!.UpdatedAt, job.CreatedBy)))], ct);
        for (var i = 0; i < fresh.Length; i++)
        {
            if (!written[i]) continue;
            fresh[i].Settle(RegistrationOutcome.Registered);
            notifier.Notify(fresh[i].Key.Shard);
        }
    }

    private async Task RegisterAsync(Entry entry, JobState job)
    {
        var said = entry.Outcome.Kind == ChangeKind.Available ? entry.Outcome.Next!.ContentRevision : (long?)null;
        var answer = await ItemCalls.AnswerAsync(() =>
            grains.GetGrain<IItemGrain>(entry.Key.ToString()).RegisterAsync(entry.Found with { Revision = said }, job.CreatedBy));
        if (answer.TryGet(out var registration, out var problem)) entry.Settle(registration.Outcome);
        else if (problem.Status >= 500) throw new UnavailableException("An item");
        else entry.Refuse(problem);
    }

    private static void Tally(List<Entry> entries, JobState job)
    {
        foreach (var entry in entries)
        {
            if (entry.Problem is { } problem)
            {
                Skip(job, entry.Found.Key, problem.Code, problem);
                continue;
            }
            job.Done++;
            job.Count(entry.Ended switch
            {
                RegistrationOutcome.Registered => "registered", RegistrationOutcome.Updated => "updated",
                // Inserted by this job, whose step was cut off before it was noted.
                _ => entry.Before is { Revision: 1 } before && before.UpdatedAt >= job.CreatedAt ? "registered" : "unchanged",
            });
        }
    }

    private static void Skip(JobState job, string key, string reason, Problem? problem)
    {
        job.Done++;
        job.Skip(reason);
        if (problem is not null) job.Note(key, problem);
    }

    /// <summary>Does something with some of the entries, a few at a time.</summary>
    private static async Task EachAsync(List<Entry> entries, Func<Entry, bool> which, Func<Entry, Task> work)
    {
        var open = new Queue<Entry>(entries.Where(which));
        async Task WorkAsync()
        {
            while (open.TryDequeue(out var entry)) await work(entry);
        }
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Together, open.Count)).Select(_ => WorkAsync()));
    }

    /// <summary>One object of a page, on its way.</summary>
    private sealed class Entry(RegisterObject found, ItemKey key)
    {
        public RegisterObject Found { get; set; } = found;

        public ItemKey Key { get; } = key;

        public ItemState? Before { get; set; }

        public ItemOutcome Outcome { get; set; }

        public Problem? Problem { get; set; }

        public RegistrationOutcome Ended { get; private set; }

        public void Settle(RegistrationOutcome ended) => (Ended, Outcome) = (ended, ItemOutcome.Unchanged);

        public void Refuse(Problem problem) => (Problem, Outcome) = (problem, ItemOutcome.Refuse(problem));

        public ImportedObject OnPage(string root)
        {
            var (key, next) = (Found.Key[root.Length..], Outcome.Next!);
            return new()
            {
                Key = key, Path = key == Found.Path ? null : Found.Path, Revision = next.ContentRevision == 1 ? null : next.ContentRevision,
                Size = Found.Size, ETag = Found.ETag, LastModified = Found.LastModified, ContentType = Found.ContentType,
                Tags = Found.Tags is { Count: > 0 } tags ? tags : null, Metadata = Found.Metadata,
            };
        }
    }
}
