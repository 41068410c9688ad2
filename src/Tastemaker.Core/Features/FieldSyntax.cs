using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Data.Syntax;
using Tastemaker.Naming;
using Tastemaker.Texts;

namespace Tastemaker.Features;

/// <summary>
/// The text form of fields: <c>user</c>, <c>item(minimum-count=5)</c>, <c>history(last=50)</c>, <c>genres</c>, <c>user.age(buckets=10)</c>,
/// <c>device(hash=10000)</c>, <c>price(transform=log)</c>, <c>tags(pool=sum)</c>, <c>title(words=8000,weighting=tf-idf)</c>, <c>cross(gender,genres,hash=1000)</c>.
/// </summary>
/// <param name="data">Whose columns are meant.</param>
internal sealed class FieldSyntax(Dataset data)
{
    private const string Forms =
        "Write user, item, history(last=N), a column such as age or user.age with hash=, minimum-count=, pool=, transform=, buckets= or words=, or cross(field,field,...).";

    private readonly List<string> problems = [];

    /// <summary>All fields that a data set offers: identifiers where there are several, and every column that is no text.</summary>
    public static IReadOnlyList<string> Default(Dataset data)
    {
        var fields = new List<string>();
        if (data.Users.Count > 1)
        {
            fields.Add(FeatureSchema.User);
        }

        if (data.Items.Count > 1)
        {
            fields.Add(FeatureSchema.Item);
        }

        return [.. fields, .. Columns(data, FieldSource.User, FieldSource.Item, FieldSource.Context)];
    }

    /// <summary>The fields of all columns of some sources that are no text.</summary>
    public static IEnumerable<string> Columns(Dataset data, params FieldSource[] sources) =>
        from place in Tables(data)
        where sources.Contains(place.Source)
        from column in place.Table?.Columns ?? []
        where !Documents.IsText(column)
        select $"{Prefix(place.Source)}.{column.Name}";

    /// <summary>The fields of all columns that are text, which are read where they are named.</summary>
    public static IEnumerable<string> Texts(Dataset data) =>
        from place in Tables(data)
        from column in place.Table?.Columns ?? []
        where Documents.IsText(column)
        select $"{Prefix(place.Source)}.{column.Name}";

    /// <summary>Reads the fields of a schema; every problem at once.</summary>
    /// <exception cref="InputException">A text is no field, or names a column that is not there or cannot be read.</exception>
    public IReadOnlyList<FieldPlan> Parse(IReadOnlyList<string> texts)
    {
        var plans = texts.Select(text => Parse(text.Trim())).OfType<FieldPlan>().ToList();
        foreach (var twice in plans.GroupBy(plan => plan.Name).Where(group => group.Count() > 1))
        {
            problems.Add($"The field '{twice.Key}' is named {twice.Count()} times; once is enough.");
        }

        return problems.Count == 0 ? plans : throw new InputException([.. problems.Distinct()]);
    }

    private FieldPlan? Parse(string text)
    {
        SyntaxCall call;
        try
        {
            // A column's name may hold what the syntax gives meaning to, as "income(k)" does.
            call = IsColumn(text) ? new SyntaxCall(text, []) : SyntaxCall.Parse(text);
        }
        catch (InputException error)
        {
            problems.Add($"The field '{text}' cannot be read: {error.Message}");
            return null;
        }

        var before = problems.Count;
        var plan = call.Name.ToLowerInvariant() switch
        {
            FeatureSchema.User => new FieldPlan { Name = text, Source = FieldSource.User },
            FeatureSchema.Item => new FieldPlan { Name = text, Source = FieldSource.Item },
            FeatureSchema.History => new FieldPlan { Name = text, Source = FieldSource.History },
            FeatureSchema.Cross => Cross(text, call),
            _ => Column(text, call.Name),
        };
        foreach (var (name, value) in call.Arguments)
        {
            if (plan is not null && (name is not null || plan.Source is not FieldSource.Cross))
            {
                plan = With(plan, text, name ?? "", value);
            }
        }

        if (plan is { Words: not null, Hash: > 0 })
        {
            problems.Add($"The field '{text}': words are listed, not hashed; leave out hash, or words, weighting, maximum-share and stop-words.");
        }

        return problems.Count == before ? plan : null;
    }

