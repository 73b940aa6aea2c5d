namespace Edna.Samples;

/// <summary>Writes a set to a folder: the images, and <c>labels.jsonl</c> beside them.</summary>
public static class ShapesFolder
{
    /// <summary>Draws and writes a set. What is there already is written over, with the same bytes for the same set.</summary>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="count">How many images, 1–1,000,000.</param>
    /// <param name="seed">Another seed is another set.</param>
    /// <param name="drawn">Told of each image as it is written; may be null.</param>
    /// <param name="ct">Cancels between images.</param>
    /// <returns>The images, in the order of the file of labels.</returns>
    public static async Task<IReadOnlyList<ShapesImage>> WriteAsync(
        string folder, int count = ShapesSet.DefaultCount, int seed = ShapesSet.DefaultSeed,
        Action<ShapesImage>? drawn = null, CancellationToken ct = default)
    {
        var images = ShapesSet.Plan(count, seed).ToArray();
        foreach (var path in images.Select(i => Path.GetDirectoryName(i.Path)!).Distinct())
            Directory.CreateDirectory(Path.Combine(folder, path));

        // Small images: one thread each beats libvips splitting every single one among its own.
        NetVips.NetVips.Concurrency = 1;
        await Parallel.ForEachAsync(images, ct, async (image, stop) =>
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, image.Path), ShapesPainter.Paint(image), stop);
            drawn?.Invoke(image);
        });
        await using var labels = File.Create(Path.Combine(folder, ShapesLabels.FileName));
        foreach (var image in images)
        {
            await labels.WriteAsync(ShapesLabels.Line(image), ct);
            labels.WriteByte((byte)'\n');
        }
        return images;
    }
}
