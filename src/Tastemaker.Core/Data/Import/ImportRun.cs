using Tastemaker.Data.Features;
using Tastemaker.Data.Import.Columns;
using Tastemaker.Data.Import.Formats;
using Tastemaker.Data.Import.Reading;

namespace Tastemaker.Data.Import;

/// <summary>One import of a recognized source: roles, interactions, vocabularies, features, in this order.</summary>
internal sealed class ImportRun(DuckDbSession session, ImportSource source, DataOptions options, IProgress<ImportProgress>? progress)
{
    // Enough to tell numbers from words; a later row that disagrees is an error that names it.
    private const int SampledRows = 20_000;

    private readonly List<string> warnings = [.. source.Notes];
    private readonly List<RecognizedColumn> columns = [];

    private SourceColumn? recognizedLabel;

    // What the read under way parses to, for the explanation of its failure.
    private Dictionary<string, string> failedTypes = [];

    public ImportResult Run()
    {
        var reader = EncodingFallback.Run(source.Interactions, session, options, warnings, TypesForErrors, ReadInteractions);
        if (reader.RowCount == 0)
        {
            throw new InputException($"{source.Interactions.Label} holds no interactions.");
        }

        progress?.Report(new ImportProgress("numbering identifiers", reader.RowCount, null));
        AddCatalog(reader.ItemIds);
        CheckFeatureNames();
        var (userIds, userMap) = IdOrder.Sort(reader.UserIds.ToArray());
        var (itemIds, itemMap) = IdOrder.Sort(reader.ItemIds.ToArray());
        CheckIds(userIds, itemIds);
        var (users, items) = (new Vocabulary(userIds), new Vocabulary(itemIds));
        progress?.Report(new ImportProgress("arranging interactions", reader.RowCount, null));
        var graphs = source.Graphs.ToLookup(graph => graph.Kind(session, users, items, options), graph => graph.Edges);
        var dataset = new Dataset
        {
            Name = options.Name ?? source.Name,
            Users = users,
            Items = items,
            Interactions = reader.Build(userMap, itemMap, warnings),
            UserFeatures = Features("user", [source.Users, .. graphs["user"]], users),
            ItemFeatures = Features("item", [source.Items, .. source.ItemLists, .. graphs["item"]], items),
            InteractionFeatures = reader.Features(),
            IsLabelled = reader.IsLabelled,
            IsOrdered = source.IsOrdered,
            StoreUntil = source.StoreUntil,
            RoleColumns = Roles().ToDictionary(column => column.Role, column => column.Name),
            History = [$"imported from {source.Interactions.Label}", .. Read()],
        };
        // What the label of a row depends on stays with the row.
        dataset = options.ColumnOwner == ColumnOwner.Auto && !dataset.IsLabelled && source.Known.Count == 0 ? DependentColumns.Move(dataset, warnings) : dataset;
        dataset = ItemTitles.Name(dataset, options, warnings);
        UnreadColumns.NoteReturns(dataset, warnings);
        UnreadColumns.Note(dataset, options, reader.ValueColumn is not null, dataset.Interactions.HasTimes, warnings);
        return new ImportResult(WithoutDislikes(dataset, reader), Report(reader.RowCount));
    }

    private Dataset WithoutDislikes(Dataset dataset, InteractionReader reader) =>
        recognizedLabel is { } label ? Dislikes.WithoutLabel(dataset, label.Name, options.Catalog, warnings)
        // Events of a service have the meaning that it gives them.
        : dataset.IsLabelled || reader.ValueColumn is not { } value || source.StoreUntil is not null ? dataset
        : Dislikes.ByValue(dataset, value.Name, options.Value is not null || IsNone(options.Label), options, warnings);

    private static bool IsNone(string? name) => string.Equals(name, "none", StringComparison.OrdinalIgnoreCase);

    private IReadOnlyDictionary<string, string> TypesForErrors(Relation relation) => failedTypes;

