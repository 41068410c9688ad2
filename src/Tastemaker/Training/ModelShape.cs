using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Options;

namespace Tastemaker.Training;

/// <summary>What a model must know of its data before it is trained or loaded: stored with the artifact.</summary>
/// <param name="Users">Number of users.</param>
/// <param name="Items">Number of items.</param>
/// <param name="MinimumValue">Smallest training value; 1 where the data has none.</param>
/// <param name="MaximumValue">Largest training value; 1 where the data has none.</param>
internal sealed record ModelShape(int Users, int Items, float MinimumValue = 1, float MaximumValue = 1)
{
    /// <summary>The fields of feature rows; null for systems that read none.</summary>
    public FeatureSpace? Features { get; init; }

    /// <summary>The distinct training values; null for systems that do not take them as classes.</summary>
    public RatingLevels? Levels { get; init; }

    /// <summary>The shape of a training set for a system with these options: of those that read features, with the fields fitted.</summary>
    /// <exception cref="InputException">A field cannot be had from the data, or there are too many distinct values to be classes.</exception>
    public static ModelShape Of(TrainingSet train, ModelOptions options) => options switch
    {
        FieldOptions fields => Of(train) with
        {
            Features = new FeatureFit(train, fields.MinimumCount, fields.NumberTransform)
                .Space(fields.Fields.Count > 0 ? fields.Fields : fields.DefaultFields(train.Data), fields.WideFields),
        },
        IItemFeatureOptions items when items.ItemFields.Count > 0 || items.NeedsItemFields => Of(train) with
        {
            Features = new FeatureFit(train, items.MinimumCount, items.NumberTransform)
                .Space(items.ItemFields.Count > 0 ? items.ItemFields : EntityFields.OfItems(train.Data)),
        },
        IRatingLevelOptions levels => Of(train) with { Levels = RatingLevels.Of(train, levels.System) },
        IEntityFeatureOptions both => Of(train) with { Features = new FeatureFit(train, both.MinimumCount).Space(EntityFields.Of(train.Data, both)) },
        _ => Of(train),
    };

    /// <summary>The shape of a training set.</summary>
    public static ModelShape Of(TrainingSet train)
    {
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in train.Interactions.Values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return train.Interactions.HasValues && minimum <= maximum
            ? new ModelShape(train.UserCount, train.ItemCount, minimum, maximum)
            : new ModelShape(train.UserCount, train.ItemCount);
    }
}
