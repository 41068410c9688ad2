using System.Globalization;

namespace Tastemaker.Evaluation.Reports;

/// <summary>Numbers as tables show them: four decimals for shares, fewer for large counts.</summary>
internal static class ReportNumber
{
    public static string Format(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "0.0000" : Math.Abs(value) < 1000 ? "0.00" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A duration: "0.3 s", "12.5 min", "3.2 h"; a dash where unknown.</summary>
    public static string Duration(double? seconds) => seconds switch
    {
        null => "–",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    /// <summary>A short time: "0.034 ms", "12.5 ms"; a dash where unknown.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds is { } value
        ? value.ToString(value < 1 ? "0.000" : value < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture) + " ms"
        : "–";

    /// <summary>A number of bytes: "310 kB", "4.2 MB"; a dash where unknown.</summary>
    public static string Size(long? bytes) => bytes switch
    {
        null => "–",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}
