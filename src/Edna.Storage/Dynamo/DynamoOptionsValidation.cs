using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Edna.Storage.Dynamo;

/// <summary>Finds wrong settings on start, each with its key and the reason.</summary>
internal sealed partial class DynamoOptionsValidation : IValidateOptions<DynamoOptions>
{
    public ValidateOptionsResult Validate(string? name, DynamoOptions options)
    {
        var faults = new List<string>();
        void Check(bool right, string key, string reason)
        {
            if (!right) faults.Add($"{DynamoOptions.Section}:{key} {reason}");
        }

        Check(options.Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" },
            nameof(options.Endpoint), "must be an absolute http or https address without a query.");
        Check(options.Endpoint is not null || !string.IsNullOrEmpty(options.Region), nameof(options.Region), "must be set (or AWS_REGION), because no Endpoint is.");
        Check(string.IsNullOrEmpty(options.AccessKeyId) == string.IsNullOrEmpty(options.SecretAccessKey),
            nameof(options.SecretAccessKey), "and AccessKeyId must be set together, or neither.");
        Check(options.TransactionActions is >= 4 and <= 100, nameof(options.TransactionActions), "must be 4 to 100.");
        (string Key, string Name)[] tables =
        [
            (nameof(options.ItemTable), options.ItemTable), (nameof(options.SiloTable), options.SiloTable),
            (nameof(options.GrainStateTable), options.GrainStateTable), (nameof(options.ReminderTable), options.ReminderTable),
        ];
        foreach (var (key, table) in tables)
        {
            Check(TableName().IsMatch(table), key, "must be a table's name: 3 to 255 letters, digits, '_', '-' and '.'.");
            Check(tables.Count(other => other.Name == table) == 1, key, "must be a table of its own.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{3,255}$")]
    private static partial Regex TableName();
}
