using Edna.Aws;

namespace Edna.Storage.Dynamo;

/// <summary>What the adapters of DynamoDB do there. Transactions need no action of their own: each part is allowed as the single call is. None scans.</summary>
public static class DynamoAccess
{
    /// <summary>What the table of items does.</summary>
    public static IReadOnlyList<AwsAccess> Items { get; } =
    [
        .. On(AwsResource.ItemTable, "items and their changes", "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        .. On(AwsResource.ItemIndexes, "lists, the outbox, deadlines, the trash", "Query"),
    ];

    /// <summary>What the state of grains does.</summary>
    public static IReadOnlyList<AwsAccess> GrainState { get; } = On(AwsResource.GrainStateTable, "grain state", "GetItem", "PutItem", "DeleteItem");

    /// <summary>What reminders do.</summary>
    public static IReadOnlyList<AwsAccess> Reminders { get; } =
    [
        .. On(AwsResource.ReminderTable, "reminders", "GetItem", "PutItem", "DeleteItem"),
        .. On(AwsResource.ReminderIndexes, "reminders of a range, or of a grain", "Query"),
    ];

    /// <summary>What a member of the cluster does.</summary>
    public static IReadOnlyList<AwsAccess> Members { get; } = On(AwsResource.SiloTable, "membership", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem");

    /// <summary>What a client of the cluster does.</summary>
    public static IReadOnlyList<AwsAccess> Gateways { get; } = On(AwsResource.SiloTable, "finding silos", "Query");

    /// <summary>What every process does on start with the tables that it uses.</summary>
    public static IReadOnlyList<AwsAccess> OnStart(params IEnumerable<AwsResource> tables) => [.. tables.Select(table => new AwsAccess("dynamodb:DescribeTable", table, "whether the table is there and right"))];

    /// <summary>What <c>init-tables</c> does.</summary>
    public static IReadOnlyList<AwsAccess> Making { get; } =
        [.. Tables.SelectMany(table => On(table, "init-tables", "CreateTable", "DescribeTable", "UpdateContinuousBackups"))];

    /// <summary>All tables.</summary>
    public static IReadOnlyList<AwsResource> Tables => [AwsResource.ItemTable, AwsResource.GrainStateTable, AwsResource.ReminderTable, AwsResource.SiloTable];

    private static List<AwsAccess> On(AwsResource resource, string what, params IEnumerable<string> actions) => [.. actions.Select(action => new AwsAccess($"dynamodb:{action}", resource, what))];
}
