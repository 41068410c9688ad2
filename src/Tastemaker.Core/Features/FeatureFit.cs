using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Texts;

namespace Tastemaker.Features;

/// <summary>Fits fields on the training rows: counts categories, takes statistics of numbers, lists the combinations of crosses.</summary>
/// <param name="train">The training set: nothing else is looked at.</param>
/// <param name="minimumCount">Training rows that a category must occur in to be known, where its field says nothing.</param>
/// <param name="transform">What is done to numbers, where their field says nothing.</param>
internal sealed class FeatureFit(TrainingSet train, int minimumCount, NumericTransform transform = NumericTransform.Standardize)
{
    private readonly Dataset data = train.Data;

    /// <summary>Fits a schema and encodes the users and items.</summary>
    /// <param name="texts">The fields in the form of <see cref="FieldSyntax"/>; empty for all that the data offers.</param>
    /// <param name="more">Fields beside them.</param>
    /// <exception cref="InputException">A field cannot be had; all problems at once.</exception>
    public FeatureSpace Space(IReadOnlyList<string> texts, IReadOnlyList<string>? more = null)
    {
        var plans = new FieldSyntax(data).Parse([.. texts.Count > 0 ? texts : FieldSyntax.Default(data), .. more ?? []]).ToList();
        if (plans.Count == 0)
        {
            throw new InputException($"'{data.Name}' has one user, one item and no features: there is nothing to read. Import feature columns.");
        }

        var hidden = new HashSet<string>();
        var crosses = plans.Where(plan => plan.Source is FieldSource.Cross).Select(plan => (Plan: plan, Parts: Parts(plan, plans, hidden))).ToList();
        var fields = plans.Where(plan => plan.Source is not FieldSource.Cross).Select(Field).ToList();
        var space = Encode(new FeatureSchema(fields, hidden));
        if (crosses.Count == 0)
        {
            return space;
        }

        Check(crosses, fields);
        fields.AddRange(crosses.Select(cross => Cross(cross.Plan, [.. cross.Parts.Select(name => fields.FindIndex(field => field.Name == name))], space)));
        return Encode(new FeatureSchema(fields, hidden));
    }

    private FeatureSpace Encode(FeatureSchema schema)
    {
        var history = schema.Fields.FirstOrDefault(field => field.Source is FieldSource.History);
        return new FeatureSpace(
            schema,
            new FieldEncoder(schema, FieldSource.User).Encode(data.UserFeatures, data.Users, data.Users.Count),
            new FieldEncoder(schema, FieldSource.Item).Encode(data.ItemFeatures, data.Items, data.Items.Count),
            history?.Vocabulary!.Translation(data.Items) ?? []);
    }

    // Fields that a cross reads and that are not asked for themselves are added, but models do not see them.
    private List<string> Parts(FieldPlan cross, List<FieldPlan> plans, HashSet<string> hidden)
    {
        var names = new List<string>();
        foreach (var part in new FieldSyntax(data).Parse(cross.Crossed))
        {
            names.Add(part.Name);
            if (!plans.Exists(plan => plan.Name == part.Name))
            {
                plans.Add(part);
                hidden.Add(part.Name);
            }
        }

        return names;
    }

