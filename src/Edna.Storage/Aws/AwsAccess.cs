namespace Edna.Aws;

/// <summary>Something that EDNA does at AWS, as IAM has it. Adapters list all that they do; <c>Edna.Silo permissions</c> prints the lists by role.</summary>
/// <param name="Action">The action, such as <c>s3:GetObject</c>.</param>
/// <param name="On">What it is done to.</param>
/// <param name="For">What for, in a few words.</param>
public sealed record AwsAccess(string Action, AwsResource On, string For);

/// <summary>What something is done to.</summary>
public enum AwsResource
{
    /// <summary>The bucket itself.</summary>
    Bucket,

    /// <summary>The objects in it.</summary>
    Objects,

    /// <summary>The table of items.</summary>
    ItemTable,

    /// <summary>Its indexes.</summary>
    ItemIndexes,

    /// <summary>The table of grain state.</summary>
    GrainStateTable,

    /// <summary>The table of reminders.</summary>
    ReminderTable,

    /// <summary>Its indexes.</summary>
    ReminderIndexes,

    /// <summary>The table of silos.</summary>
    SiloTable,

    /// <summary>The queue of object events.</summary>
    Queue,

    /// <summary>Where messages go that cannot be read.</summary>
    DeadLetterQueue,

    /// <summary>The search domain.</summary>
    SearchDomain,
}
