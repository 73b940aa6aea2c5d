using System.Security.Cryptography;
using Edna.Hosting;
using Edna.Items;
using Edna.Results;

namespace Edna.Webhooks;

/// <inheritdoc cref="IWebhookDirectoryGrain"/>
public sealed class WebhookDirectoryGrain([PersistentState("webhooks")] IPersistentState<WebhookDirectoryState> state, WebhookTargets targets)
    : Grain, IWebhookDirectoryGrain
{
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 16;

    /// <inheritdoc />
    public async Task<Result<Webhook>> CreateAsync(CreateWebhook request, string by, string? name)
    {
        var isNoted = name is not null && state.State.Ids.Contains(name);
        if (isNoted && (await Webhook(name!).GetAsync()).Value is { } made) return made;
        var errors = new FieldErrors();
        targets.CheckForm(request.Url, errors);
        WebhookRules.CheckSettings(request.Kinds, request.Description, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        if (!isNoted && state.State.Ids.Count >= WebhookLimits.OfADataset && !await ForgetUnmadeAsync()) return WebhookErrors.LimitReached();
        if (await targets.FaultOfAsync(request.Url!) is { } refused) return refused;
        var id = name ?? RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        // The id is noted first: a crash in between leaves an id without a webhook, which lists skip, never one that nobody can find and stop.
        if (!isNoted) await WriteAsync([.. state.State.Ids, id]);
        return await Webhook(id).CreateAsync(request, by);
    }

    /// <inheritdoc />
    public async Task<Result<WebhookPage>> ListAsync(string? cursor, int limit)
    {
        var after = state.State.Ids.Where(id => string.CompareOrdinal(id, cursor) > 0).ToArray();
        var page = after.Take(limit).ToArray();
        var found = await Task.WhenAll(page.Select(id => Webhook(id).GetAsync()));
        return new WebhookPage { Items = [.. found.Select(f => f.Value).OfType<Webhook>()], NextCursor = page.Length < after.Length ? page[^1] : null };
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> GetIdsAsync() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Ids]);

    /// <inheritdoc />
    public async Task<Result<Done>> RemoveAsync(string id)
    {
        if (!state.State.Ids.Contains(id)) return WebhookErrors.NotFound(id);
        // The webhook first: after a crash in between it can be removed again.
        await Webhook(id).RemoveAsync();
        await WriteAsync([.. state.State.Ids.Where(i => i != id)]);
        return Done.Instance;
    }

    /// <inheritdoc />
    public async Task RemoveAllAsync()
    {
        await Task.WhenAll(state.State.Ids.Select(id => Webhook(id).RemoveAsync()));
        if (state.RecordExists) await state.ClearStateAsync();
        DeactivateOnIdle();
    }

    /// <summary>Drops ids that a crash left without a webhook; whether there were any.</summary>
    private async Task<bool> ForgetUnmadeAsync()
    {
        var found = await Task.WhenAll(state.State.Ids.Select(id => Webhook(id).GetAsync()));
        var made = found.Select(f => f.Value).OfType<Webhook>().Select(w => w.Id).ToList();
        if (made.Count == state.State.Ids.Count) return false;
        await WriteAsync(made);
        return true;
    }

    private IWebhookGrain Webhook(string id) => GrainFactory.GetGrain<IWebhookGrain>($"{this.GetPrimaryKeyString()}/{id}");

    private Task WriteAsync(List<string> ids)
    {
        ids.Sort(StringComparer.Ordinal);
        return state.WriteAsync(new() { Ids = ids }, DeactivateOnIdle);
    }
}
