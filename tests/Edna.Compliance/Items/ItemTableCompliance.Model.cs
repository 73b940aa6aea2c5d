using CsCheck;
using Edna.Items;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>This part: any sequence of operations does what the same sequence does to plain dictionaries.</summary>
public abstract partial class ItemTableCompliance
{
    private static readonly Gen<(int Operation, int Item, int Revision, ItemStatus Status, bool Deadline)> s_step =
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Enum<ItemStatus>(), Gen.Bool);

    [Fact]
    public Task Any_sequence_of_operations_does_what_the_model_does() => s_step.Array[1, 60].SampleAsync(async steps =>
    {
        await using var host = await StartAsync();
        var model = new ItemTableModel();
        foreach (var (operation, item, revision, status, deadline) in steps)
        {
            var row = Row($"p{item}", revision + 1, status) with { UploadDeadline = deadline ? Noon.AddMinutes(item) : null };
            switch (operation)
            {
                case 0:
                    await host.ReopenAsync();
                    break;
                case 1:
                    await host.Table.MarkAllDirtyAsync("g", Ct);
                    model.MarkAllDirty();
                    break;
                case 2 or 3:
                    await host.Table.MarkIndexedAsync([(row.Key, revision)], Ct);
                    model.MarkIndexed(row.Key, revision);
                    break;
                case 4:
                    Assert.Equal(model.TryWrite(row, revision), (await host.Table.WriteManyAsync([new(row, revision, Created)], Ct))[0]);
                    break;
                case 10:
                    var ended = row with { Revision = revision == 0 ? model.RevisionOf(row.Key) : revision, UploadDeadline = null, Body = "{}"u8.ToArray() };
                    Assert.Equal(model.TryEndWatch(ended), await TryAsync(() => host.Table.EndWatchAsync(ended, Ct)));
                    break;
                case 5 or 6 or 7:
                    // Mostly a write that is in time, sometimes any.
                    var current = model.RevisionOf(row.Key);
                    Assert.True(await TryAsync(() => host.Table.PutAsync(row with { Revision = current + 1 })));
                    Assert.True(model.TryWrite(row with { Revision = current + 1 }, current));
                    break;
                default:
                    Assert.Equal(model.TryWrite(row, revision), await TryAsync(() => host.Table.PutAsync(row)));
                    break;
            }
        }
        await model.AssertSameAsync(host.Table, Ct);
    }, iter: Rounds(60));
}
