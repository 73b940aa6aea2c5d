using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Edna.Silo.Tests.Shape;

/// <summary>A value of any contract type with every member set, the same each time.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Makes one. Members are named in it, so that one taken for another is seen.</summary>
    public static object Of(Type type, string name = "value")
    {
        if (type == typeof(string)) return name;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return Noon;
        if (type == typeof(TimeSpan)) return TimeSpan.FromMinutes(name.Length);
        if (type == typeof(byte[])) return "bytes"u8.ToArray();
        if (type == typeof(Uri)) return new Uri($"https://example.org/{name}");
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value, name);
        // The second, which stays it when more are added.
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type.IsPrimitive) return Convert.ChangeType(name.Length, type, CultureInfo.InvariantCulture);
        if (type.IsArray) return ListOf(type.GetElementType()!, name, array: true);
        if (type.IsGenericType && type.IsInterface)
            return type.GetGenericArguments() is [var key, var item] ? Dictionary(key, item, name) : ListOf(type.GetGenericArguments()[0], name, array: false);
        return Contract(type, name);
    }

    private static object Contract(Type type, string name)
    {
        var made = RuntimeHelpers.GetUninitializedObject(type);
        var members = Members(type).ToList();
        if (members.Count == 0 && !type.IsDefined(typeof(GenerateSerializerAttribute))) throw new NotSupportedException($"{name}: there is no sample of a {type}.");
        foreach (var (member, field) in members) field.SetValue(made, Of(field.FieldType, member));
        return made;
    }

    private static IEnumerable<(string Name, FieldInfo Field)> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            foreach (var field in at.GetFields(Own).Where(field => field.IsDefined(typeof(IdAttribute)))) yield return (field.Name, field);
            foreach (var property in at.GetProperties(Own).Where(property => property.IsDefined(typeof(IdAttribute))))
                yield return (property.Name, at.GetField($"<{property.Name}>k__BackingField", Own) ?? throw new NotSupportedException($"{type}.{property.Name} has no field of its own."));
        }
    }

    private static object ListOf(Type item, string name, bool array)
    {
        var one = Array.CreateInstance(item, 1);
        one.SetValue(Of(item, name), 0);
        return array ? one : Activator.CreateInstance(typeof(List<>).MakeGenericType(item), one)!;
    }

    private static object Dictionary(Type key, Type item, string name)
    {
        var made = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, item))!;
        made.Add(Of(key, "key"), Of(item, name));
        return made;
    }
}
