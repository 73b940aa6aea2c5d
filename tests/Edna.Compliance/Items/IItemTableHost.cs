using Edna.Items;

namespace Edna.Compliance.Items;

/// <summary>A table of one test's own.</summary>
public interface IItemTableHost : IAsyncDisposable
{
    /// <summary>The table.</summary>
    IItemTable Table { get; }

    /// <summary>Closes the table and opens it again, as a restart of the process does.</summary>
    Task ReopenAsync();
}
