
namespace Tastemaker.Recipes;

/// <summary>What the runs of an entry gave on one metric.</summary>
/// <param name="Mean">Mean over seeds.</param>
/// <param name="Lower">Lower end of the 95% interval over requests or users; null where the metric has no figures a request or row.</param>
/// <param name="Upper">Its upper end.</param>
/// <param name="Deviation">Standard deviation over seeds; null for one seed.</param>
internal sealed record RecipeFigure(double Mean, double? Lower, double? Upper, double? Deviation);
