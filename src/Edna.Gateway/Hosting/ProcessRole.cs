namespace Edna.Hosting;

/// <summary>What this process is, said by <c>EDNA_ROLE</c>: one image serves as all of them.</summary>
internal static class ProcessRole
{
    /// <summary>The variable.</summary>
    public const string Variable = "EDNA_ROLE";

    /// <summary>The REST gateway, with a silo in its process unless <c>Edna:Silo:CoHosted</c> is false. What it is when nothing is said.</summary>
    public const string Gateway = "gateway";

    /// <summary>A silo without a gateway, and the operator's commands.</summary>
    public const string Silo = "silo";

    /// <summary>Reads it.</summary>
    /// <param name="role">The role.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(out string role)
    {
        role = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Gateway;
        return role is Gateway or Silo;
    }

    /// <summary>Says what it may be.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync()
    {
        await Console.Error.WriteLineAsync($"{Variable}: must be '{Gateway}' or '{Silo}', not '{Environment.GetEnvironmentVariable(Variable)}'.");
        return 1;
    }
}
