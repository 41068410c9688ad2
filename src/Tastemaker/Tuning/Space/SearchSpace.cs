using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Options;
using YamlDotNet.RepresentationModel;

namespace Tastemaker.Tuning.Space;

/// <summary>The options that a search varies, each with its values.</summary>
/// <param name="dimensions">At least one.</param>
internal sealed class SearchSpace(IReadOnlyList<SearchDimension> dimensions)
{
    // More combinations than this are not listed one by one.
    private const long Listed = 100_000;

    /// <summary>The options.</summary>
    public IReadOnlyList<SearchDimension> Dimensions { get; } = dimensions;

    /// <summary>The searched option of that name.</summary>
    public SearchDimension this[string name] => Dimensions.First(dimension => dimension.Name == name);

    /// <summary>A point at random.</summary>
    public TrialPoint Draw(SeededRandom random) => Point(dimension => dimension.Draw(random));

    /// <summary>A point by its values.</summary>
    public TrialPoint Point(Func<SearchDimension, string> value) =>
        new(Dimensions.Select(dimension => KeyValuePair.Create(dimension.Name, value(dimension))));

    /// <summary>Where options stand in the space; values outside of it stay what they are.</summary>
    public TrialPoint PointOf(ModelOptions options) => Point(dimension => OptionText.Of(dimension.Option.Property.GetValue(options)));

    /// <summary>Options moved to a point.</summary>
    /// <exception cref="InputException">A value is not one of the option's.</exception>
    public ModelOptions Apply(ModelOptions options, TrialPoint point)
    {
        var problems = new List<string>();
        var bound = new OptionBinder(problems).Bind(options.GetType(), point.Values.Select(pair => Assignment(pair.Key, pair.Value)), "the trial");
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }

        var moved = options with { };
        foreach (var dimension in Dimensions)
        {
            dimension.Option.Property.SetValue(moved, dimension.Option.Property.GetValue(bound.Record));
        }

        return moved;
    }

    /// <summary>All points in order, the last option changing fastest; none where an option has a range of numbers or the points are too many to list.</summary>
    public IEnumerable<TrialPoint> Points()
    {
        if (Dimensions.Any(dimension => dimension.Values is null) || Dimensions.Aggregate(1.0, (count, dimension) => count * dimension.Values!.Count) > Listed)
        {
            yield break;
        }

        var places = new int[Dimensions.Count];
        while (true)
        {
            yield return new TrialPoint(Dimensions.Select((dimension, index) => KeyValuePair.Create(dimension.Name, dimension.Values![places[index]])));
            var last = places.Length - 1;
            while (last >= 0 && ++places[last] == Dimensions[last].Values!.Count)
            {
                places[last--] = 0;
            }

            if (last < 0)
            {
                yield break;
            }
        }
    }

    private static OptionAssignment Assignment(string name, string text) =>
        new(name, ConfigurationSource.Parse(name, text) ?? new YamlScalarNode(""), name);
}
