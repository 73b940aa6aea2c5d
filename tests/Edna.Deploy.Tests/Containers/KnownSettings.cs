using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Edna.Deploy.Tests.Containers;

/// <summary>Every setting that EDNA's programs read: the properties of options classes, and keys that stand in the code as text.</summary>
internal static class KnownSettings
{
    private static readonly string[] s_programs = ["Edna.Gateway", "Edna.Silo", "Edna.Storage", "Edna.Search", "Edna.Grains"];

    public static IReadOnlySet<string> All { get; } = s_programs.Select(name => Assembly.Load(name)).SelectMany(assembly => Options(assembly).Concat(Texts(assembly))).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Options(Assembly assembly) =>
        from type in assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && property.SetMethod!.IsPublic
        select $"{section}:{property.Name}";

    private static IEnumerable<string> Texts(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        for (var at = metadata.GetNextHandle(default(UserStringHandle)); !at.IsNil; at = metadata.GetNextHandle(at))
        {
            var text = metadata.GetUserString(at);
            if (text.StartsWith("Edna:", StringComparison.Ordinal) || text.StartsWith("EDNA_", StringComparison.Ordinal)) yield return text;
        }
    }
}
