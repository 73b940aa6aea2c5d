using System.Text;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>
/// What .NET knows of Unicode. Without ICU, or where it is told to do without, it takes every text for normalised: one path would be two items, by how the
/// client's file system writes an accent.
/// </summary>
internal static class UnicodeSupport
{
    private const string Variable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    /// <summary>Stops the start where paths could not be normalised.</summary>
    /// <exception cref="OptionsValidationException">They could not be.</exception>
    public static void Require()
    {
        if (!Normalises("e\u0301")) throw new OptionsValidationException(Variable, typeof(bool), [$"{Variable}: must not be set, and ICU must be installed (in images of .NET: those with '-extra'). Paths could not be normalised without."]);
    }

    /// <summary>Whether a letter and its accent become one.</summary>
    internal static bool Normalises(string apart) => apart.Normalize(NormalizationForm.FormC).Length == 1;
}
