using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Features;
using Tastemaker.Native;
using Tastemaker.Options;
using Tastemaker.Texts;
using static TorchSharp.torch;

namespace Tastemaker.Inputs;

/// <summary>Topics of the texts that training users wrote, as <see cref="LatentTopics"/>.</summary>
/// <param name="topics">The topics.</param>
/// <param name="texts">The texts of users as word indexes of the topics: texts of nobody may have taught more words than those of users.</param>
internal sealed class TextTopics(LatentTopics topics, EntityTexts texts) : IFittedInput
{
    /// <summary>What the texts are saved as.</summary>
    public const string Name = "topic-text";

    private const string Prefix = "topics.";

    /// <summary>K: number of topics.</summary>
    public int Count => topics.Topics;

    /// <summary>theta of all users [users x K].</summary>
    public float[] OfUsers() => Mixtures(texts.Rows.RowCount, user => texts.Rows[user].ToArray());

    /// <summary>theta of the texts of requests [requests x K].</summary>
    public float[] Of(RequestBatch requests) => Mixtures(requests.Count, request => texts.Of(requests, request));

    /// <inheritdoc/>
    public void Save(SavedInputs saved)
    {
        texts.Save(saved);
        saved.Tensors[Prefix + "counts"] = tensor(topics.Counts, [topics.Counts.Length / topics.Topics, topics.Topics]);
        saved.Tensors[Prefix + "priors"] = tensor(new[] { topics.Alpha, topics.Beta });
    }

    /// <summary>What <see cref="Save"/> wrote; null where there is nothing.</summary>
    public static TextTopics? Restore(SavedInputs saved)
    {
        if (!saved.Tensors.TryGetValue(Prefix + "counts", out var counts) || EntityTexts.Restore(saved, FieldSource.User, Name) is not { } texts)
        {
            return null;
        }

        var priors = saved.Tensors[Prefix + "priors"].ToValues<double>();
        return new TextTopics(new LatentTopics((int)counts.shape[1], counts.ToValues<int>(), priors[0], priors[1]), texts);
    }

    private float[] Mixtures(int count, Func<int, int[]> text)
    {
        var theta = new float[count * Count];
        Parallel.For(0, count, Parallelism.Loop(), place => topics.Mixture(text(place), theta.AsSpan(place * Count, Count)));
        return theta;
    }
}

/// <summary>How topics are fitted.</summary>
/// <param name="Count">K: number of topics.</param>
/// <param name="Alpha">Of the Dirichlet prior of mixtures.</param>
/// <param name="Beta">Of the Dirichlet prior of topics.</param>
/// <param name="Sweeps">Passes of Gibbs sampling.</param>
/// <param name="File">A file of further texts, one per line; "" for none.</param>
internal sealed record TopicRules(int Count, double Alpha, double Beta, int Sweeps, string File);

/// <summary>Topics of the texts of training users, and of a file of further texts. Those of held-out users have no part, and neither has the seed of a run.</summary>
/// <typeparam name="TOptions">The options of the system.</typeparam>
/// <param name="texts">The input of the texts.</param>
/// <param name="rules">What the options say of topics.</param>
internal sealed class TopicsOf<TOptions>(TextOf<TOptions> texts, Func<TOptions, TopicRules> rules) : IInput
    where TOptions : ModelOptions
{
    private const ulong Stream = 71;

    // A search of settings makes many models of the same data.
    private static readonly ConditionalWeakTable<Interactions, ConcurrentDictionary<(TopicRules, TextRules), Lazy<TextTopics>>> Cache = [];

    /// <inheritdoc/>
    public string? Text => null;

    /// <inheritdoc/>
    public bool IsRequired => false;

    /// <inheritdoc/>
    public IEnumerable<string> Problems(TrainingSet train, ModelOptions options, string system)
    {
        var file = rules((TOptions)options).File;
        if (file.Length > 0 && !File.Exists(file))
        {
            yield return $"There is no file '{file}' (topic-file): name a text file with one text per line, or leave it out.";
        }
    }

    /// <inheritdoc/>
    public IFittedInput Fit(TrainingSet train, ModelOptions options)
    {
        var chosen = rules((TOptions)options);
        return Cache.GetOrCreateValue(train.Interactions)
            .GetOrAdd((chosen, texts.Rules(options)), _ => new Lazy<TextTopics>(() => Fit(train, texts.Column(train, options), texts.Rules(options), chosen)))
            .Value;
    }

    /// <inheritdoc/>
    public IFittedInput? Restore(SavedInputs saved) => TextTopics.Restore(saved);

    private static TextTopics Fit(TrainingSet train, FeatureColumn column, TextRules reading, TopicRules rules)
    {
        var further = rules.File.Length > 0 ? File.ReadAllLines(rules.File) : [];
        var read = EntityTexts.Of(train, FieldSource.User, column, reading with { VectorFile = "", MinimumCount = 1, Unknown = UnknownWords.Drop }, TextTopics.Name, further);
        int[] trained = [.. train.Interactions.Users.ToArray().Distinct().Order()];
        IReadOnlyList<int>[] documents = [.. trained.Select(user => read.Rows[user].ToArray()), .. further.Select(read.Encode)];
        return new TextTopics(LatentTopics.Fit(SparseRows.FromRows(documents, read.Size), rules.Count, rules.Alpha, rules.Beta, rules.Sweeps, new SeededRandom(Stream)), read);
    }
}
