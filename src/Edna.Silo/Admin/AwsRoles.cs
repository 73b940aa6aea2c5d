using Edna.Aws;
using Edna.Events;
using Edna.Storage.Dynamo;
using Edna.Storage.S3;

namespace Edna.Admin;

/// <summary>What each kind of process needs at AWS, by the lists of the adapters that it uses.</summary>
internal static class AwsRoles
{
    /// <summary>What the search adapter does on a domain of Amazon's, when <c>Authentication</c> is <c>Aws</c>: requests of HTTP, each allowed by its method.</summary>
    private static IReadOnlyList<AwsAccess> Search { get; } =
        [.. new[] { "Get", "Head", "Post", "Put", "Delete" }.Select(method => new AwsAccess($"es:ESHttp{method}", AwsResource.SearchDomain, "search"))];

    /// <summary>Roles by name, in the order in which they are told.</summary>
    public static IReadOnlyList<(string Name, string Who, IReadOnlyList<AwsAccess> Access)> All { get; } =
    [
        ("gateway", "a gateway without a silo (`Edna:Silo:CoHosted=false`): it signs nothing and reads nothing itself", Gateway()),
        ("silo", "a silo, and a gateway with a silo in its process; also `scrub` and `rebuild`", Silo()),
        ("setup", "`init-tables` and `check-store --apply`", Setup()),
    ];

    private static IReadOnlyList<AwsAccess> Gateway() => [.. DynamoAccess.OnStart(AwsResource.SiloTable), .. DynamoAccess.Gateways];

    private static IReadOnlyList<AwsAccess> Silo() =>
        [.. S3Access.Store, .. DynamoAccess.OnStart(DynamoAccess.Tables), .. DynamoAccess.Items, .. DynamoAccess.GrainState, .. DynamoAccess.Reminders, .. DynamoAccess.Members, .. SqsAccess.Intake, .. Search];

    private static IReadOnlyList<AwsAccess> Setup() => [.. DynamoAccess.Making, .. S3Access.Store, .. S3Access.Check, .. S3Access.Apply];
}
