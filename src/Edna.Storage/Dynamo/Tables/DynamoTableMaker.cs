using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Edna.Storage.Dynamo.Tables;

/// <summary>Makes the tables that the configuration wants, for an operator; running it again changes nothing.</summary>
/// <param name="client">The client.</param>
/// <param name="tables">What is wanted.</param>
/// <param name="time">The clock.</param>
public sealed class DynamoTableMaker([FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, IEnumerable<DynamoTable> tables, TimeProvider time)
{
    /// <summary>The longest that a table may take to become active.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What is wanted.</summary>
    public IReadOnlyList<DynamoTable> Tables { get; } = [.. tables];

    /// <summary>Looks for a table, makes it when it is missing, and waits until it can be used.</summary>
    /// <param name="table">The table.</param>
    /// <param name="pointInTimeRecovery">Whether DynamoDB shall be able to bring it back as it was at any second of the last 35 days.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<TableOutcome> MakeAsync(DynamoTable table, bool pointInTimeRecovery, CancellationToken ct)
    {
        var made = false;
        if (await FindAsync(table.Name, ct) is not { } there)
        {
            made = await TryCreateAsync(table, ct);
            there = await FindAsync(table.Name, ct) ?? throw new ResourceNotFoundException($"The table '{table.Name}' was made and is gone.");
        }
        if (table.Differs(there) is { } difference) return new(table, made, difference, null);
        await WaitAsync(table.Name, ct);
        return new(table, made, null, pointInTimeRecovery ? await RecoverableAsync(table.Name, ct) : null);
    }

    private async Task<bool> TryCreateAsync(DynamoTable table, CancellationToken ct)
    {
        try
        {
            await client.CreateTableAsync(table.Creation(), ct);
            return true;
        }
        catch (ResourceInUseException)
        {
            // Somebody else made it at the same time.
            return false;
        }
    }

    private async Task<TableDescription?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            return (await client.DescribeTableAsync(name, ct)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private async Task WaitAsync(string name, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        // What was made a moment ago may not be seen everywhere yet.
        while (await FindAsync(name, either.Token) is not { } table || !IsActive(table)) await Task.Delay(Pause, time, either.Token);
    }

    private static bool IsActive(TableDescription table) =>
        table.TableStatus == TableStatus.ACTIVE && (table.GlobalSecondaryIndexes ?? []).TrueForAll(index => index.IndexStatus == IndexStatus.ACTIVE);

    /// <summary>Switches recovery on; false when this server knows nothing of it.</summary>
    private async Task<bool> RecoverableAsync(string name, CancellationToken ct)
    {
        try
        {
            await client.UpdateContinuousBackupsAsync(new() { TableName = name, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } }, ct);
            return true;
        }
        // DynamoDB Local has no backups.
        catch (AmazonDynamoDBException unknown) when (unknown.ErrorCode is "UnknownOperationException")
        {
            return false;
        }
    }
}

/// <summary>How it stands with a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Made">Whether it was made just now.</param>
/// <param name="Difference">What it has otherwise than EDNA needs it, see <see cref="DynamoTable.Differs"/>; null when nothing, and then it is active.</param>
/// <param name="Recoverable">Whether it can be brought back as it was; null when that was not asked for.</param>
public sealed record TableOutcome(DynamoTable Table, bool Made, string? Difference, bool? Recoverable);