    private static void Check(IEnumerable<(FieldPlan Plan, List<string> Parts)> crosses, List<FeatureField> fields)
    {
        var problems = new List<string>();
        foreach (var (plan, parts) in crosses)
        {
            problems.AddRange(parts.Where(name => fields.Exists(field => field.Name == name && field.Kind is FieldKind.Number))
                .Select(name => $"'{plan.Name}' crosses the number '{name}': cross its buckets, as in \"{name}(buckets=10)\"."));
            if (parts.Count > 8)
            {
                problems.Add($"'{plan.Name}' crosses {parts.Count} fields; 8 are the most.");
            }
        }

        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private FeatureField Field(FieldPlan plan)
    {
        var field = new FeatureField { Name = plan.Name, Source = plan.Source, Kind = FieldKind.Category, Column = plan.Column, IsMean = plan.IsMean ?? true, Last = plan.Last };
        if (plan.Source is FieldSource.History)
        {
            return field with { Kind = FieldKind.Categories, Vocabulary = Listed(plan, data.Items, Count(data.Items.Count, train.Interactions.Items)) };
        }

        if (plan.Column is null)
        {
            var ids = plan.Source is FieldSource.User ? data.Users : data.Items;
            return field with { Vocabulary = Listed(plan, ids, Count(ids.Count, plan.Source is FieldSource.User ? train.Interactions.Users : train.Interactions.Items)) };
        }

        switch (FieldSyntax.Table(data, plan.Source)!.Find(plan.Column))
        {
            case { } column when plan.Words is { } rules:
                return Bag(plan, field, column, rules with { MinimumCount = plan.MinimumCount ?? minimumCount });
            case NumericColumn column:
                var wanted = plan.Transform ?? transform;
                return field with
                {
                    Kind = wanted is NumericTransform.Buckets ? FieldKind.Category : FieldKind.Number,
                    Scale = NumericScale.Fit(wanted, OfRows(plan.Source, column.Values), plan.Buckets),
                };
            case CategoricalColumn column:
                return field with { Vocabulary = Listed(plan, column.Categories, Count(column.Categories.Count, OfRows(plan.Source, column.Values))) };
            case MultiCategoricalColumn column:
                var counts = new int[column.Categories.Count];
                for (var row = 0; row < train.Interactions.Count; row++)
                {
                    foreach (var category in column.Values[Place(plan.Source, row)])
                    {
                        counts[category]++;
                    }
                }

                // Weights that come with the data are sums, as in libsvm: their mean would forget them.
                return field with { Kind = FieldKind.Categories, Vocabulary = Listed(plan, column.Categories, counts), IsMean = field.IsMean && !column.Values.HasValues };
            case var other:
                throw new InvalidOperationException($"The column '{plan.Column}' is a {other?.GetType().Name}.");
        }
    }

    // A document is what a user, an item or a training row holds, each counting once however often it occurs.
    private FeatureField Bag(FieldPlan plan, FeatureField field, FeatureColumn column, WordRules rules)
    {
        var (words, documents) = Documents.Of(column);
        var fitted = WordFit.Once(train.Interactions, words, documents, () => InTraining(plan.Source, documents.RowCount), rules);
        if (fitted.Known.Count == 0)
        {
            throw new InputException(
                $"The field '{plan.Name}' knows no word: none of those in {fitted.DocumentCount:N0} training documents is in {rules.MinimumCount:N0} of them or more, in a share of "
                + FormattableString.Invariant($"{rules.MaximumShare} or less, and no stop word. Lower minimum-count or raise maximum-share."));
        }

        return field with
        {
            Kind = FieldKind.Categories,
            IsMean = plan.IsMean ?? false,
            Vocabulary = new FieldVocabulary(fitted.Known, 0),
            Words = new WordBag(Documents.IsText(column), rules.StopWords, plan.Weighting, plan.Weighting is WordWeighting.TfIdf ? fitted.InverseFrequencies : []),
        };
    }

    private bool[] InTraining(FieldSource source, int count)
    {
        var present = new bool[count];
        for (var row = 0; row < train.Interactions.Count; row++)
        {
            present[Place(source, row)] = true;
        }

        return present;
    }

    private FieldVocabulary Listed(FieldPlan plan, Vocabulary categories, int[] counts) =>
        plan.Hash > 0 ? FieldVocabulary.Hashed(plan.Hash) : FieldVocabulary.Of(categories, counts, plan.MinimumCount ?? minimumCount);

    private static int[] Count(int size, ReadOnlySpan<int> values)
    {
        var counts = new int[size];
        foreach (var value in values)
        {
            if (value >= 0)
            {
                counts[value]++;
            }
        }

        return counts;
    }

    private T[] OfRows<T>(FieldSource source, T[] values)
    {
        var rows = new T[train.Interactions.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = values[Place(source, row)];
        }

        return rows;
    }

    private int Place(FieldSource source, int row) => source switch
    {
        FieldSource.User => train.Interactions.Users[row],
        FieldSource.Item => train.Interactions.Items[row],
        _ => row,
    };

    // Fitted on the rows as models will see them: each training row's own histories and sets.
    private FeatureField Cross(FieldPlan plan, int[] parts, FeatureSpace space)
    {
        var fields = space.Schema.Fields;
        int[] sizes = [.. parts.Select(part => fields[part].Size)];
        var kind = Array.Exists(parts, part => fields[part].Kind is FieldKind.Categories) ? FieldKind.Categories : FieldKind.Category;
        var field = new FeatureField
        {
            Name = plan.Name,
            Source = FieldSource.Cross,
            Kind = kind,
            IsMean = false,
            Cross = new CrossVocabulary(parts, sizes, [], plan.Hash),
        };
        return plan.Hash > 0 ? field : field with { Cross = new CrossVocabulary(parts, sizes, Known(field, plan, space), 0) };
    }

    private ulong[] Known(FeatureField cross, FieldPlan plan, FeatureSpace space)
    {
        var counts = new Dictionary<ulong, int>();
        var counting = new CombinationCounts(space, cross.Cross!, counts);
        var contexts = space.Contexts(data);
        var past = new PastItems(train.ByUser, space.HistoryIndexes, ofTraining: true);
        var history = new int[space.HistoryLength];
        for (var row = 0; row < train.Interactions.Count; row++)
        {
            var (user, item) = (train.Interactions.Users[row], train.Interactions.Items[row]);
            var length = past.Before(user, item, train.Interactions.HasTimes ? train.Interactions.Times[row] : 0, history);
            counting.Add(new RowParts(space.Users, user, space.Items, item, contexts, row, history.AsSpan(0, length)));
        }

        // In the order of their keys, so that the order of the rows has no part in it.
        return [.. counts.Where(pair => pair.Value >= (plan.MinimumCount ?? minimumCount)).Select(pair => pair.Key).Order()];
    }
}
