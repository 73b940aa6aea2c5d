using Edna.Hosting;
using Edna.Search.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Search.Tests.Sqlite;

public sealed class SqliteSearchOptionsTests
{
    [Theory]
    [InlineData("CacheMegabytes", "0")]
    [InlineData("CacheMegabytes", "4097")]
    [InlineData("Readers", "0")]
    [InlineData("Readers", "65")]
    [InlineData("ReaderCacheMegabytes", "0")]
    [InlineData("ReaderCacheMegabytes", "4097")]
    [InlineData("Deadline", "00:00:00")]
    [InlineData("Deadline", "00:00:25.001")]
    public void A_value_out_of_range_stops_the_start_and_is_named(string name, string value)
    {
        using var services = Services(name, value);
        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains($"Edna:Search:Sqlite:{name} must be 1 ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CacheMegabytes", "1")]
    [InlineData("CacheMegabytes", "4096")]
    [InlineData("Readers", "64")]
    [InlineData("ReaderCacheMegabytes", "4096")]
    public void A_value_in_range_is_taken(string name, string value)
    {
        using var services = Services(name, value);
        services.GetRequiredService<IStartupValidator>().Validate();
        var options = services.GetRequiredService<IOptions<SqliteSearchOptions>>().Value;
        Assert.Equal(value, FormattableString.Invariant(
            $"{(name == "Readers" ? options.Readers : name == "CacheMegabytes" ? options.CacheMegabytes : options.ReaderCacheMegabytes)}"));
    }

    [Theory]
    [InlineData("00:00:00.001")]
    [InlineData("00:00:25")]
    public void A_deadline_in_range_is_taken(string value)
    {
        using var services = Services("Deadline", value);
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture), services.GetRequiredService<IOptions<SqliteSearchOptions>>().Value.Deadline);
    }

    private static ServiceProvider Services(string name, string value) => new ServiceCollection()
        .AddSqliteSearch(new ConfigurationBuilder().AddInMemoryCollection([new($"Edna:Search:Sqlite:{name}", value)]).Build())
        .BuildServiceProvider();
}
