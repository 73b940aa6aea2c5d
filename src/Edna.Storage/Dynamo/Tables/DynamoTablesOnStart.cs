using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.Storage.Dynamo.Tables;

/// <summary>Stops a host that starts without its tables. It never makes one: a wrong region or name would give an empty service in place of the full one.</summary>
internal sealed class DynamoTablesOnStart([FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, IEnumerable<DynamoTable> tables) : IHostedService
{
    /// <inheritdoc />
    /// <exception cref="OptionsValidationException">A table is missing, or will not do; with the key, the name and what to run.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var table in tables)
        {
            if (await FaultAsync(table, cancellationToken) is { } fault) faults.Add($"{DynamoOptions.Section}:{table.Setting}: {fault}");
        }
        if (faults.Count > 0) throw new OptionsValidationException(DynamoOptions.Section, typeof(DynamoOptions), faults);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<string?> FaultAsync(DynamoTable table, CancellationToken ct) => DynamoCalls.CallAsync("DynamoDB", async () =>
    {
        try
        {
            var there = await client.DescribeTableAsync(table.Name, ct);
            return table.Differs(there.Table) is { } difference ? $"the table '{table.Name}' will not do: {difference}." : null;
        }
        catch (ResourceNotFoundException)
        {
            return $"there is no table '{table.Name}'. `Edna.Silo init-tables`, with the same configuration, makes it.";
        }
    }, ct);
}