    private FieldPlan Cross(string text, SyntaxCall call)
    {
        string[] crossed = [.. call.Arguments.Where(argument => argument.Name is null).Select(argument => argument.Value)];
        if (crossed.Length < 2)
        {
            problems.Add($"The field '{text}' must cross two fields or more: cross(gender,genres).");
        }

        foreach (var part in crossed.Where(part => part.StartsWith(FeatureSchema.Cross + "(", StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add($"The field '{text}' crosses the cross '{part}'; name all fields in one cross.");
        }

        return new FieldPlan { Name = text, Source = FieldSource.Cross, Crossed = crossed };
    }

    private FieldPlan? Column(string text, string name)
    {
        var found = Columns(name);
        if (found.Count != 1)
        {
            var names = Tables(data).SelectMany(table => (table.Table?.Columns ?? []).Select(column => $"{Prefix(table.Source)}.{column.Name}")).ToList();
            problems.Add(found.Count == 0
                ? $"There is no field '{name}' in '{data.Name}'.{NearestName.DidYouMean(name, names.Concat(names.Select(full => full[(full.IndexOf('.', StringComparison.Ordinal) + 1)..])))} {Forms} Columns: {(names.Count == 0 ? "none" : string.Join(", ", names))}."
                : $"The field '{name}' may be {string.Join(" or ", found.Select(place => $"{Prefix(place.Source)}.{place.Column.Name}"))}; write which.");
            return null;
        }

        var (source, column) = found[0];
        // The name carries the source, so that a field is the same however it is written.
        return new FieldPlan { Name = $"{Prefix(source)}.{column.Name}{text[name.Length..]}", Source = source, Column = column.Name, Words = Documents.IsText(column) ? new WordRules() : null };
    }

    private List<(FieldSource Source, FeatureColumn Column)> Columns(string name) =>
    [
        .. Tables(data)
            .SelectMany(table => (table.Table?.Columns ?? []).Select(column => (table.Source, Column: column)))
            .Where(place => Same(place.Column.Name, name) || Same($"{Prefix(place.Source)}.{place.Column.Name}", name)),
    ];

    private bool IsColumn(string text) => Columns(text).Count > 0;

    private FieldPlan With(FieldPlan plan, string text, string name, string value)
    {
        var column = plan.Column is null ? null : Table(data, plan.Source)!.Find(plan.Column);
        var isNumber = column is NumericColumn;
        var isText = Documents.IsText(column);
        var isMany = isText || column is MultiCategoricalColumn;
        var isListed = plan.Source is FieldSource.Cross || (!isNumber && plan.Source is not FieldSource.History);
        switch (name)
        {
            case "hash" when isListed && !isText:
                return plan with { Hash = Count(text, name, value, 1) };
            case "minimum-count" when isListed:
                return plan with { MinimumCount = Count(text, name, value, 1) };
            case "words" or "weighting" or "maximum-share" or "stop-words" when isMany:
                return WithWords(plan, plan.Words ?? new WordRules(), text, name, value);
            case "pool" when isMany || plan.Source is FieldSource.History:
                if (value is not ("mean" or "sum"))
                {
                    problems.Add($"The field '{text}': pool is mean or sum, not '{value}'.");
                }

                return plan with { IsMean = value != "sum" };
            case "last" when plan.Source is FieldSource.History:
                return plan with { Last = Count(text, name, value, 1) };
            case "buckets" when isNumber:
                return plan with { Transform = NumericTransform.Buckets, Buckets = Count(text, name, value, 2) };
            case "transform" when isNumber:
                if (!Enum.TryParse<NumericTransform>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var transform) || transform is NumericTransform.Buckets || char.IsAsciiDigit(value[0]))
                {
                    problems.Add($"The field '{text}': transform is standardize, log, min-max, quantile, rank or raw, not '{value}'; for categories write buckets=10.");
                }

                return plan with { Transform = transform };
            default:
                problems.Add($"The field '{text}' cannot have '{(name.Length > 0 ? name : value)}': {Allowed(plan, column)}.");
                return plan;
        }
    }

    private FieldPlan WithWords(FieldPlan plan, WordRules rules, string text, string name, string value)
    {
        switch (name)
        {
            case "words":
                return plan with { Words = rules with { Words = Count(text, name, value, 1) } };
            case "weighting":
                return plan with { Words = rules, Weighting = Choice<WordWeighting>(text, name, value, "count, binary, log or tf-idf") };
            case "stop-words":
                return plan with { Words = rules with { StopWords = Choice<StopWords>(text, name, value, "none or english") } };
            default:
                if (!decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share is <= 0 or > 1)
                {
                    problems.Add($"The field '{text}': maximum-share must be a number above 0 and up to 1, not '{value}'.");
                }

                return plan with { Words = rules with { MaximumShare = share } };
        }
    }

    private T Choice<T>(string text, string name, string value, string choices)
        where T : struct, Enum
    {
        if (Enum.TryParse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var choice) && !char.IsAsciiDigit(value[0]))
        {
            return choice;
        }

        problems.Add($"The field '{text}': {name} is {choices}, not '{value}'.");
        return default;
    }

    private static string Allowed(FieldPlan plan, FeatureColumn? column) => (plan.Source, column) switch
    {
        (FieldSource.History, _) => "a history has last=, pool=",
        (FieldSource.Cross, _) => "a cross has hash=, minimum-count=",
        (_, NumericColumn) => "a numeric column has transform= or buckets=",
        (_, MultiCategoricalColumn) => "a column of sets has hash=, minimum-count=, pool=, or words=, weighting=, minimum-count=, maximum-share=, stop-words=, pool=",
        (_, TextColumn or WordSequenceColumn) => "text has words=, weighting=, minimum-count=, maximum-share=, stop-words=, pool=",
        _ => "it has hash=, minimum-count=",
    };

    private int Count(string text, string name, string value, int least)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least)
        {
            return count;
        }

        problems.Add($"The field '{text}': {name} must be a whole number from {least}, not '{value}'.");
        return least;
    }

    /// <summary>Whether a name means a column of users, items or rows: its own name, or with the prefix of its source.</summary>
    public static bool IsNamed(string name, FieldSource source, string column) => Same(column, name) || Same($"{Prefix(source)}.{column}", name);

    /// <summary>The name of a source in fields.</summary>
    public static string Prefix(FieldSource source) => source switch
    {
        FieldSource.User => FeatureSchema.User,
        FieldSource.Item => FeatureSchema.Item,
        _ => FeatureSchema.Context,
    };

    /// <summary>The columns of a source.</summary>
    public static FeatureTable? Table(Dataset data, FieldSource source) => source switch
    {
        FieldSource.User => data.UserFeatures,
        FieldSource.Item => data.ItemFeatures,
        FieldSource.Context => data.InteractionFeatures,
        _ => null,
    };

    private static IEnumerable<(FieldSource Source, FeatureTable? Table)> Tables(Dataset data) =>
        new[] { FieldSource.User, FieldSource.Item, FieldSource.Context }.Select(source => (source, Table(data, source)));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
