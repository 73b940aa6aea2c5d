using System.Globalization;
using Edna.Items;
using Edna.Keys;
using Edna.Search;

namespace Edna.Benchmarks;

/// <summary>Items and searches that look like those of an image set; the same for the same seed.</summary>
internal sealed class SearchBenchmarkData(int seed)
{
    private static readonly string[] s_species = ["cat", "dog", "horse", "bird", "sheep", "cow", "bear", "zebra", "giraffe", "elephant"];
    private static readonly string[] s_splits = ["train", "train", "train", "train", "val", "test"];
    private static readonly string[] s_places = ["berlin", "lagos", "quito", "osaka", "perth", "tromsø", "lyon", "austin"];
    private static readonly string[] s_weather = ["sunny", "rainy", "cloudy", "foggy", "snowy"];
    private static readonly DatasetKey s_dataset = new("default", "animals");

    private readonly Random _random = new(seed);

    /// <summary>Documents.</summary>
    /// <param name="count">How many.</param>
    public SearchDocument[] Documents(int count) => [.. Enumerable.Range(0, count).Select(Document)];

    /// <summary>A search: one or two words, a tag and a split or a label, facets of labels and a tag.</summary>
    public SearchRequest Request()
    {
        var byLabel = _random.Next(2) == 0;
        return new()
        {
            Datasets = [s_dataset.Dataset],
            Query = _random.Next(4) switch
            {
                0 => "jpg",
                1 => Pick(s_places),
                2 => $"{Pick(s_places)} {Pick(s_weather)}",
                _ => $"{Pick(s_species)} camera",
            },
            Filter = new()
            {
                Tags = new Dictionary<string, string> { ["weather"] = Pick(s_weather) },
                Split = byLabel ? null : [Pick(s_splits)],
                Labels = byLabel ? [Pick(s_species)] : null,
            },
            Facets = ["label", "tag:species"],
        };
    }

    private SearchDocument Document(int n)
    {
        var species = Pick(s_species);
        var path = string.Create(CultureInfo.InvariantCulture, $"{species}/{Pick(s_places)}/IMG_{n:d7}.jpg");
        return new()
        {
            Key = new(s_dataset, ItemId.FromPath(path)),
            Revision = 1,
            Status = _random.Next(50) == 0 ? ItemStatus.Trashed : ItemStatus.Available,
            Path = path,
            Size = _random.Next(10_000, 5_000_000),
            ContentType = _random.Next(10) == 0 ? "image/png" : "image/jpeg",
            Split = Pick(s_splits),
            UpdatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(n),
            Tags = new Dictionary<string, string> { ["species"] = species, ["weather"] = Pick(s_weather) },
            LabelClasses = [.. new[] { species, Pick(s_species), Pick(s_species) }.Distinct()],
            Metadata =
            [
                new("camera.model", $"camera {Pick(s_places)} x{_random.Next(20).ToString(CultureInfo.InvariantCulture)}"),
                new("caption", $"a {species} on a {Pick(s_weather)} day near {Pick(s_places)}"),
                new("shot", n.ToString(CultureInfo.InvariantCulture)),
            ],
        };
    }

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}
