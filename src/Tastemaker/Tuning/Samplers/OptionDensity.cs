using Tastemaker.Data;
using Tastemaker.Tuning.Space;

namespace Tastemaker.Tuning.Samplers;

/// <summary>The densities of one option among good and among bad settings.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Draw">Draws a value from the good ones, and gives the logarithm of good over bad there.</param>
internal sealed record OptionDensity(string Option, Func<SeededRandom, (string Value, double Ratio)> Draw)
{
    /// <summary>The densities of an option.</summary>
    public static OptionDensity Of(SearchDimension dimension, IReadOnlyList<TrialPoint> good, IReadOnlyList<TrialPoint> bad) => dimension switch
    {
        RangeDimension range => OfRange(range, Coordinates(range, good), Coordinates(range, bad)),
        ChoiceDimension choice => OfChoice(choice, Places(choice, good), Places(choice, bad)),
        _ => throw new NotSupportedException($"There is no density for {dimension.GetType().Name}."),
    };

    private static OptionDensity OfRange(RangeDimension range, ParzenEstimator good, ParzenEstimator bad) => new(range.Name, random =>
    {
        var coordinate = good.Draw(random);
        return (range.At(coordinate), good.LogDensity(coordinate) - bad.LogDensity(coordinate));
    });

    private static OptionDensity OfChoice(ChoiceDimension choice, ChoiceEstimator good, ChoiceEstimator bad) => new(choice.Name, random =>
    {
        var place = good.Draw(random);
        return (choice.Choices[place], good.LogDensity(place) - bad.LogDensity(place));
    });

    // A value outside the space, as a default may be, says nothing about places inside.
    private static ParzenEstimator Coordinates(RangeDimension range, IReadOnlyList<TrialPoint> points) =>
        new(points.Select(point => range.Coordinate(point[range.Name])).OfType<double>());

    private static ChoiceEstimator Places(ChoiceDimension choice, IReadOnlyList<TrialPoint> points) =>
        new(choice.Choices.Count, points.Select(point => choice.Index(point[choice.Name])).OfType<int>());
}
