using System.Reflection;
using System.Reflection.Emit;

namespace Edna.Deploy.Tests.Permissions;

/// <summary>What the compiled code calls: found in its instructions, so that nothing that is called is forgotten.</summary>
internal static class CallsInCode
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Calls of methods, each with the outermost type that makes it.</summary>
    public static IEnumerable<(Type From, MethodBase To)> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
        from called in Of(method)
        select (Outermost(type), called);

    private static IEnumerable<MethodBase> Of(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var (types, methods) = (method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : []);
        for (var at = 0; at + 4 < code.Length; at++)
        {
            if (SizeOfCall(code, at) is not { } size || at + size + 4 > code.Length) continue;
            if (TryResolve(method.Module, BitConverter.ToInt32(code, at + size), types, methods) is { } called) yield return called;
        }
    }

    /// <summary>The length of an instruction that calls a method, or makes a delegate of it (its second byte tells); null for any other.</summary>
    private static int? SizeOfCall(byte[] code, int at) =>
        code[at] == (byte)OpCodes.Call.Value || code[at] == (byte)OpCodes.Callvirt.Value ? 1
        : code[at] == 0xFE && (code[at + 1] == (byte)OpCodes.Ldftn.Value || code[at + 1] == (byte)OpCodes.Ldvirtftn.Value) ? 2
        : null;

    /// <summary>What looks like a call and is none, a part of a number for one, resolves to nothing.</summary>
    private static MethodBase? TryResolve(Module module, int token, Type[] types, Type[] methods)
    {
        // MethodDef, MemberRef and MethodSpec.
        if ((token >> 24) is not (0x06 or 0x0A or 0x2B)) return null;
        try
        {
            return module.ResolveMethod(token, types, methods);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
