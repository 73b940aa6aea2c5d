using System.Runtime.CompilerServices;

namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>Makes a dataset. Errors: <c>dataset.exists</c>, <c>request.invalid</c>.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Dataset> CreateDatasetAsync(CreateDataset request, CancellationToken ct = default) =>
        // One key for every attempt: an attempt whose answer was lost must not make the next one find the name taken.
        SendAsync(HttpMethod.Post, "v1/datasets", request, EdnaJson.Default.CreateDataset, EdnaJson.Default.Dataset, ct,
            idempotencyKey: Guid.NewGuid().ToString("N"));

    /// <summary>A dataset with its counts. Errors: <c>dataset.not_found</c>.</summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Dataset> GetDatasetAsync(string dataset, CancellationToken ct = default) =>
        GetAsync(At(dataset), EdnaJson.Default.Dataset, ct);

    /// <summary>Makes a dataset, or answers the one that has the name already.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Dataset> EnsureDatasetAsync(CreateDataset request, CancellationToken ct = default)
    {
        try
        {
            return await CreateDatasetAsync(request, ct);
        }
        catch (EdnaException e) when (e.Code == "dataset.exists")
        {
            return await GetDatasetAsync(request.Name, ct);
        }
    }

    /// <summary>All datasets, page by page.</summary>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<Dataset> ListDatasetsAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        string? cursor = null;
        do
        {
            var query = new QueryText();
            query.Add("limit", "1000");
            query.Add("cursor", cursor);
            var page = await GetAsync($"v1/datasets{query}", EdnaJson.Default.DatasetPage, ct);
            foreach (var dataset in page.Items) yield return dataset;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Removes an empty dataset. Errors: <c>dataset.not_found</c>, <c>dataset.not_empty</c>.</summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="purge">True removes it with everything in it, as a job of the server's.</param>
    /// <param name="ct">Cancels.</param>
    public Task DeleteDatasetAsync(string dataset, bool purge = false, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Delete, At(dataset, purge ? "?purge=true" : ""), ct);
}
