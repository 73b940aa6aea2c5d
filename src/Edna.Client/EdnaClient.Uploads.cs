namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>The open upload of an item, signed again, with the parts that have arrived. Errors: <c>upload.none_open</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="ct">Cancels.</param>
    public Task<UploadState> GetUploadAsync(string dataset, string item, CancellationToken ct = default) =>
        GetAsync(AtItem(dataset, item, "/upload"), EdnaJson.Default.UploadState, ct);

    /// <summary>Signs parts of an open multipart upload. Errors: <c>upload.none_open</c>, <c>upload.not_multipart</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="partNumbers">Up to 1,000 parts.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Upload> SignPartsAsync(string dataset, string item, IReadOnlyList<int> partNumbers, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Post, AtItem(dataset, item, "/upload/parts"), new PartNumbers(partNumbers), EdnaJson.Default.PartNumbers, EdnaJson.Default.Upload, ct);

    /// <summary>
    /// Has an upload confirmed. Errors: <c>upload.not_found_in_store</c>, <c>upload.size_mismatch</c>, <c>upload.checksum_mismatch</c>,
    /// <c>upload.parts_missing</c>, <c>upload.parts_refused</c>, <c>upload.being_verified</c> (ask again).
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="parts">The parts of a multipart upload; null takes those that the store has.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Item> CompleteUploadAsync(string dataset, string item, IReadOnlyList<UploadedPart>? parts = null, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Post, AtItem(dataset, item, "/upload/complete"), new CompleteUpload(parts), EdnaJson.Default.CompleteUpload, EdnaJson.Default.Item, ct);

    /// <summary>Gives an open upload up. Errors: <c>upload.none_open</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="ct">Cancels.</param>
    public Task AbortUploadAsync(string dataset, string item, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Delete, AtItem(dataset, item, "/upload"), ct);
}
