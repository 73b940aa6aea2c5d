using Edna.Compliance.Items;

namespace Edna.Storage.Tests.Sqlite;

public sealed class SqliteItemTableTests : ItemTableCompliance
{
    protected override Task<IItemTableHost> StartAsync() => Task.FromResult<IItemTableHost>(new SqliteItemTableHost());
}
