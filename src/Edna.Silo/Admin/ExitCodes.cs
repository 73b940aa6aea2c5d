namespace Edna.Admin;

/// <summary>How a command ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing to tell.</summary>
    public const int Done = 0;

    /// <summary>Done, and something was found that wants looking at.</summary>
    public const int Findings = 1;

    /// <summary>Not done: wrong options, wrong configuration, or something does not answer.</summary>
    public const int Failed = 2;

    /// <summary>Stopped half-way by the operator; the same command goes on.</summary>
    public const int Stopped = 3;
}
