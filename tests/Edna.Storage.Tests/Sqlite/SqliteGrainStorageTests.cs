using Edna.Compliance.State;
using Edna.Hosting;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Edna.Storage.Tests.Sqlite;

public sealed class SqliteGrainStorageTests : GrainStorageCompliance, IAsyncDisposable
{
    private readonly SqliteStateFile _file = new();

    [Fact]
    public void It_is_the_storage_that_grains_get()
    {
        using var services = new ServiceCollection().AddLogging().AddSerializer().AddSingleton(_file.Directory)
            .AddSqliteState(new ConfigurationBuilder().Build()).AddSingleton(_file.Database).BuildServiceProvider();
        Assert.IsType<SqliteGrainStorage>(services.GetRequiredKeyedService<IGrainStorage>("Default"));
        Assert.IsType<SqliteReminderTable>(services.GetRequiredService<IReminderTable>());
    }

    protected override IGrainStorage Storage(string service) => new SqliteGrainStorage(_file.Database, SqliteStateFile.Cluster(service), _file.Activators);

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

public sealed class SqliteReminderTableTests : ReminderTableCompliance, IAsyncDisposable
{
    private readonly SqliteStateFile _file = new();

    protected override IReminderTable Table(string service) => new SqliteReminderTable(_file.Database, SqliteStateFile.Cluster(service));

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

/// <summary>A state file in a directory of its own, which goes with it.</summary>
internal sealed class SqliteStateFile : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public SqliteStateFile() => Database = new(Directory, new(), NullLogger<StateDatabase>.Instance);

    public DataDirectory Directory { get; } = TemporaryDirectory.Make();

    public StateDatabase Database { get; }

    public IActivatorProvider Activators => _services.GetRequiredService<IActivatorProvider>();

    public static IOptions<ClusterOptions> Cluster(string service) => Options.Create(new ClusterOptions { ServiceId = service });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        System.IO.Directory.Delete(Directory.Path, recursive: true);
    }
}
