using Edna.Items;
using Edna.Jobs;
using Edna.Results;

namespace Edna.Search;

/// <summary>
/// Makes the search index anew beside the one in use. From when the table notes the new index on, no row is clean that is missing there;
/// what was there before is pushed page by page. It is checked, takes the place of the old one, and the old one goes. A crash at any
/// place is no matter: what the table notes and which index is in use tell how to go on.
/// </summary>
internal sealed partial class ReindexWork(IGrainFactory grains, IItemTable table, INextIndex indexes, TimeProvider time) : IJobWork
{
    /// <inheritdoc />
    public async Task<JobStep> StepAsync(JobState job, CancellationToken ct)
    {
        try
        {
            // The operator has work to do on the server.
            if (job.Phase < (int)ReindexPhase.Switch && (await grains.GetGrain<IIndexingGrain>(0).GetAsync()).Paused) return JobStep.Wait;
            return (ReindexPhase)job.Phase switch
            {
                ReindexPhase.Announce => await AnnounceAsync(job, ct),
                ReindexPhase.Fill => await WhileNotedAsync(FillAsync, job, ct),
                ReindexPhase.Count => await WhileNotedAsync(CountAsync, job, ct),
                ReindexPhase.Sample => await WhileNotedAsync(SampleAsync, job, ct),
                ReindexPhase.Switch => await SwitchAsync(job, ct),
                _ => await RetireAsync(job, ct),
            };
        }
        catch (UnavailableException e) when (e.Refusal is { } refusal)
        {
            // By then it is done, and what is left over does no harm.
            if (job.Phase == (int)ReindexPhase.Retire)
            {
                job.Note(job.IndexBefore, SearchErrors.OldIndexStays(job.IndexBefore!, refusal));
                return JobStep.Done;
            }
            return JobStep.Failed(SearchErrors.IndexRefuses(refusal));
        }
    }

    /// <summary>Ends the pushes to both, and removes the new index, unless it is in use by now: then it is the old one that goes.</summary>
    public async Task AbandonAsync(JobState job, CancellationToken ct)
    {
        job.InHand = null;
        if (job.NextIndex is not { } mine || Before(job) is not { } before) return;
        var serving = job.Phase < (int)ReindexPhase.Switch ? null : (await indexes.GetServingAsync(ct)).Generation;
        var noted = await table.ReadIndexGenerationAsync(ct);
        var turn = ReindexDecisions.Abandon(noted, serving, before.Generation, mine);
        // Somebody else has noted something: it is looked at again.
        if (turn.Note is { } note && !await table.NoteIndexGenerationAsync(noted!, note, ct)) throw new InvalidOperationException("Which index is filled has just changed.");
        if (turn.Move == ReindexMove.Retire) await indexes.RetireAsync(before, mine, ct);
        else if (turn.Move is ReindexMove.Back or ReindexMove.Drop) await indexes.DropAsync(mine, ct);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<JobStep> AnnounceAsync(JobState job, CancellationToken ct)
    {
        if (job.NextIndex is not { } mine)
        {
            // A step of its own: the name must be kept before there is anything of that name.
            job.NextIndex = Guid.NewGuid().ToString("N");
            job.Total = 0;
            foreach (var dataset in await table.ListDatasetsAsync(ct)) job.Total += await table.CountAsync(dataset, ct);
            return JobStep.More;
        }
        var (noted, serving) = (await table.ReadIndexGenerationAsync(ct), await indexes.GetServingAsync(ct));
        if (Before(job) is null)
        {
            (job.IndexBefore, job.GenerationBefore) = (serving.Name, serving.Generation);
            return JobStep.More;
        }
        var turn = ReindexDecisions.Open(noted, serving.Generation, mine);
        switch (turn.Move)
        {
            case ReindexMove.Wait:
                return JobStep.Wait;
            case ReindexMove.DropOther or ReindexMove.KeepOther:
                if (await table.NoteIndexGenerationAsync(noted!, turn.Note!, ct) && turn.Move == ReindexMove.DropOther) await indexes.DropAsync(turn.Other!, ct);
                return JobStep.More;
            case ReindexMove.Announce when serving != Before(job):
                return JobStep.Failed(SearchErrors.ReindexLost());
            case ReindexMove.Announce:
                await indexes.CreateAsync(mine, ct);
                return await table.NoteIndexGenerationAsync(noted!, turn.Note!, ct) ? Go(job, ReindexPhase.Fill) : JobStep.More;
            default:
                return Go(job, ReindexPhase.Fill);
        }
    }

    private async Task<JobStep> WhileNotedAsync(Func<JobState, string, CancellationToken, Task<JobStep>> step, JobState job, CancellationToken ct)
    {
        var turn = ReindexDecisions.GoOn(await table.ReadIndexGenerationAsync(ct), job.GenerationBefore!, job.NextIndex!);
        return turn.Move == ReindexMove.GoOn ? await step(job, job.NextIndex!, ct) : JobStep.Failed(SearchErrors.ReindexLost());
    }

    /// <summary>While both are noted, pushes go to the new index twice once the alias stands for it; so it is the alias that moves first.</summary>
    private async Task<JobStep> SwitchAsync(JobState job, CancellationToken ct)
    {
        var noted = await table.ReadIndexGenerationAsync(ct);
        var turn = ReindexDecisions.Switch(noted, job.GenerationBefore!, job.NextIndex!);
        if (turn.Move == ReindexMove.Lost) return JobStep.Failed(SearchErrors.ReindexLost());
        if (turn.Move == ReindexMove.Retire) return Go(job, ReindexPhase.Retire);
        await indexes.SwitchAsync(Before(job)!, job.NextIndex!, ct);
        return await table.NoteIndexGenerationAsync(noted!, turn.Note!, ct) ? Go(job, ReindexPhase.Retire) : JobStep.More;
    }

    private async Task<JobStep> RetireAsync(JobState job, CancellationToken ct)
    {
        await indexes.RetireAsync(Before(job)!, job.NextIndex!, ct);
        return JobStep.Done;
    }

    private static ServingIndex? Before(JobState job) => job is { IndexBefore: { } name, GenerationBefore: { } generation } ? new(name, generation) : null;

    private static JobStep Go(JobState job, ReindexPhase next)
    {
        (job.Phase, job.Cursor) = ((int)next, null);
        return JobStep.More;
    }
}
