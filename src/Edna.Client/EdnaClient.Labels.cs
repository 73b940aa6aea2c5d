namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>An item's labels. Errors: <c>labels.not_found</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="ct">Cancels.</param>
    public Task<LabelDocument> GetLabelsAsync(string dataset, string item, CancellationToken ct = default) =>
        GetAsync(AtItem(dataset, item, "/labels"), EdnaJson.Default.LabelDocument, ct);

    /// <summary>Writes an item's labels. Errors: <c>labels.invalid</c>, <c>labels.revision_conflict</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="labels">The whole document.</param>
    /// <param name="ifMatch">The label revision that was read, 0 for none yet; null writes over whatever is there.</param>
    /// <param name="ct">Cancels.</param>
    public Task<LabelDocument> PutLabelsAsync(string dataset, string item, PutLabels labels, long? ifMatch = null, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Put, AtItem(dataset, item, "/labels"), labels, EdnaJson.Default.PutLabels, EdnaJson.Default.LabelDocument, ct, ifMatch);

    /// <summary>Searches. Errors: <c>request.invalid</c>, <c>dataset.not_found</c>.</summary>
    /// <param name="request">What to find.</param>
    /// <param name="ct">Cancels.</param>
    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Post, "v1/search", request, EdnaJson.Default.SearchRequest, EdnaJson.Default.SearchPage, ct);
}