    private InteractionReader ReadInteractions(Relation relation)
    {
        columns.Clear();
        failedTypes = relation.Columns.ToDictionary(column => column.Name, _ => "VARCHAR");
        var roles = WithLabel(relation, ColumnRoles.Assign(relation, source.Named, options with { Label = IsNone(options.Label) ? null : options.Label ?? source.Label }));
        NestedColumns.Check(relation, roles, options);
        WarnOfOne(relation, roles);
        roles = WithDates(relation, roles);
        var statistics = Statistics(relation, roles);
        roles = source.Named ? roles : PositionalRoles.Check(relation, roles, statistics, options, warnings);
        var time = roles.Time is { } clock && statistics[clock].Rows > 0 ? TimePlan.For(session, relation, clock, statistics[clock], SampledRows, options, warnings) : null;
        var value = roles.Value is { } number ? ValuePlan.For(relation, number, statistics[number], options) : null;
        warnings.AddRange(value is not null && NumberText.Note(relation, roles.Value!.Name, value.Format) is { } note ? [note] : []);
        var extra = relation.Columns.Where(column => !roles.Has(column)).ToList();
        warnings.AddRange(extra.Where(column => column.IsNested && !options.Features.ContainsKey(column.Name)).Select(column => NestedColumns.Note(relation, column, roles, options)));
        var planned = FeaturePlanner.Plan(session, relation, extra, source.Known, options, SampledRows, ofInteractions: true, warnings);
        Record(relation, roles, planned);
        var plan = new InteractionPlan(roles, value, time, [.. planned.Where(plan => plan.Kind != FeatureKind.Ignore)]);
        failedTypes = plan.Types();
        var reader = new InteractionReader(relation.Label, plan, options with { TimeUnit = source.TimeUnit ?? options.TimeUnit });
        reader.Read(session, relation, progress, warnings);
        return reader;
    }

    /// <summary>The roles with a label that is recognized by name and values, where there is no value.</summary>
    private ColumnRoles WithLabel(Relation relation, ColumnRoles roles)
    {
        recognizedLabel = null;
        if (options.Label is not null || source.Label is not null || roles.Label is not null)
        {
            return roles;
        }

        var candidates = LabelNames.Candidates(relation, roles).Where(column => !options.Features.ContainsKey(column.Name)).ToList();
        var labels = candidates.Zip(ColumnStatistics.Of(session, relation, candidates, SampledRows)).Where(pair => LabelNames.Fits(pair.Second)).Select(pair => pair.First).ToList();
        if (labels.Count == 1 && roles.Value is null && options.Value is null)
        {
            recognizedLabel = labels[0];
            return roles with { Label = labels[0] };
        }

        warnings.AddRange(labels.Select(label => $"Column '{label.Name}' of {relation.Label} holds 0 and 1 and is named like a label, but is read as a feature, and rows with 0 as likes like all others. " +
            $"If they are none, set label to {label.Name} (--label-column {label.Name}), and the filter positives to rank by likes alone."));
        return roles;
    }

    /// <summary>The roles with the only column of dates as the time, whatever its name.</summary>
    private ColumnRoles WithDates(Relation relation, ColumnRoles roles)
    {
        if (roles.Time is not null || options.Time is not null || !source.Named || source.Known.Count > 0)
        {
            return roles;
        }

        var open = relation.Columns.Where(column => !roles.Has(column) && !options.Features.ContainsKey(column.Name) && (column.IsText || column.IsCalendar) && !RoleNames.IsOtherDate(column.Name)).ToList();
        var dates = open.Zip(ColumnStatistics.Of(session, relation, open, SampledRows)).Where(pair => pair.Second.IsDate).Select(pair => pair.First).ToList();
        if (dates.Count != 1)
        {
            return roles;
        }

        warnings.Add($"Column '{dates[0].Name}' of {relation.Label} is the only one with dates and was taken for the time. Set time to none if it is not.");
        return roles with { Time = dates[0] };
    }

