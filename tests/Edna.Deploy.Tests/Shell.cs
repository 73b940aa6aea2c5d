using System.Diagnostics;
using Xunit;

namespace Edna.Deploy.Tests;

/// <summary>What a shell thinks of commands, without running them.</summary>
internal static class Shell
{
    /// <summary>Asserts that bash can read them.</summary>
    public static void IsSound(string commands)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        bash.StandardInput.Write(commands);
        bash.StandardInput.Close();
        var fault = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        Assert.True(bash.ExitCode == 0, $"{fault}\n{commands}");
    }
}
