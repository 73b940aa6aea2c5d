namespace Edna.Sqlite;

/// <summary>What the writer thread keeps between writes, and what it does around a transaction.</summary>
internal interface IWriteSession : IDisposable
{
    /// <summary>The only connection that writes.</summary>
    Connection Connection { get; }

    /// <summary>The last chance to write before the commit.</summary>
    void Committing();

    /// <summary>The transaction is on the disk.</summary>
    void Committed();

    /// <summary>The transaction left nothing; neither may the session keep anything of it.</summary>
    void RolledBack();
}

/// <summary>
/// The one writer of a file, on a thread of its own. Whatever waits goes into one transaction and shares one sync of the disk;
/// a task completes after the commit. The queue is a plain list under a lock rather than a channel: the thread is woken directly,
/// without a detour through the thread pool, which is busiest just when there is much to write.
/// </summary>
internal sealed class GroupCommitWriter<TSession> : IAsyncDisposable where TSession : IWriteSession
{
    /// <summary>Writes in a group from which on more are waited for.</summary>
    private const int Crowd = 3;

    private readonly TSession _session;
    private readonly Action<Exception> _faulted;
    private readonly int _groupWeight;
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<PendingWrite<TSession>> _waiting = new();
    private bool _stopping;
    private int _lastGroup;

    /// <summary>Starts the thread.</summary>
    /// <param name="session">Owned by the writer from now on.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="groupWeight">The most that goes into one transaction, in rows; a single heavier write still goes.</param>
    /// <param name="faulted">Is told of faults, on the writer's thread.</param>
    public GroupCommitWriter(TSession session, string name, int groupWeight, Action<Exception> faulted)
    {
        (_session, _groupWeight, _faulted) = (session, groupWeight, faulted);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Queues a write. It may run more than once, each time on the state that the times before left nothing in.</summary>
    /// <param name="write">Runs on the writer's thread inside a transaction.</param>
    /// <param name="weight">Roughly the rows it writes.</param>
    public Task<T> WriteAsync<T>(Func<TSession, T> write, int weight = 1)
    {
        var pending = new PendingWrite<TSession, T>(write, weight);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waiting.Enqueue(pending);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
        }
        return pending.Task;
    }

    /// <summary>Writes what is queued, then ends the thread and closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        await _ended.Task;
    }

    private void Run()
    {
        var group = new List<PendingWrite<TSession>>();
        while (Take(group))
        {
            // When one of them is at fault, each goes alone, and only the faulty one fails.
            if (!TryCommit(group, last: group.Count == 1))
                foreach (var one in group) TryCommit([one], last: true);
            group.Clear();
        }
        try
        {
            _session.Dispose();
        }
        catch (SqliteFaultException fault)
        {
            _faulted(fault);
        }
        _ended.SetResult();
    }

    private bool Take(List<PendingWrite<TSession>> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping) return false;
                Monitor.Wait(_gate);
            }
            Gather();
            var weight = 0;
            while (_waiting.TryPeek(out var next) && (group.Count == 0 || weight + next.Weight <= _groupWeight))
            {
                weight += next.Weight;
                group.Add(_waiting.Dequeue());
            }
            _lastGroup = group.Count;
            return true;
        }
    }

    /// <summary>
    /// Many writers at once come back about together, each after its last commit: a millisecond's wait for them makes one commit of
    /// several, and a commit costs more than the rows in it. A writer alone never waits.
    /// </summary>
    private void Gather()
    {
        if (_lastGroup < Crowd || _waiting.Count >= Crowd * 8 || _stopping) return;
        Monitor.Exit(_gate);
        Thread.Sleep(1);
        Monitor.Enter(_gate);
    }

    private bool TryCommit(List<PendingWrite<TSession>> group, bool last = false)
    {
        var begun = false;
        try
        {
            _session.Connection.Execute("BEGIN IMMEDIATE");
            begun = true;
            foreach (var write in group) write.Run(_session);
            _session.Committing();
            _session.Connection.Execute("COMMIT");
        }
        catch (Exception fault)
        {
            Undo();
            // What could not even begin is no write's fault: each alone would only wait again for the same lock.
            if (begun && !last) return false;
            _faulted(fault);
            foreach (var write in group) write.Fail(fault);
            return true;
        }
        _session.Committed();
        foreach (var write in group) write.Succeed();
        return true;
    }

    private void Undo()
    {
        try
        {
            if (_session.Connection.InTransaction) _session.Connection.Execute("ROLLBACK");
        }
        catch (SqliteFaultException fault)
        {
            // SQLite rolls back by itself when it cannot even do that; the next BEGIN tells whether it did.
            _faulted(fault);
        }
        _session.RolledBack();
    }
}
