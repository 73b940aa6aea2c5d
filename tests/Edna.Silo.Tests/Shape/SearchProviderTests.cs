using Edna.Hosting;
using Edna.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Silo.Tests.Shape;

/// <summary>Which search index a silo takes, by configuration alone.</summary>
public sealed class SearchProviderTests
{
    [Theory]
    [InlineData(null, "SqliteSearchIndex")]
    [InlineData("Sqlite", "SqliteSearchIndex")]
    [InlineData("Elasticsearch", "ElasticsearchIndex")]
    public void The_provider_names_the_index(string? provider, string type)
    {
        var services = Services(provider, "http://127.0.0.1:9200");
        Assert.Equal(type, services.Last(service => service.ServiceType == typeof(ISearchIndex)).ImplementationType!.Name);
    }

    [Fact]
    public void A_server_without_an_address_stops_the_start()
    {
        using var services = Services("Elasticsearch", null).BuildServiceProvider();
        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("Edna:Search:Elasticsearch:Address must be an absolute http or https address", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_is_refused() =>
        Assert.Contains("must be Sqlite or Elasticsearch, not 'Solr'", Assert.Throws<OptionsValidationException>(() => Services("Solr", null)).Message, StringComparison.Ordinal);

    private static ServiceCollection Services(string? provider, string? address)
    {
        var services = new ServiceCollection();
        services.AddEdnaAdapters(new ConfigurationBuilder().AddInMemoryCollection([new("Edna:Search:Provider", provider), new("Edna:Search:Elasticsearch:Address", address)]).Build());
        return services;
    }
}
