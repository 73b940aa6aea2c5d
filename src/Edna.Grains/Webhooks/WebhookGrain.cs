using System.Globalization;
using Edna.Datasets;
using Edna.Hosting;
using Edna.Items;
using Edna.Json;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Webhooks;

/// <inheritdoc cref="IWebhookGrain"/>
/// <remarks>
/// The change feed is its queue: what is stored is a cursor and the few deliveries before it that are not settled, so an outage of a day
/// costs the place of a line each. Deliveries are made beside its calls, see <c>WebhookGrain.Pump.cs</c>. A reminder brings it back.
/// </remarks>
public sealed partial class WebhookGrain(
    [PersistentState("webhook")] IPersistentState<WebhookState> state, [PersistentState("deliveries")] IPersistentState<WebhookQueue> kept,
    IItemTable table, WebhookSender sender, WebhookTargets targets, DatasetCache datasets, IOptions<WebhookOptions> options, TimeProvider time,
    ILogger<WebhookGrain> log) : Grain, IWebhookGrain, IRemindable
{
    private const string Look = "look";

    private DatasetKey dataset;
    private string id = "";

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.LastIndexOf('/');
        (dataset, id) = (DatasetKey.Parse(key[..slash]), key[(slash + 1)..]);
        Queue = kept.State;
        if (IsSending) Wake(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    private bool IsSending => state.RecordExists && state.State.Enabled;

    /// <inheritdoc />
    public async Task<Webhook> CreateAsync(CreateWebhook request, string by)
    {
        var secret = WebhookSignature.NewSecret();
        var end = await table.EndOfChangesAsync(dataset, CancellationToken.None);
        // Reminder and place come first: a crash in between leaves what nobody looks at, never a webhook that forgets a change.
        await RemindAsync();
        Queue = new() { Cursor = end };
        await kept.WriteAsync(Queue, DeactivateOnIdle);
        await state.WriteAsync(new()
        {
            Url = request.Url!, Kinds = request.Kinds, Description = request.Description, Enabled = request.Enabled ?? true, CreatedAt = time.GetUtcNow(),
            CreatedBy = by, Secrets = [new() { Value = secret }],
        }, DeactivateOnIdle);
        // Until then a silo may believe that the dataset has no webhook, and tell nobody of a change.
        Wake(WebhookNotifier.Life + TimeSpan.FromSeconds(1));
        return View() with { Secret = secret };
    }

    /// <inheritdoc />
    public Task<Result<Webhook>> GetAsync() => Task.FromResult<Result<Webhook>>(Missing() ?? (Result<Webhook>)View());

    /// <inheritdoc />
    public async Task<Result<Webhook>> PatchAsync(JsonText mergePatch)
    {
        if (Missing() is { } missing) return missing;
        var errors = new FieldErrors();
        var next = WebhookPatch.Apply(state.State, mergePatch, errors);
        targets.CheckForm(next.Url, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        if (next.Url != state.State.Url && await targets.FaultOfAsync(next.Url) is { } refused) return refused;
        if (next.Enabled) await RemindAsync();
        var revived = next.Enabled && !state.State.Enabled;
        // What was passed by until now stays so, whatever kinds are wanted from now on.
        await KeepAsync(always: true);
        // Applied to what is there by now: an address that said meanwhile that it is gone stays switched off, unless this is what the patch is about.
        await ChangeAsync(now => WebhookPatch.Apply(now, mergePatch, new()));
        if (revived) Revive();
        return Missing() ?? (Result<Webhook>)View();
    }

    /// <inheritdoc />
    public async Task<Result<Webhook>> RotateAsync(RotateSecret request)
    {
        if (Missing() is { } missing) return missing;
        if (request.OverlapSeconds is < 0 or > WebhookLimits.OverlapSeconds)
            return RequestErrors.Invalid("overlapSeconds", $"must be 0 to {WebhookLimits.OverlapSeconds.ToString(CultureInfo.InvariantCulture)}");
        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.SecretOverlap;
        var secret = WebhookSignature.NewSecret();
        await ChangeAsync(now => now.Rotated(secret, time.GetUtcNow(), overlap));
        return Missing() ?? (Result<Webhook>)(View() with { Secret = secret });
    }

    /// <inheritdoc />
    public async Task RemoveAsync()
    {
        StopPumping();
        await InTurnAsync(async () =>
        {
            if (state.RecordExists) await state.ClearStateAsync();
            if (kept.RecordExists) await kept.ClearStateAsync();
        });
        await ForgetAsync();
        DeactivateOnIdle();
    }

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // A dataset that went while this webhook was being made could not take it along.
        if (!IsSending) await ForgetAsync();
        else if ((await datasets.GetAsync(dataset)).Problem is { Status: 404 }) await RemoveAsync();
        else await NoticeAsync();
    }

    private Problem? Missing()
    {
        // Anybody can ask for any id: what is not there must not stay in memory.
        if (!state.RecordExists) DeactivateOnIdle();
        return state.RecordExists ? null : WebhookErrors.NotFound(id);
    }

    private Webhook View()
    {
        var signing = state.State.SigningAt(time.GetUtcNow()).Max(s => s.Until);
        return new()
        {
            Id = id, Url = state.State.Url, Kinds = state.State.Kinds, Description = state.State.Description, Enabled = state.State.Enabled,
            GoneSince = state.State.GoneSince, CreatedAt = state.State.CreatedAt, CreatedBy = state.State.CreatedBy, Cursor = Queue.Cursor,
            Waiting = Queue.Waiting.Count, OverlapUntil = signing, Expired = Queue.Expired,
        };
    }

    private Task<IGrainReminder> RemindAsync() => this.RegisterOrUpdateReminder(Look, options.Value.LookInterval, options.Value.LookInterval);

    private async Task ForgetAsync()
    {
        if (await this.GetReminder(Look) is { } reminder) await this.UnregisterReminder(reminder);
    }
}
