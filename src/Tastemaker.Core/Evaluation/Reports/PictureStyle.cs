using ScottPlot;

namespace Tastemaker.Evaluation.Reports;

/// <summary>How all pictures look.</summary>
internal static class PictureStyle
{
    /// <summary>Families that look alike on Windows, macOS and Linux; the first installed is taken.</summary>
    private static readonly string SansSerif = InstalledFamily("Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Liberation Sans") ?? Fonts.Default;

    /// <summary>Text and axes.</summary>
    public static Color Ink { get; } = Color.FromHex("#1c2430");

    /// <summary>What matters.</summary>
    public static Color Accent { get; } = Color.FromHex("#2457c5");

    /// <summary>What it is compared with.</summary>
    public static Color Pale { get; } = Color.FromHex("#8ea9e2");

    /// <summary>A second thing that matters.</summary>
    public static Color Other { get; } = Color.FromHex("#d9640c");

    private static Color Floor { get; } = Color.FromHex("#dfe3e8");

    /// <summary>An empty plot; the caller's to dispose.</summary>
    public static Plot NewPlot(string title)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.Font.Set(SansSerif);
        plot.Axes.Title.Label.FontSize = 19;
        plot.Axes.Color(Ink);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 14;
        plot.Axes.Left.TickLabelStyle.FontSize = 15;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Floor;
        return plot;
    }

    private static string? InstalledFamily(params string[] families) => families.FirstOrDefault(SkiaSharp.SKFontManager.Default.FontFamilies.Contains);
}
