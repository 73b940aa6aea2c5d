using Edna.Client;

namespace Edna.Cli;

/// <summary>What the command answers to a script.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused, or some files failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or something it needs is not there.</summary>
    public const int Usage = 2;

    /// <summary>The server does not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    public static int Of(EdnaException e) => e.Code == EdnaException.Unreachable ? Unreachable : Failed;
}

/// <summary>The command line is wrong, or something it needs is not there; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
