namespace Edna.Storage.Dynamo;

/// <summary>Where DynamoDB is and what the tables are called, section <see cref="Section"/>.</summary>
public sealed class DynamoOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:DynamoDb";

    /// <summary>The address of DynamoDB; null for Amazon's own in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region; null takes <c>AWS_REGION</c>, and with an <see cref="Endpoint"/> else <c>us-east-1</c>.</summary>
    public string? Region { get; set; }

    /// <summary>The access key's id; null takes the ordinary AWS credential chain.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret that goes with it.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>The items. 3–255 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, as all names of tables.</summary>
    public string ItemTable { get; set; } = "EdnaItems";

    /// <summary>The most actions in one transaction, 4–100. Fewer than 100 only for a server that takes fewer: older ones of DynamoDB Local take 10.</summary>
    public int TransactionActions { get; set; } = 100;

    /// <summary>The members of the cluster: the table of Orleans' own DynamoDB provider.</summary>
    public string SiloTable { get; set; } = "OrleansSilos";

    /// <summary>The state of grains: the table of Orleans' own DynamoDB provider.</summary>
    public string GrainStateTable { get; set; } = "OrleansGrainState";

    /// <summary>Reminders: the table of Orleans' own DynamoDB provider.</summary>
    public string ReminderTable { get; set; } = "OrleansReminders";

    /// <summary>The longest that a call to the item table, or a write that waits for others, may take with all that the SDK tries.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);
}
