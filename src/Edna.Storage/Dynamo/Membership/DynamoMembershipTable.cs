using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Storage.Dynamo.Membership;

/// <summary>
/// Orleans' membership table in DynamoDB: a row a silo and a row with the table's version, all under the cluster's id. Every change but a
/// heartbeat is one transaction over both rows, and every read is consistent.
/// </summary>
/// <remarks>What it needs of IAM: <see cref="DynamoAccess.Members"/>.</remarks>
internal sealed class DynamoMembershipTable(
    [FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, DynamoOptions options, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    /// <summary>How often a read may be overtaken by changes before it is given up; Orleans asks again.</summary>
    private const int Tries = 20;

    private const string SameETag = $"{SiloRow.ETag} = :etag";

    private readonly string _cluster = cluster.Value.ClusterId;

    /// <summary>Makes the row with the version when there is none; never the table.</summary>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        if (!tryInitTableVersion) return;
        try
        {
            var row = SiloRow.Key(_cluster, SiloRow.VersionRow);
            (row[SiloRow.Version], row[SiloRow.ETag]) = (DynamoCalls.Number(0), DynamoCalls.Number(0));
            await client.PutItemAsync(new() { TableName = options.SiloTable, Item = row, ConditionExpression = $"attribute_not_exists({SiloRow.Identity})" }, cancellationToken);
        }
        catch (ConditionalCheckFailedException)
        {
            // Another silo made it.
        }
    }

    /// <inheritdoc />
    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken)
    {
        foreach (var row in await QueryAsync(clusterId, cancellationToken)) await client.DeleteItemAsync(new() { TableName = options.SiloTable, Key = KeyOf(row) }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        foreach (var row in (await QueryAsync(_cluster, cancellationToken)).Where(IsSilo))
        {
            var silo = SiloRow.Read(row);
            // The dead do not come back: a row that is dead once can go whatever happened since it was read.
            if (silo.Status == SiloStatus.Dead && SiloRow.LastHeard(silo) < beforeDate.UtcDateTime)
                await client.DeleteItemAsync(new() { TableName = options.SiloTable, Key = KeyOf(row) }, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        TransactGetItem Get(Dictionary<string, AttributeValue> row) => new() { Get = new() { TableName = options.SiloTable, Key = row } };
        var read = await client.TransactGetItemsAsync(new()
        {
            TransactItems = [Get(SiloRow.Key(_cluster, SiloRow.VersionRow)), Get(SiloRow.Key(_cluster, key))],
        }, cancellationToken);
        return Data(read.Responses[0].Item, read.Responses[1].Item is { Count: > 0 } silo ? [silo] : []);
    }

    /// <inheritdoc />
    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var version = await client.GetItemAsync(new() { TableName = options.SiloTable, Key = SiloRow.Key(_cluster, SiloRow.VersionRow), ConsistentRead = true }, cancellationToken);
            var silos = (await QueryAsync(_cluster, cancellationToken)).Where(IsSilo).ToList();
            var data = Data(version.Item, silos);
            // A row with a later version was written between the two reads, and others may have been read as they were before.
            if (silos.TrueForAll(silo => silo[SiloRow.Version].Long() <= data.Version.Version)) return data;
        }
        throw new InvalidOperationException($"The membership table '{options.SiloTable}' changed {Tries} times while it was read.");
    }

    /// <inheritdoc />
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => TransactAsync(tableVersion, new()
    {
        TableName = options.SiloTable,
        Item = SiloRow.Write(_cluster, entry, tableVersion.Version, 0),
        ConditionExpression = $"attribute_not_exists({SiloRow.Identity})",
    }, cancellationToken);

    /// <inheritdoc />
    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        if (!TryRead(etag, out var expected)) return false;
        var row = SiloRow.Write(_cluster, entry, tableVersion.Version, expected + 1);
        return await TransactAsync(tableVersion, new()
        {
            TableName = options.SiloTable, Item = row, ConditionExpression = SameETag, ExpressionAttributeValues = new() { [":etag"] = DynamoCalls.Number(expected) },
        }, cancellationToken);
    }

    /// <inheritdoc />
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => client.UpdateItemAsync(new()
    {
        TableName = options.SiloTable,
        Key = SiloRow.Key(_cluster, entry.SiloAddress),
        UpdateExpression = $"SET {SiloRow.IAmAlive} = :now",
        // A heartbeat must not make a row of a silo that was cleaned away.
        ConditionExpression = $"attribute_exists({SiloRow.Identity})",
        ExpressionAttributeValues = new() { [":now"] = new(LogFormatter.PrintDate(entry.IAmAliveTime)) },
    }, cancellationToken);

    /// <inheritdoc />
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <inheritdoc />
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    /// <inheritdoc />
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    /// <inheritdoc />
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    /// <inheritdoc />
    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    /// <inheritdoc />
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    /// <inheritdoc />
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    /// <inheritdoc />
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>Writes a silo's row and the next version, both or neither.</summary>
    /// <returns>Whether they were written; not, when somebody else changed either meanwhile.</returns>
    private async Task<bool> TransactAsync(TableVersion version, Put silo, CancellationToken ct)
    {
        if (!TryRead(version.VersionEtag, out var expected)) return false;
        var next = new Update
        {
            TableName = options.SiloTable,
            Key = SiloRow.Key(_cluster, SiloRow.VersionRow),
            UpdateExpression = $"SET {SiloRow.Version} = :version, {SiloRow.ETag} = :next",
            ConditionExpression = SameETag,
            ExpressionAttributeValues = new()
            {
                [":version"] = DynamoCalls.Number(version.Version), [":etag"] = DynamoCalls.Number(expected), [":next"] = DynamoCalls.Number(expected + 1),
            },
        };
        try
        {
            // The token makes the transaction one, however often the client sends it because an answer was lost.
            await client.TransactWriteItemsAsync(new() { ClientRequestToken = $"{Guid.NewGuid():n}", TransactItems = [new() { Put = silo }, new() { Update = next }] }, ct);
            return true;
        }
        catch (TransactionCanceledException lost) when (lost.CancellationReasons.Exists(reason => reason.Code is "ConditionalCheckFailed" or "TransactionConflict"))
        {
            return false;
        }
    }

    private MembershipTableData Data(Dictionary<string, AttributeValue>? version, List<Dictionary<string, AttributeValue>> silos)
    {
        if (version is not { Count: > 0 })
            throw new InvalidOperationException($"The membership table '{options.SiloTable}' has no version of cluster '{_cluster}': its rows were deleted while silos run.");
        return new(
            [.. silos.Select(row => Tuple.Create(SiloRow.Read(row), row[SiloRow.ETag].N))],
            new((int)version[SiloRow.Version].Long(), version[SiloRow.ETag].N));
    }

    private Task<List<Dictionary<string, AttributeValue>>> QueryAsync(string clusterId, CancellationToken ct) => client.QueryAllAsync(new()
    {
        TableName = options.SiloTable,
        KeyConditionExpression = $"{SiloRow.Cluster} = :cluster",
        ExpressionAttributeValues = new() { [":cluster"] = new(clusterId) },
        ConsistentRead = true,
    }, ct);

    private static bool IsSilo(Dictionary<string, AttributeValue> row) => row[SiloRow.Identity].S != SiloRow.VersionRow;

    private static Dictionary<string, AttributeValue> KeyOf(Dictionary<string, AttributeValue> row) => SiloRow.Key(row[SiloRow.Cluster].S, row[SiloRow.Identity].S);

    private static bool TryRead(string? etag, out long value) => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
