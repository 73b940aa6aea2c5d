using Edna.Items;
using Edna.Keys;
using Edna.Labels;

namespace Edna.Datasets;

/// <summary>What a dataset may be: checked before anything is written. Names every fault at once.</summary>
public static class DatasetRules
{
    /// <summary>Characters in a description.</summary>
    public const int Description = 4_096;

    /// <summary>Splits of a dataset.</summary>
    public const int Splits = 32;

    /// <summary>Checks a request to make a dataset.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The buckets that may be bound.</param>
    /// <param name="ownBucket">The service's own bucket, which never may.</param>
    public static FieldErrors Check(CreateDataset request, DatasetOptions options, string ownBucket)
    {
        var errors = new FieldErrors();
        errors.Require(DatasetName.IsValid(request.Name), "name", DatasetName.Rule);
        CheckSettings(request.Description, request.LabelSchema, request.Splits, request.TrashRetentionDays, errors);
        if (request.Storage is { } storage) CheckStorage(storage, options, ownBucket, errors);
        return errors;
    }

    /// <summary>Checks the settings that may change later.</summary>
    /// <param name="description">Free text.</param>
    /// <param name="schema">The label schema.</param>
    /// <param name="splits">The splits.</param>
    /// <param name="trashRetentionDays">Days that the trash keeps items.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void CheckSettings(string? description, LabelSchema? schema, IReadOnlyList<string>? splits, int? trashRetentionDays, FieldErrors errors)
    {
        errors.Require(trashRetentionDays is null or (>= 0 and <= Dataset.MostTrashRetentionDays), "trashRetentionDays",
            $"must be 0 to {Dataset.MostTrashRetentionDays} days, or null for the service's default");
        errors.Require(description is null || description.Length <= Description, "description", $"must be at most {Description} characters");
        if (schema is not null) LabelSchemaRules.Check(schema, errors);
        if (splits is null) return;
        errors.Require(splits.Count <= Splits, "splits", $"must be at most {Splits}");
        errors.Require(splits.Distinct(StringComparer.Ordinal).Count() == splits.Count, "splits", "must not name a split twice");
        for (var i = 0; i < splits.Count; i++) ItemRules.CheckSplitName($"splits[{i}]", splits[i], errors);
    }

    private static void CheckStorage(DatasetStorage storage, DatasetOptions options, string ownBucket, FieldErrors errors)
    {
        // There lie all tenants' datasets: whoever is bound to a prefix of it could read and remove theirs.
        errors.Require(storage.Bucket != ownBucket, "storage.bucket", $"'{storage.Bucket}' is the service's own bucket, which no dataset can be bound to");
        errors.Require(options.AllowedBuckets.Contains(storage.Bucket), "storage.bucket",
            $"'{storage.Bucket}' is not a bucket that datasets may be bound to; the operator lists those in Edna:Datasets:AllowedBuckets");
        errors.Require(storage.Prefix is { Length: <= 512 } prefix && (prefix.Length == 0 || prefix[^1] == '/') && !prefix.StartsWith('/')
            && !prefix.Any(char.IsControl), "storage.prefix", "must be empty, or at most 512 characters that end in '/' and do not start with one");
    }
}
