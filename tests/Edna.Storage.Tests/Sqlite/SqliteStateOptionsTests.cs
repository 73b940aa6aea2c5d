using Edna.Hosting;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Storage.Tests.Sqlite;

public sealed class SqliteStateOptionsTests
{
    [Theory]
    [InlineData("CacheMegabytes", "0")]
    [InlineData("CacheMegabytes", "4097")]
    [InlineData("Readers", "0")]
    [InlineData("Readers", "65")]
    public void A_value_out_of_range_stops_the_start_and_is_named(string name, string value)
    {
        using var services = Services(name, value);
        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains($"Edna:State:Sqlite:{name} must be 1 to", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CacheMegabytes", "1")]
    [InlineData("CacheMegabytes", "4096")]
    [InlineData("Readers", "1")]
    [InlineData("Readers", "64")]
    public void A_value_in_range_is_taken(string name, string value)
    {
        using var services = Services(name, value);
        services.GetRequiredService<IStartupValidator>().Validate();
        var options = services.GetRequiredService<IOptions<SqliteStateOptions>>().Value;
        Assert.Equal(value, FormattableString.Invariant($"{(name == "Readers" ? options.Readers : options.CacheMegabytes)}"));
    }

    private static ServiceProvider Services(string name, string value) => new ServiceCollection()
        .AddSqliteState(new ConfigurationBuilder().AddInMemoryCollection([new($"Edna:State:Sqlite:{name}", value)]).Build())
        .BuildServiceProvider();
}
