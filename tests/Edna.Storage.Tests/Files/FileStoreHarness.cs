using Edna.Hosting;
using Edna.Objects;
using Edna.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Edna.Storage.Files;

/// <summary>A file store in a temporary directory, behind its endpoint on a free port.</summary>
public sealed class FileStoreHarness : ObjectStoreHarness
{
    private readonly List<FileObjectStore> _others = [];
    private WebApplication? _app;

    public DataDirectory Data { get; } = new(Path.Combine(Path.GetTempPath(), $"edna-files-{Guid.NewGuid():N}"));

    public override IObjectStore Store => Files;

    public FileObjectStore Files => _app!.Services.GetRequiredService<FileObjectStore>();

    public FileStoreAddress Address => _app!.Services.GetRequiredService<FileStoreAddress>();

    /// <summary>A store whose folder for arriving objects was taken away, as by a failing disk.</summary>
    public override IObjectStore Unreachable
    {
        get
        {
            var data = new DataDirectory(Data.At($"broken-{Guid.NewGuid():N}"));
            var store = new FileObjectStore(data, Address, TimeProvider.System);
            Directory.Delete(data.At("objects"), recursive: true);
            File.WriteAllText(data.At("objects"), "");
            return store;
        }
    }

    public override IObjectStore StoreAt(TimeProvider time)
    {
        var store = new FileObjectStore(Data, Address, time);
        _others.Add(store);
        return store;
    }

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Data).AddSingleton(TimeProvider.System).AddFileObjects(builder.Configuration);
        _app = builder.Build();
        _app.MapFileStore();
        await _app.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        foreach (var store in _others) store.Dispose();
        Directory.Delete(Data.Path, recursive: true);
    }
}
