using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Edna.Storage.Dynamo.State;

/// <summary>
/// Orleans grain storage in DynamoDB: a row a state, see <see cref="GrainStateRow"/>. Every write names the etag that it was read with, and
/// reads are consistent. When the answer to a write is lost, the client's repetition finds the row changed: by its token the write knows the
/// row that it made itself, and by <see cref="ConditionalDelete"/> a removal knows that it was done.
/// </summary>
/// <remarks>What it needs of IAM: <see cref="DynamoAccess.GrainState"/>.</remarks>
internal sealed class DynamoGrainStorage(
    [FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, DynamoOptions options, IOptions<ClusterOptions> cluster, IActivatorProvider activators)
    : IGrainStorage
{
    private const string What = "The state table";
    private const string IsAbsent = $"attribute_not_exists({GrainStateRow.Grain})";
    private const string IsSame = $"{GrainStateRow.ETag} = :etag";

    private readonly string _service = cluster.Value.ServiceId;

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var row = await FindAsync(stateName, grainId, cancellationToken);
        var body = row is null ? null : GrainStateRow.Read(row);
        grainState.State = body is null ? activators.GetActivator<T>().Create() : GrainStateJson.Read<T>(body, stateName, grainId);
        (grainState.ETag, grainState.RecordExists) = (row?[GrainStateRow.ETag].N, body is not null);
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // A row that was cleared and is written anew must not come to an etag that an older activation still holds.
        var etag = grainState.ETag is { Length: > 0 } read ? Parse(read) + 1 : Random.Shared.Next(int.MaxValue / 2);
        var token = Guid.NewGuid().ToString("n");
        var put = new PutItemRequest
        {
            TableName = options.GrainStateTable, Item = GrainStateRow.Write(_service, grainId, stateName, GrainStateJson.Write(grainState.State), etag, token),
        };
        (put.ConditionExpression, put.ExpressionAttributeValues) = Unchanged(grainState.ETag);
        try
        {
            await DynamoCalls.CallAsync(What, () => client.PutItemAsync(put, cancellationToken), cancellationToken);
        }
        catch (ConditionalCheckFailedException changed)
        {
            var row = await FindAsync(stateName, grainId, cancellationToken);
            // The stock provider changes rows in place, and leaves a token there that is not its own.
            if (row?.Text(GrainStateRow.Token) != token || row[GrainStateRow.ETag].Long() != etag) throw Inconsistent(stateName, grainId, grainState.ETag, row, changed);
        }
        (grainState.ETag, grainState.RecordExists) = (etag.ToString(CultureInfo.InvariantCulture), true);
    }

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var delete = new Delete { TableName = options.GrainStateTable, Key = GrainStateRow.Key(_service, grainId, stateName) };
        (delete.ConditionExpression, delete.ExpressionAttributeValues) = Unchanged(grainState.ETag);
        if (!await ConditionalDelete.TryAsync(client, What, delete, cancellationToken))
            throw Inconsistent(stateName, grainId, grainState.ETag, await FindAsync(stateName, grainId, cancellationToken), null);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (activators.GetActivator<T>().Create(), null, false);
    }

    private async Task<Dictionary<string, AttributeValue>?> FindAsync(string name, GrainId grain, CancellationToken ct)
    {
        var found = await DynamoCalls.CallAsync(What, () => client.GetItemAsync(new()
        {
            TableName = options.GrainStateTable, Key = GrainStateRow.Key(_service, grain, name), ConsistentRead = true,
        }, ct), ct);
        return found.Item is { Count: > 0 } row ? row : null;
    }

    /// <summary>The row was not as it was read. Nothing was written, unless the answer was lost and somebody wrote over it since.</summary>
    private static InconsistentStateException Inconsistent(string name, GrainId grain, string? expected, Dictionary<string, AttributeValue>? stored, Exception? inner) =>
        new($"The state '{name}' of {grain} is at another revision.", stored?[GrainStateRow.ETag].N ?? "", expected ?? "", inner!);

    private static (string Condition, Dictionary<string, AttributeValue>? Values) Unchanged(string? etag) =>
        string.IsNullOrEmpty(etag) ? (IsAbsent, null) : (IsSame, new() { [":etag"] = DynamoCalls.Number(Parse(etag)) });

    private static long Parse(string etag) => long.Parse(etag, CultureInfo.InvariantCulture);
}
