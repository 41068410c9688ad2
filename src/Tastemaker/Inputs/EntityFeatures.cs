using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Options;

namespace Tastemaker.Inputs;

/// <summary>Features of items, or of users and items, as <see cref="FittedFields"/>: those that the options name, else all columns except text. Required where the default options read features.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="choose">The fields that options ask for; null where they ask for none.</param>
internal sealed class EntityFeatures<TOptions>(Func<TOptions, FieldChoice?> choose) : IInput
    where TOptions : ModelOptions, new()
{
    /// <summary>Whether features of users are read too. Then the data may lack those of one side.</summary>
    public bool OfUsersToo { get; init; }

    /// <inheritdoc/>
    public string Text => OfUsersToo ? "features of users or items" : "features of items";

    /// <inheritdoc/>
    public bool IsRequired => choose(new TOptions()) is not null;

    /// <inheritdoc/>
    public bool IsOfFeatures => true;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        var data = train.Data;
        var choice = choose((TOptions)options);
        if (choice is null)
        {
            yield break;
        }

        if (OfUsersToo && !HasFields(data.UserFeatures) && !HasFields(data.ItemFeatures))
        {
            yield return $"{system} learns from features of users and items, and '{data.Name}' has none except text. Import files of users or items with other columns (user-file, item-file), or graphs (graph).";
        }
        else if (!OfUsersToo && choice.Items.Count == 0 && !FieldSyntax.Columns(data, FieldSource.Item).Any())
        {
            yield return $"{system} learns from features of items, and '{data.Name}' has none" + (data.ItemFeatures is { Columns: [var text, ..] }
                ? $" but text. Text is read only where the options name it: item-fields=[{text.Name}(words=8000)]."
                : ". Import a file of items with columns that describe them (item-file), lists of the items that have a tag (item-lists), bags of words (item-bags), or a graph (graph).");
        }
    }

    /// <inheritdoc/>
    public IFittedInput? Fit(TrainingSet train, ModelOptions options) => choose((TOptions)options) is { } choice
        ? new FittedFields(new FeatureFit(train, choice.MinimumCount, choice.NumberTransform).Space(Names(choice, train.Data)))
        : null;

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => FeatureFiles.Read(saved);

    private List<string> Names(FieldChoice choice, Dataset data)
    {
        List<string> names = [];
        if (OfUsersToo)
        {
            names.AddRange(choice.Users.Count > 0 ? choice.Users : All(data, FieldSource.User));
        }

        names.AddRange(choice.Items.Count > 0 ? choice.Items : All(data, FieldSource.Item));
        return names.Count > 0 ? names : throw new InputException(OfUsersToo
            ? $"'{data.Name}' has no features of users or items except text. Import files of users or items with other columns, or name fields in user-fields and item-fields."
            : $"'{data.Name}' has no features of items except text. Import a file of items with other columns, or name fields in item-fields.");
    }

    private static bool HasFields(FeatureTable? table) => table?.Columns.Any(column => column is not TextColumn) == true;

    // In a field of several categories, each category counts 1.
    private static IEnumerable<string> All(Dataset data, FieldSource source) =>
        from column in FieldSyntax.Table(data, source)?.Columns ?? []
        where column is not TextColumn
        select $"{FieldSyntax.Prefix(source)}.{column.Name}{(column is MultiCategoricalColumn ? "(pool=sum)" : "")}";
}

/// <summary>The fields of users and items that options ask for.</summary>
/// <param name="Items">The item fields; empty where the options name none.</param>
/// <param name="MinimumCount">Training rows that a category must occur in; rarer categories are ignored.</param>
internal sealed record FieldChoice(IReadOnlyList<string> Items, int MinimumCount)
{
    /// <summary>The user fields; empty where the options name none.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>The transform of numeric columns whose field does not name one.</summary>
    public NumericTransform NumberTransform { get; init; } = NumericTransform.Standardize;
}