    private Dictionary<SourceColumn, ColumnStatistics> Statistics(Relation relation, ColumnRoles roles)
    {
        var asked = new[] { roles.Time, roles.Value, roles.User, roles.Item }.OfType<SourceColumn>().ToList();
        return asked.Zip(ColumnStatistics.Of(session, relation, asked, SampledRows)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Labelled rows may be of nobody and of nothing in particular; who did not ask for that should know.</summary>
    private void WarnOfOne(Relation relation, ColumnRoles roles)
    {
        if (roles.User is null && options.User is null && source.Label is null)
        {
            warnings.Add($"{relation.Label} has no column of users that is known by its name: all rows are of one user, '{ColumnRoles.Everyone}'. Name one with the option user if there is one.");
        }

        if (roles.Item is null && options.Item is null && source.Label is null)
        {
            warnings.Add($"{relation.Label} has no column of items that is known by its name: all rows are of one item, '{roles.OneItem}'. Name one with the option item if there is one.");
        }
    }

    private void Record(Relation relation, ColumnRoles roles, IReadOnlyList<FeaturePlan> plans)
    {
        foreach (var column in relation.Columns)
        {
            columns.Add(new RecognizedColumn(relation.Label, column.Name, roles.Of(column) ?? Role(plans.First(plan => plan.Column == column))));
        }
    }

    // Which columns became what, for whoever reads a report.
    private string[] Read()
    {
        var read = Roles().Select(column => $"{column.Role} = {column.Name}").ToList();
        return read.Count == 0 ? [] : [$"columns: {string.Join(", ", read)}"];
    }

    private IEnumerable<RecognizedColumn> Roles() => columns.Where(column => column.Source == source.Interactions.Label && column.Role is "user" or "item" or "value" or "time" or "label").DistinctBy(column => column.Role);

    private static string Role(FeaturePlan plan) => plan.Kind == FeatureKind.Ignore ? "ignored" : FeaturePlan.InWords(plan.Kind);

    private void AddCatalog(IdIndexer items)
    {
        if (options.Catalog == CatalogScope.ItemFile)
        {
            List<EntitySource> files = [.. source.ItemLists.Where(list => list.IsCatalog).Prepend(source.Items).OfType<EntitySource>()];
            if (files.Count == 0)
            {
                throw new InputException("The catalog is to hold all items of the item file, but there is none. Name one with the option itemFile or itemBags.");
            }

            foreach (var file in files)
            {
                EncodingFallback.Run(file.Relation, session, options, [], _ => Relation.Untyped, relation =>
                {
                    new EntityReader(session, file with { Relation = relation }, options).AddKeys(items);
                    return true;
                });
            }
        }
    }

    /// <summary>Features declared for columns that exist nowhere are mistakes.</summary>
    private void CheckFeatureNames()
    {
        var names = Relations.SelectMany(relation => relation.Columns).Select(column => column.Name).Distinct().ToList();
        var problems = options.Features.Keys
            .Where(name => name != "*" && !names.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(name => $"There is no column '{name}' to be a feature.{Naming.NearestName.DidYouMean(name, names)} The columns are {string.Join(", ", names)}.")
            .ToList();
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private void CheckIds(string[] users, string[] items)
    {
        var problems = new List<string>();
        IdChecks.Check("user", users, IdChecks.Composed(session, users), problems, warnings);
        IdChecks.Check("item", items, IdChecks.Composed(session, items), problems, warnings);
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    private IEnumerable<Relation> Relations => new[] { source.Interactions, source.Users?.Relation, source.Items?.Relation }.OfType<Relation>()
        .Concat(source.ItemLists.Select(list => list.Relation)).Concat(source.Graphs.Select(graph => graph.Edges.Relation));

    private FeatureTable? Features(string kind, IEnumerable<EntitySource?> parts, Vocabulary vocabulary)
    {
        FeatureColumn[] found = [.. parts.SelectMany(part => Entities(kind, part, vocabulary)?.Columns ?? [])];
        var twice = found.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? found.Length == 0 ? null : new FeatureTable(vocabulary.Count, found)
            : throw new InputException($"{(kind == "item" ? "Items" : "Users")} have two features '{twice.Key}', one of them a list, a bag or a graph. Give that another name in the option itemLists, itemBags or graph.");
    }

    private FeatureTable? Entities(string kind, EntitySource? entities, Vocabulary vocabulary)
    {
        if (entities is null)
        {
            return null;
        }

        progress?.Report(new ImportProgress($"reading {kind} features", 0, null));
        return EncodingFallback.Run(entities.Relation, session, options, warnings, TypesForErrors, relation =>
        {
            failedTypes = [];
            var others = relation.Columns.Where(column => column != entities.Key).ToList();
            var planned = FeaturePlanner.Plan(session, relation, others, entities.Known, options, long.MaxValue, ofInteractions: false, warnings);
            var plans = planned.Where(plan => plan.Kind != FeatureKind.Ignore).ToList();
            var table = new EntityReader(session, entities with { Relation = relation }, options).Read(kind, vocabulary, plans, warnings);
            columns.AddRange(relation.Columns.Select(column =>
                new RecognizedColumn(relation.Label, column.Name, column == entities.Key ? kind : Role(planned.First(plan => plan.Column == column)))));
            return table;
        });
    }

    private ImportReport Report(long rows)
    {
        return new ImportReport
        {
            Format = source.Format,
            Layout = source.Layout,
            Sources = [.. Relations.Select(relation => relation.Label)],
            Columns = columns,
            Rows = rows,
            Warnings = warnings,
        };
    }
}
