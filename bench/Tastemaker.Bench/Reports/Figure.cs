using System.Globalization;

namespace Tastemaker.Bench.Reports;

/// <summary>Numbers as tables print them: three digits, since a fourth would only be noise.</summary>
internal static class Figure
{
    /// <summary>1,250,000 or 12.3 or 0.0123; "-" for what is no positive number.</summary>
    public static string Significant(double number)
    {
        if (!double.IsFinite(number) || number <= 0)
        {
            return "-";
        }

        var power = (int)Math.Floor(Math.Log10(number)) - 2; // of the last digit kept
        return power >= 0
            ? (Math.Round(number / Math.Pow(10, power)) * Math.Pow(10, power)).ToString("N0", CultureInfo.InvariantCulture)
            : number.ToString("0." + new string('#', Math.Min(-power, 12)), CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number with separators.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"4.3 ms", "12 us", "1.20 s".</summary>
    public static string Time(double seconds) => seconds switch
    {
        >= 1 => $"{Significant(seconds)} s",
        >= 1e-3 => $"{Significant(seconds * 1e3)} ms",
        _ => $"{Significant(seconds * 1e6)} us",
    };

    /// <summary>"3.4x".</summary>
    public static string Ratio(double ratio) => $"{Significant(ratio)}x";

    /// <summary>"61 %".</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    /// <summary>"0.38 GiB".</summary>
    public static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.00} GiB");
}
