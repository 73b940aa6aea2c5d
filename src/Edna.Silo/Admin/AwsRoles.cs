using Edna.Aws;
using Edna.Events;
using Edna.Storage.Dynamo;
using Edna.Storage.S3;

namespace Edna.Admin;

/// <summary>What each kind of process needs at AWS, by the lists of the adapters that it uses.</summary>
internal static class AwsRoles
{
    /// <summary>What the search adapter does on a domain of Amazon's, when <c>Authentication</c> is <c>Aws</c>: requests of HTTP, each allowed by its method.</summary>
    internal static IReadOnlyList<AwsAccess> Search { get; } =
        [.. new[] { "Get", "Head", "Post", "Put", "Delete" }.Select(method => new AwsAccess($"es:ESHttp{method}", AwsResource.SearchDomain, "search"))];

    /// <summary>Roles by name, in the order in which they are told.</summary>
    public static IReadOnlyList<(string Name, string Who, IReadOnlyList<AwsAccess> Access)> All { get; } =
    [
        ("gateway", "a gateway without a silo (`Edna:Silo:CoHosted=false`): it signs nothing and reads nothing itself", Gateway()),
        ("silo", "a silo, and a gateway with a silo in its process; also `scrub` and `rebuild`", Silo()),
        ("init-tables", "the command, where the tables are not made by `deploy/ecs`", DynamoAccess.Making),
        ("check-store", "the command; it tries out what a silo does with objects", [.. S3Access.Store, .. S3Access.Check]),
        ("check-store --apply", "the command, where the bucket is not set up by `deploy/ecs`", [.. S3Access.Store, .. S3Access.Check, .. S3Access.Apply]),
    ];

    private static IReadOnlyList<AwsAccess> Gateway() => [.. DynamoAccess.OnStart(AwsResource.SiloTable), .. DynamoAccess.Gateways];

    private static IReadOnlyList<AwsAccess> Silo() =>
        [.. S3Access.Store, .. DynamoAccess.OnStart(DynamoAccess.Tables), .. DynamoAccess.Items, .. DynamoAccess.GrainState, .. DynamoAccess.Reminders, .. DynamoAccess.Members, .. SqsAccess.Intake, .. Search];
}
