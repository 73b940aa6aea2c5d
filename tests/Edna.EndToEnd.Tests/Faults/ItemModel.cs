using System.Net;
using Edna.Client;

namespace Edna.Faults;

/// <summary>What clients that race each other do to an item.</summary>
internal enum Act
{
    /// <summary>Completes whatever upload is open.</summary>
    Complete,

    /// <summary>Announces the second content; its bytes are not sent again.</summary>
    AnnounceSecond,

    /// <summary>Announces the third content, whose bytes nobody sends.</summary>
    AnnounceThird,

    /// <summary>Moves it to the trash.</summary>
    Trash,

    /// <summary>Takes it out of the trash.</summary>
    Restore,

    /// <summary>Removes it for good.</summary>
    Remove,
}

/// <summary>An item as a client understands it from the API's description: small enough to be tried in every order.</summary>
/// <param name="Status">Its status; null when there is no item.</param>
/// <param name="Content">Which content it has; 0 for none.</param>
/// <param name="Upload">Which content its open upload is of; 0 when none is open.</param>
/// <param name="Arrived">Whether the bytes of the open upload have arrived.</param>
/// <param name="TrashedFrom">What it was before it went to the trash.</param>
internal sealed record ItemModel(string? Status, int Content, int Upload, bool Arrived, string? TrashedFrom = null)
{
    /// <summary>What an act answers and leaves behind.</summary>
    public (HttpStatusCode Answer, ItemModel Next) After(Act act) => act switch
    {
        Act.AnnounceSecond => Announce(2),
        Act.AnnounceThird => Announce(3),
        _ when Status is null => (HttpStatusCode.NotFound, this),
        Act.Complete => Complete(),
        Act.Trash => (HttpStatusCode.NoContent, Status == ItemStatuses.Trashed ? this : Trash()),
        Act.Restore => (HttpStatusCode.OK, Status == ItemStatuses.Trashed ? this with { Status = TrashedFrom, TrashedFrom = null } : this),
        _ => (HttpStatusCode.NoContent, new(null, 0, 0, false)),
    };

    /// <summary>Whether answers and an end are explained by some order of what clients did, each one's own acts in their order.</summary>
    /// <param name="clients">What each client did and what it was answered.</param>
    /// <param name="isEnd">Whether an item is the one that was seen at the end.</param>
    public bool Explains(IReadOnlyList<(Act Act, HttpStatusCode Answer)>[] clients, Func<ItemModel, bool> isEnd)
    {
        if (clients.All(c => c.Count == 0)) return isEnd(this);
        for (var i = 0; i < clients.Length; i++)
        {
            if (clients[i] is not [var (act, answered), ..]) continue;
            var (answer, next) = After(act);
            if (answer == answered && next.Explains([.. clients.Select((c, j) => j == i ? [.. c.Skip(1)] : c)], isEnd)) return true;
        }
        return false;
    }

    private (HttpStatusCode, ItemModel) Announce(int content)
    {
        if (Status == ItemStatuses.Trashed) return (HttpStatusCode.Conflict, this);
        if (Status == ItemStatuses.Available && Content == content) return (HttpStatusCode.OK, this);
        if (Upload == content) return (HttpStatusCode.Created, this);
        return (HttpStatusCode.Created, this with { Status = Content == 0 ? ItemStatuses.Pending : Status, Upload = content, Arrived = false });
    }

    private (HttpStatusCode, ItemModel) Complete()
    {
        if (Status == ItemStatuses.Trashed) return (HttpStatusCode.Conflict, this);
        if (Upload == 0) return (Content > 0 ? HttpStatusCode.OK : HttpStatusCode.Conflict, this);
        return Arrived ? (HttpStatusCode.OK, new(ItemStatuses.Available, Upload, 0, false)) : (HttpStatusCode.Conflict, this);
    }

    private ItemModel Trash() => this with
    {
        Status = ItemStatuses.Trashed, Upload = 0, Arrived = false, TrashedFrom = Upload > 0 && Content == 0 ? ItemStatuses.Failed : Status,
    };
}
