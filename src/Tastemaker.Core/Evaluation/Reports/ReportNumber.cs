using System.Globalization;

namespace Tastemaker.Evaluation.Reports;

/// <summary>Numbers as tables show them: four decimals for shares, fewer for large counts.</summary>
internal static class ReportNumber
{
    public static string Format(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "0.0000" : Math.Abs(value) < 1000 ? "0.00" : "N0", CultureInfo.InvariantCulture);
}
