using System.Globalization;
using System.Reflection;
using System.Text;
using Edna.Items;
using Xunit;

namespace Edna.Silo.Tests.Shape;

/// <summary>Pins what silos and gateways of different versions say to each other: aliases, member ids, enum numbers, method names.</summary>
public sealed class ContractTests
{
    private static readonly Assembly Contracts = typeof(IItemGrain).Assembly;

    [Fact]
    public void Contracts_are_those_that_were_agreed()
    {
        var pinned = Path.Combine(AppContext.BaseDirectory, "Shape", "contracts.txt");
        var now = Describe();
        Assert.True(File.ReadAllText(pinned).ReplaceLineEndings("\n") == now,
            $"The contracts changed. Adding is fine: copy the new text over tests/Edna.Silo.Tests/Shape/contracts.txt. Renaming or renumbering breaks running clusters.\n{now}");
    }

    [Fact]
    public void Every_contract_type_has_an_alias_of_its_own()
    {
        var types = Contracts.GetExportedTypes().Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null || (t.IsInterface && typeof(IAddressable).IsAssignableFrom(t))).ToArray();
        Assert.All(types, t => Assert.NotNull(t.GetCustomAttribute<AliasAttribute>()));
        Assert.Equal(types.Length, types.Select(t => t.GetCustomAttribute<AliasAttribute>()!.Alias).Distinct().Count());
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in Contracts.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            if (type.GetCustomAttribute<AliasAttribute>() is not { } alias) continue;
            text.Append(alias.Alias).Append('\n');
            if (type.IsEnum)
                foreach (var name in Enum.GetNames(type)) text.Append(CultureInfo.InvariantCulture, $"  {name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}\n");
            foreach (var member in type.GetProperties().Where(p => p.GetCustomAttribute<IdAttribute>() is not null).OrderBy(p => p.GetCustomAttribute<IdAttribute>()!.Id))
                text.Append(CultureInfo.InvariantCulture, $"  {member.GetCustomAttribute<IdAttribute>()!.Id} {member.Name}: {NameOf(member.PropertyType)}\n");
            foreach (var method in type.GetMethods().Where(m => m.GetCustomAttribute<AliasAttribute>() is not null).OrderBy(m => m.Name, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"  {method.GetCustomAttribute<AliasAttribute>()!.Alias}({string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)))})\n");
        }
        return text.ToString();
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
