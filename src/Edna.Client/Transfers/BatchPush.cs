namespace Edna.Client;

/// <summary>A file with what is asked for it.</summary>
/// <param name="File">The file.</param>
/// <param name="Request">The item that it shall be.</param>
internal sealed record PlannedFile(LocalFile File, CreateItem Request);

/// <summary>
/// Brings one batch of files up. A file whose URL had gone bad, or whose bytes the store turned out not to have, is planned again
/// a few times; whatever else is wrong is final.
/// </summary>
internal sealed class BatchPush(
    EdnaClient client, StoreTransfer store, string dataset, SemaphoreSlim sending,
    Action<PlannedFile, Item, bool> done, Action<PlannedFile, Problem> failed, Action<LocalFile, long> arrived)
{
    private const int Rounds = 4;

    private static readonly Problem NeverArrived = new()
    {
        Code = EdnaException.StoreRefused, Title = "The bytes do not arrive.",
        Detail = $"The store refused fresh upload URLs {Rounds} times. Is its clock right, and does it take the headers that were signed?",
    };

    public async Task RunAsync(IReadOnlyList<PlannedFile> files, CancellationToken ct)
    {
        for (var round = 1; files.Count > 0 && round <= Rounds; round++) files = await RoundAsync(files, firstRound: round == 1, ct);
        foreach (var file in files) failed(file, NeverArrived);
    }

    /// <summary>Plans, sends and confirms; answers the files that need another round.</summary>
    private async Task<IReadOnlyList<PlannedFile>> RoundAsync(IReadOnlyList<PlannedFile> files, bool firstRound, CancellationToken ct)
    {
        var plans = await client.CreateItemsAsync(dataset, [.. files.Select(f => f.Request)], ct);
        var toSend = new List<(PlannedFile File, Item Item, Upload Upload)>();
        var large = new List<Task>();
        foreach (var (file, plan) in files.Zip(plans))
        {
            if (plan.Problem is { } problem) failed(file, problem);
            else if (plan.Upload is { Kind: "multipart" }) large.Add(SendLargeAsync(file, plan.Item!, ct));
            else if (plan.Upload is { } upload) toSend.Add((file, plan.Item!, upload));
            else done(file, plan.Item!, !firstRound);
        }
        var outcomes = await Task.WhenAll(toSend.Select(one => SendAsync(one.File, one.Upload, ct)));
        await Task.WhenAll(large);
        var again = toSend.Where((_, i) => outcomes[i] is PutOutcome.UrlNotGood).Select(one => one.File).ToList();
        var sent = toSend.Where((_, i) => outcomes[i] is PutOutcome.Stored or PutOutcome.AlreadyThere).ToArray();
        if (sent.Length > 0) again.AddRange(await ConfirmAsync(sent, ct));
        return again;
    }

    private async Task<IReadOnlyList<PlannedFile>> ConfirmAsync((PlannedFile File, Item Item, Upload Upload)[] sent, CancellationToken ct)
    {
        var again = new List<PlannedFile>();
        var confirmed = await client.CompleteItemsAsync(dataset, [.. sent.Select(s => s.Item.Id)], ct);
        foreach (var ((file, _, _), outcome) in sent.Zip(confirmed))
        {
            if (outcome.Problem is null) done(file, outcome.Item!, true);
            else if (outcome.Problem.Code is "upload.not_found_in_store" or "upload.none_open" or "upload.expired" or "service.unavailable") again.Add(file);
            else failed(file, outcome.Problem);
        }
        return again;
    }

    /// <summary>Sends and confirms a large file, to its end or its failure.</summary>
    private async Task SendLargeAsync(PlannedFile file, Item item, CancellationToken ct)
    {
        try
        {
            done(file, await new MultipartPush(client, store, dataset, sending).RunAsync(file, item.Id, bytes => arrived(file.File, bytes), ct), true);
        }
        catch (Exception e) when (IsOfFile(e))
        {
            failed(file, TransferFailure.Of(file.File.Path, e).Problem);
        }
    }

    private static bool IsOfFile(Exception e) =>
        e is EdnaException { IsTransient: false } or UnauthorizedAccessException || (e is IOException and not HttpIOException);

    /// <summary>Null when the file failed for good.</summary>
    private async Task<PutOutcome?> SendAsync(PlannedFile file, Upload upload, CancellationToken ct)
    {
        await sending.WaitAsync(ct);
        try
        {
            return await store.PutAsync(upload, file.File.FullPath, file.Request.Size, ct);
        }
        catch (Exception e) when (IsOfFile(e))
        {
            failed(file, TransferFailure.Of(file.File.Path, e).Problem);
            return null;
        }
        finally
        {
            sending.Release();
        }
    }
}
