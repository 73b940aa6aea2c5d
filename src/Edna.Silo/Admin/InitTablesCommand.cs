using Amazon.Runtime;
using Edna.Hosting;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Edna.Admin;

/// <summary><c>init-tables [--no-recovery]</c>: makes the tables in DynamoDB that the configuration wants.</summary>
internal static class InitTablesCommand
{
    private const string Help = """
        init-tables [--no-recovery] [--Edna:…=value …]
        Makes the tables that the configuration wants in DynamoDB (Edna:Cluster:Provider, Edna:State:Provider), paid for by use, and waits
        until they can be used. A table that is there stays as it is. It can be run again at any time.
          --no-recovery   leaves point-in-time recovery as it is; it is switched on otherwise
        Exit code: 0 all are there, 1 one is there and will not do (other keys or indexes, or it is being deleted), 2 the command or the configuration is wrong, or DynamoDB does not answer.
        """;

    /// <summary>Runs it.</summary>
    /// <param name="args">The arguments after the command's name.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(Help);
            return ExitCodes.Done;
        }
        try
        {
            var options = AdminOptions.Read(args, ["--no-recovery"], []);
            return await RunAsync([.. options.Configuration], recovery: !options.Has("--no-recovery"), Console.Out, CancellationToken.None);
        }
        catch (Exception fault) when (Explain(fault) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Runs it on a configuration.</summary>
    internal static async Task<int> RunAsync(string[] settings, bool recovery, TextWriter to, CancellationToken ct)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        builder.Services.AddEdnaDataDirectory(builder.Configuration);
        builder.Services.AddEdnaAdapters(builder.Configuration);
        using var host = builder.Build();
        if (host.Services.GetService<DynamoTableMaker>() is not { } maker)
        {
            await to.WriteLineAsync("Nothing is kept in DynamoDB (neither Edna:Cluster:Provider nor Edna:State:Provider is DynamoDb): there are no tables to make.");
            return ExitCodes.Done;
        }
        var amiss = 0;
        foreach (var table in maker.Tables)
        {
            var outcome = await maker.MakeAsync(table, recovery, ct);
            if (outcome.Difference is not null) amiss++;
            await to.WriteLineAsync($"  {(outcome.Difference is not null ? "wrong" : outcome.Made ? "made" : "there"),-6} {table.Name}{Detail(outcome)}");
        }
        await to.WriteLineAsync(amiss == 0
            ? "All tables are there."
            : $"{amiss} of {maker.Tables.Count} will not do. Name another table (Edna:DynamoDb:…), or have that one removed: init-tables changes no table.");
        return amiss == 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static string Detail(TableOutcome outcome) => outcome switch
    {
        { Difference: { } difference } => $": {difference}",
        { Recoverable: true } => ", recoverable to any second of the last 35 days",
        { Recoverable: false } => ", not recoverable: this server has no backups",
        _ => "",
    };

    private static string? Explain(Exception fault) => fault switch
    {
        AmazonServiceException refused => $"DynamoDB: {refused.Message}",
        AmazonClientException or HttpRequestException or TimeoutException => $"DynamoDB does not answer: {fault.Message}",
        _ => AdminHost.Explain(fault),
    };
}
