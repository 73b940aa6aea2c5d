using NetVips;

namespace Edna.Samples;

/// <summary>Draws an image and encodes it with libvips.</summary>
public static class ShapesPainter
{
    private const int Bands = 3;
    private const int JpegQuality = 88;

    /// <summary>The bytes of the file, PNG or JPEG without metadata: the same image gives the same bytes.</summary>
    /// <param name="image">What to draw.</param>
    public static byte[] Paint(ShapesImage image)
    {
        using var canvas = Image.NewFromMemory(Pixels(image), image.Width, image.Height, Bands, Enums.BandFormat.Uchar);
        using var srgb = canvas.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.IsJpeg
            ? srgb.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None)
            : srgb.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);
    }

    private static byte[] Pixels(ShapesImage image)
    {
        var pixels = new byte[image.Width * image.Height * Bands];
        var (from, to) = Palette.Backgrounds[image.Background];
        var longest = image.Width + image.Height - 2;
        for (var (y, at) = (0, 0); y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++, at += Bands)
            {
                var way = x + y;
                pixels[at] = Mix(from.Red, to.Red, way, longest);
                pixels[at + 1] = Mix(from.Green, to.Green, way, longest);
                pixels[at + 2] = Mix(from.Blue, to.Blue, way, longest);
            }
        }
        foreach (var shape in image.Shapes) Fill(pixels, image.Width, shape);
        return pixels;
    }

    private static void Fill(byte[] pixels, int width, Shape shape)
    {
        var color = Palette.Colors[shape.Color];
        for (var y = shape.Y; y < shape.Y + shape.Size; y++)
        {
            for (var x = shape.X; x < shape.X + shape.Size; x++)
            {
                if (!shape.Covers(x, y)) continue;
                var at = ((y * width) + x) * Bands;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = color;
            }
        }
    }

    private static byte Mix(byte from, byte to, int way, int longest) => (byte)(from + ((to - from) * way / longest));
}
