using System.Globalization;

namespace Edna.FaultHost;

/// <summary>
/// The system's clock, put forward by what a file says: so a test does not wait for what is due later. Stores refuse signatures that are
/// more than a quarter of an hour ahead, and Orleans bears no clock that goes back: activations fail where it does.
/// </summary>
/// <param name="file">The file with a time span; while there is none, the clock is right.</param>
internal sealed class ShiftedClock(string file) : TimeProvider
{
    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        try
        {
            return now + TimeSpan.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        }
        catch (FileNotFoundException)
        {
            return now;
        }
    }
}
