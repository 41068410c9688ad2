namespace Tastemaker.Evaluation.Reports;

/// <summary>One line of a chart; a point whose y is NaN is a gap.</summary>
internal sealed record ChartSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points);
