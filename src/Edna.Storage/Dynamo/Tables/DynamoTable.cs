using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Storage.Dynamo.Membership;
using Edna.Storage.Dynamo.State;

namespace Edna.Storage.Dynamo.Tables;

/// <summary>What a table is like: its keys and indexes, whose names and types never change.</summary>
/// <param name="Setting">The setting that names it, in <see cref="DynamoOptions"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">The attribute that spreads the rows.</param>
/// <param name="Range">The attribute that orders the rows of one hash; null for none.</param>
/// <param name="Indexes">Its indexes. One by the table's own hash is a local one, which can be read strongly; it has keys only, what a row holds is read from the
/// row. Any other is a global one, and has every attribute.</param>
public sealed record DynamoTable(string Setting, string Name, DynamoKey Hash, DynamoKey? Range, IReadOnlyList<DynamoIndex> Indexes)
{
    /// <summary>Items and their changes. Its indexes are local ones: the outbox must not overlook a row.</summary>
    public static DynamoTable Items(DynamoOptions options)
    {
        var shard = Text(DynamoItemSchema.PartitionKey);
        return new(nameof(options.ItemTable), options.ItemTable, shard, Text(DynamoItemSchema.SortKey),
        [
            new(DynamoItemSchema.ByPath, shard, new(ItemAttributes.Path, ScalarAttributeType.B)),
            new(DynamoItemSchema.ByDirty, shard, Number(ItemAttributes.Dirty)),
            new(DynamoItemSchema.ByDeadline, shard, Number(ItemAttributes.Deadline)),
            new(DynamoItemSchema.ByTrash, shard, Number(ItemAttributes.Trashed)),
        ]);
    }

    /// <summary>The members of the cluster.</summary>
    public static DynamoTable Silos(DynamoOptions options) =>
        new(nameof(options.SiloTable), options.SiloTable, Text(SiloRow.Cluster), Text(SiloRow.Identity), []);

    /// <summary>The state of grains.</summary>
    public static DynamoTable GrainState(DynamoOptions options) =>
        new(nameof(options.GrainStateTable), options.GrainStateTable, Text(GrainStateRow.Grain), Text(GrainStateRow.Name), []);

    /// <summary>Reminders.</summary>
    public static DynamoTable Reminders(DynamoOptions options) =>
        new(nameof(options.ReminderTable), options.ReminderTable, Text(ReminderRow.Id), Number(ReminderRow.Hash),
        [
            new(ReminderRow.ByHash, Text(ReminderRow.Service), Number(ReminderRow.Hash)),
            new(ReminderRow.ByGrain, Text(ReminderRow.Service), Text(ReminderRow.Grain)),
        ]);

    /// <summary>The request that makes it, paid for by what is used.</summary>
    public CreateTableRequest Creation() => new()
    {
        TableName = Name,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = Schema(Hash, Range),
        AttributeDefinitions = [.. Keys().Distinct().Select(key => new AttributeDefinition(key.Name, key.Type))],
        // Null in place of none, which DynamoDB refuses.
        LocalSecondaryIndexes = NullWhenEmpty(Indexes.Where(IsLocal).Select(index => new LocalSecondaryIndex
        {
            IndexName = index.Name, KeySchema = Schema(index.Hash, index.Range), Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
        })),
        GlobalSecondaryIndexes = NullWhenEmpty(Indexes.Where(index => !IsLocal(index)).Select(index => new GlobalSecondaryIndex
        {
            IndexName = index.Name, KeySchema = Schema(index.Hash, index.Range), Projection = new() { ProjectionType = ProjectionType.ALL },
        })),
    };

    /// <summary>What a table that is there has otherwise than this one wants it, in an operator's words; null when nothing.</summary>
    public string? Differs(TableDescription there)
    {
        if (there.TableStatus is { } status && s_lost.Contains(status)) return $"it is {status.Value}, and cannot be used";
        if (Print(there.KeySchema, there) != Print(Creation().KeySchema)) return $"its keys are {Print(there.KeySchema, there)}, and must be {Print(Creation().KeySchema)}";
        foreach (var index in Indexes)
        {
            var wanted = Print(Schema(index.Hash, index.Range));
            var found = IsLocal(index)
                ? there.LocalSecondaryIndexes?.Find(other => other.IndexName == index.Name)?.KeySchema
                : there.GlobalSecondaryIndexes?.Find(other => other.IndexName == index.Name)?.KeySchema;
            if (found is null) return $"it has no {(IsLocal(index) ? "local" : "global")} index {index.Name} by {wanted}";
            if (Print(found, there) != wanted) return $"its index {index.Name} is by {Print(found, there)}, and must be by {wanted}";
            // A global index is read in place of the rows. Of a local one the keys are enough, and more does no harm.
            var projection = there.GlobalSecondaryIndexes?.Find(other => other.IndexName == index.Name)?.Projection?.ProjectionType;
            if (!IsLocal(index) && projection != ProjectionType.ALL) return $"its index {index.Name} has {projection?.Value ?? "no attributes"}, and must have ALL";
        }
        return null;
    }

    /// <summary>Whoever waits for a table in one of these waits in vain.</summary>
    private static readonly TableStatus[] s_lost = [TableStatus.DELETING, TableStatus.ARCHIVING, TableStatus.ARCHIVED, TableStatus.INACCESSIBLE_ENCRYPTION_CREDENTIALS];

    private bool IsLocal(DynamoIndex index) => index.Hash == Hash;

    private static List<T>? NullWhenEmpty<T>(IEnumerable<T> all) => all.ToList() is { Count: > 0 } list ? list : null;

    private static DynamoKey Text(string name) => new(name, ScalarAttributeType.S);

    private static DynamoKey Number(string name) => new(name, ScalarAttributeType.N);

    private static List<KeySchemaElement> Schema(DynamoKey hash, DynamoKey? range) =>
        range is null ? [new(hash.Name, KeyType.HASH)] : [new(hash.Name, KeyType.HASH), new(range.Name, KeyType.RANGE)];

    private IEnumerable<DynamoKey> Keys() => Indexes.SelectMany(index => new[] { index.Hash, index.Range }).Prepend(Range).Prepend(Hash).OfType<DynamoKey>();

    private string Print(List<KeySchemaElement> schema) => Print(schema, name => Keys().First(key => key.Name == name).Type);

    private static string Print(List<KeySchemaElement> schema, TableDescription there) =>
        Print(schema, name => there.AttributeDefinitions.Find(attribute => attribute.AttributeName == name)?.AttributeType);

    private static string Print(List<KeySchemaElement> schema, Func<string, ScalarAttributeType?> typeOf) =>
        string.Join(", ", schema.OrderBy(key => key.KeyType.Value, StringComparer.Ordinal).Select(key => $"{key.AttributeName} ({typeOf(key.AttributeName)?.Value})"));
}

/// <summary>An attribute that is part of a key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Text or number.</param>
public sealed record DynamoKey(string Name, ScalarAttributeType Type);

/// <summary>An index of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">The attribute that spreads the rows.</param>
/// <param name="Range">The attribute that orders the rows of one hash; null for none.</param>
public sealed record DynamoIndex(string Name, DynamoKey Hash, DynamoKey? Range);
