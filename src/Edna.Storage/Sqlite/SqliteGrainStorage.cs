using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Edna.Storage.Sqlite;

/// <summary>
/// Orleans grain storage in <c>edna.db</c>: the state as System.Text.Json writes it, without type names, under service, grain and
/// state name. The etag is the number of writes; clearing removes the row.
/// </summary>
internal sealed class SqliteGrainStorage(StateDatabase database, IOptions<ClusterOptions> cluster, IActivatorProvider activators) : IGrainStorage
{
    private readonly string _service = cluster.Value.ServiceId;

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var grain = grainId.ToString();
        var found = await database.ReadAsync<(long Revision, byte[] Body)?>(connection =>
        {
            var row = connection.Prepare("SELECT revision, body FROM grain_state WHERE service = ? AND grain = ? AND name = ?")
                .Bind(1, _service).Bind(2, grain).Bind(3, stateName);
            if (!row.Step()) return null;
            var read = (row.Long(0), row.Bytes(1).ToArray());
            row.Reset();
            return read;
        }, cancellationToken);
        if (found is not { } stored)
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (activators.GetActivator<T>().Create(), null, false);
            return;
        }
        grainState.State = GrainStateJson.Read<T>(stored.Body, stateName, grainId);
        (grainState.ETag, grainState.RecordExists) = (Format(stored.Revision), true);
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var (key, expected) = (new GrainStateKey(_service, grainId.ToString(), stateName), Parse(grainState.ETag));
        var body = GrainStateJson.Write(grainState.State);
        var stored = await database.WriteAsync(session => GrainStateWrites.Write(session.Connection, key, expected, body), 1, cancellationToken);
        if (stored is not null) throw Inconsistent(key, stored.Value, grainState.ETag);
        (grainState.ETag, grainState.RecordExists) = (Format(expected + 1), true);
    }

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var (key, expected) = (new GrainStateKey(_service, grainId.ToString(), stateName), Parse(grainState.ETag));
        var stored = await database.WriteAsync(session => GrainStateWrites.Clear(session.Connection, key, expected), 1, cancellationToken);
        if (stored is not null) throw Inconsistent(key, stored.Value, grainState.ETag);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (activators.GetActivator<T>().Create(), null, false);
    }

    /// <summary>The revision in an etag; 0 for none, which stands for no row.</summary>
    private static long Parse(string? etag) => string.IsNullOrEmpty(etag) ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);

    private static string Format(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    private static InconsistentStateException Inconsistent(GrainStateKey key, long stored, string? expected) => new(
        $"The state '{key.Name}' of {key.Grain} is at another revision.", Format(stored), expected ?? "");
}
