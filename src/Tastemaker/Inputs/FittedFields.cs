using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Inputs;

/// <summary>Fields with their categories and statistics, and the users and items encoded by them.</summary>
/// <param name="Space">The fields.</param>
internal sealed record FittedFields(FeatureSpace Space) : IFittedInput
{
    /// <inheritdoc/>
    public void Save(SavedInputs saved) => FeatureFiles.Write(Space, saved);
}

/// <summary>The fields that <see cref="FieldOptions"/> name: identifiers, histories and columns of users, items and rows.</summary>
internal sealed class Fields : IInput
{
    /// <summary>What systems with <see cref="FieldOptions"/> list.</summary>
    public static Fields Named { get; } = new();

    /// <inheritdoc/>
    public string Text => "features of users, items and rows";

    /// <inheritdoc/>
    public bool IsRequired => false;

    /// <inheritdoc/>
    public bool IsOfFeatures => true;

    /// <inheritdoc/>
    public IFittedInput Fit(TrainingSet train, ModelOptions options)
    {
        var named = (FieldOptions)options;
        return new FittedFields(new FeatureFit(train, named.MinimumCount, named.NumberTransform)
            .Space(named.Fields.Count > 0 ? named.Fields : named.DefaultFields(train.Data), named.WideFields));
    }

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => FeatureFiles.Read(saved);
}

/// <summary>How the fitted fields of a model are found.</summary>
internal static class FieldsOfShape
{
    extension(ModelShape shape)
    {
        /// <summary>The fields that the model reads; null where it reads none.</summary>
        public FeatureSpace? Features => shape.Find<FittedFields>()?.Space;
    }
}
