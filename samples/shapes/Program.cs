using System.CommandLine;
using System.Globalization;
using Edna.Samples;
using Spectre.Console;

var count = new Option<int>("--count") { Description = "How many images to draw.", DefaultValueFactory = _ => ShapesSet.DefaultCount };
var seed = new Option<int>("--seed") { Description = "Another seed draws another set.", DefaultValueFactory = _ => ShapesSet.DefaultSeed };
var folder = new Option<string>("--out") { Description = "The folder to write to.", DefaultValueFactory = _ => "samples/shapes/out" };
count.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000) result.AddError("--count must be 1 to 1000000.");
});

var command = new RootCommand("Draws a small labelled image set: circles, squares and triangles with their boxes.") { count, seed, folder };
command.SetAction(async (parsed, ct) =>
{
    var (images, to) = (parsed.GetValue(count), parsed.GetValue(folder)!);
    await AnsiConsole.Progress().StartAsync(async progress =>
    {
        var task = progress.AddTask("Drawing", maxValue: images);
        await ShapesFolder.WriteAsync(to, images, parsed.GetValue(seed), _ => task.Increment(1), ct);
    });
    await Console.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture, $"{images:N0} images and {ShapesLabels.FileName} are in {Path.GetFullPath(to)}"));
    return 0;
});
return await command.Parse(args).InvokeAsync();
