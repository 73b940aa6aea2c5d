using System.Text;
using Edna.Items;

namespace Edna.Storage.Dynamo;

/// <summary>Rows that were handed over together: one task for all of them.</summary>
internal sealed class PendingBatch(int count)
{
    private readonly TaskCompletionSource<IReadOnlyList<bool>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool[] _written = new bool[count];
    private int _left = count;
    private Exception? _fault;

    /// <summary>For each row, whether it was written; ends when the last one is settled.</summary>
    public Task<IReadOnlyList<bool>> Task => _done.Task;

    /// <summary>Notes what became of a row. By one thread at a time.</summary>
    public void Settle(int index, bool written, Exception? fault = null)
    {
        _written[index] = written;
        _fault ??= fault;
        if (--_left > 0) return;
        if (_fault is null) _done.SetResult(_written);
        else _done.SetException(_fault);
    }
}

/// <summary>A row that waits for its transaction.</summary>
/// <param name="Write">The row, its condition, its change.</param>
/// <param name="PackedBody">Its body as the table keeps it.</param>
/// <param name="Batch">With which it came.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Since">When it came, <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed record PendingRow(ItemWrite Write, byte[] PackedBody, PendingBatch Batch, int Index, long Since)
{
    /// <summary>The most bytes that its change takes in a segment, before packing.</summary>
    public int ChangeBytes { get; } = 150 + (2 * (Encoding.UTF8.GetByteCount(Write.Row.Path) + Encoding.UTF8.GetByteCount(Write.Change.By)));

    /// <summary>The most bytes that it takes in a transaction.</summary>
    public int Bytes => 300 + PackedBody.Length + Encoding.UTF8.GetByteCount(Write.Row.Path) + ChangeBytes;

    public void Written() => Batch.Settle(Index, true);

    public void Refused() => Batch.Settle(Index, false);

    public void Fail(Exception fault) => Batch.Settle(Index, false, fault);
}
