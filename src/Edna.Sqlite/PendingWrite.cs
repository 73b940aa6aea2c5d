namespace Edna.Sqlite;

/// <summary>A write in the queue.</summary>
internal abstract class PendingWrite<TSession>(int weight)
{
    public int Weight => weight;

    public abstract void Run(TSession session);

    public abstract void Succeed();

    public abstract void Fail(Exception fault);
}

/// <summary>A write in the queue, and who waits for its outcome.</summary>
internal sealed class PendingWrite<TSession, T>(Func<TSession, T> write, int weight) : PendingWrite<TSession>(weight)
{
    private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _outcome.Task;

    public override void Run(TSession session) => _result = write(session);

    public override void Succeed() => _outcome.SetResult(_result!);

    public override void Fail(Exception fault) => _outcome.SetException(fault);
}
