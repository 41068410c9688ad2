using Tastemaker.Texts;

namespace Tastemaker.Features;

/// <summary>One fitted field: what it reads, and how a value becomes indexes or a number.</summary>
internal sealed record FeatureField
{
    /// <summary>As the options name it: "user", "item.genres", "cross(user.gender,item.genres)".</summary>
    public required string Name { get; init; }

    /// <summary>Where the value comes from.</summary>
    public required FieldSource Source { get; init; }

    /// <summary>What a row holds.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>The feature column; null for identifiers, histories and crosses.</summary>
    public string? Column { get; init; }

    /// <summary>The categories; null for numbers and buckets.</summary>
    public FieldVocabulary? Vocabulary { get; init; }

    /// <summary>The statistics of a number or of buckets.</summary>
    public NumericScale? Scale { get; init; }

    /// <summary>Whether the weights of several categories add up to 1 (their mean is taken) rather than being 1 or the data's own each.</summary>
    public bool IsMean { get; init; } = true;

    /// <summary>How documents become bags of words; null for other fields.</summary>
    public WordBag? Words { get; init; }

    /// <summary>Most items of a history, newest.</summary>
    public int Last { get; init; }

    /// <summary>The crossed fields.</summary>
    public CrossVocabulary? Cross { get; init; }

    /// <summary>Number of indexes; 0 for numbers.</summary>
    public int Size => Kind is FieldKind.Number ? 0 : Cross?.Size ?? Vocabulary?.Size ?? Scale!.BucketCount;

    /// <summary>Fields of one space have the same indexes for the same things: the item and the history. A table may be shared by them.</summary>
    public string Space => Source is FieldSource.History ? FeatureSchema.Item : Name;

    /// <summary>Whether the field is the identifier of user or item.</summary>
    public bool IsIdentifier => Source is FieldSource.User or FieldSource.Item && Column is null;

    /// <summary>Texts as words in order, over the words of this field.</summary>
    /// <param name="maximumLength">Words at most.</param>
    /// <param name="unknown">What becomes of unknown words.</param>
    /// <exception cref="InvalidOperationException">The field is no text.</exception>
    public WordSequencer Sequencer(int maximumLength, UnknownWords unknown) => Words is { IsText: true } text
        ? new WordSequencer(Vocabulary!.Known, text.StopWords, maximumLength, unknown)
        : throw new InvalidOperationException($"The field '{Name}' is no text.");

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            FieldKind.Number => $"number, {InWords(Scale!)}",
            _ when Scale is not null => $"category, {Scale.BucketCount - 1} quantile buckets",
            _ when Words is { } bag => $"{(bag.IsText ? "text" : InWords(Kind))}, {Size - 1:N0} words{InWords(bag)}",
            _ when Vocabulary is { Buckets: > 0 } hashed => $"{InWords(Kind)}, hashed into {hashed.Buckets:N0}",
            _ when Cross is { Buckets: > 0 } cross => $"{InWords(Kind)}, hashed into {cross.Buckets:N0}",
            _ => $"{InWords(Kind)}, {Size - 1:N0} known",
        };
        return Source is FieldSource.History ? $"{Name}: {what}, the last {Last} items" : $"{Name}: {what}";
    }

    private static string InWords(FieldKind kind) => kind is FieldKind.Category ? "category" : "categories";

    private static string InWords(WordBag bag) => (bag.Weighting switch
    {
        WordWeighting.Binary => ", each counting 1",
        WordWeighting.Log => ", by log(1 + count)",
        WordWeighting.TfIdf => ", by tf-idf",
        _ => ", by count",
    }) + (bag.StopWords is StopWords.English ? ", without English stop words" : "");

    private static string InWords(NumericScale scale) => scale.Transform switch
    {
        NumericTransform.Standardize => FormattableString.Invariant($"standardized by mean {scale.Center:0.####} and deviation {scale.Width:0.####}"),
        NumericTransform.MinMax => FormattableString.Invariant($"from {scale.Center:0.####} to {scale.Center + scale.Width:0.####} scaled to 0..1"),
        NumericTransform.Log => "log(1 + x)",
        NumericTransform.Quantile when scale.Shares is not null => $"share of the training rows below it, {scale.Quantiles.Length} quantiles",
        NumericTransform.Quantile or NumericTransform.Rank => $"place among {scale.Quantiles.Length} distinct quantiles",
        _ => "as it is",
    };
}

/// <summary>What a row holds in a field.</summary>
internal enum FieldKind
{
    /// <summary>One category: an index, 0 where unknown or missing.</summary>
    Category,

    /// <summary>Any number of categories, each with a weight.</summary>
    Categories,

    /// <summary>A number, transformed; 0 where missing.</summary>
    Number,
}

/// <summary>What a row of features is divided by.</summary>
internal enum BagScale
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its Euclidean length.</summary>
    UnitLength,

    /// <summary>Its largest value, so that bags of counts lie in 0..1.</summary>
    Maximum,

    /// <summary>The sum of its values.</summary>
    Sum,
}
