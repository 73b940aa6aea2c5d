using System.Security.Cryptography;
using Edna.Client;
using Edna.Samples;

namespace Edna.Harness;

/// <summary>A drawn sample set, and how a test pushes it.</summary>
internal sealed class SampleSet
{
    private SampleSet(string folder, IReadOnlyList<ShapesImage> images) => (Folder, Images) = (folder, images);

    public string Folder { get; }

    public IReadOnlyList<ShapesImage> Images { get; }

    public static CreateDataset Dataset(string name) => new()
    {
        Name = name, Splits = ["train", "val", "test"],
        LabelSchema = new LabelSchema
        {
            Classes = [.. new[] { "circle", "square", "triangle" }.Select(c => new LabelClass
            {
                Name = c, Kinds = [AnnotationKinds.Bbox],
                Attributes = [new LabelAttribute { Name = "color", Type = "enum", Values = [.. Palette.Colors.Keys], Required = true }],
            })],
        },
    };

    public static async Task<SampleSet> DrawAsync(string folder, int count, CancellationToken ct) =>
        new(folder, await ShapesFolder.WriteAsync(folder, count, ct: ct));

    public async Task<PushOptions> OptionsAsync(CancellationToken ct)
    {
        var labels = Path.Combine(Folder, ShapesLabels.FileName);
        return new PushOptions { Labels = await LabelsFile.ReadAsync(labels, ct), Except = new HashSet<string> { labels } };
    }

    public string Sha256Of(string path) => Convert.ToBase64String(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, path))));
}
