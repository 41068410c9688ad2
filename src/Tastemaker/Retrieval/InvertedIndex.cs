using System.Collections.Concurrent;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Solvers;

namespace Tastemaker.Retrieval;

/// <summary>
/// Approximate search by an inverted file (Sivic and Zisserman 2003; Jegou et al. 2011, section IV, without the compression): k-means divides the
/// items into lists, and a query reads only the lists that promise most. Vectors of unequal length are what it is made for: lists are ranked by
/// inner products, and by how far their vectors reach beyond their mean. Holds a copy of the vectors.
/// </summary>
public sealed class InvertedIndex : IVectorIndex
{
    private const int GroupQueries = 256;
    private const int MostTrainingRows = 64; // of k-means, a list; four times as many save a twentieth of a search's reading
    private const int LeastListRows = PanelKernel.Rows; // a shorter list would be mostly padding
    private static readonly IndexOptions Defaults = new();

    private readonly ItemLists lists;
    private readonly ListRanking ranking;
    private readonly ConcurrentBag<(int Length, ListSearch Search)> idle = [];

    internal InvertedIndex(ItemLists lists, ListRanking ranking, string fingerprint, int probes, double recall)
    {
        (this.lists, this.ranking, Fingerprint) = (lists, ranking, fingerprint);
        (Probes, ExpectedRecall) = (Math.Clamp(probes, 1, lists.Count), recall);
    }

    /// <inheritdoc/>
    public int Count => lists.ItemCount;

    /// <inheritdoc/>
    public int Dimension => lists.Dimension;

    /// <summary>Number of lists.</summary>
    public int Lists => lists.Count;

    /// <summary>Lists that a search reads.</summary>
    public int Probes { get; }

    /// <summary>The recall that the sampled queries had when the index was built.</summary>
    public double ExpectedRecall { get; }

    /// <summary>The lists, for the file.</summary>
    internal ItemLists Items => lists;

    /// <summary>Their ranking, for the file.</summary>
    internal ListRanking Ranking => ranking;

    /// <summary>Of the vectors.</summary>
    internal string Fingerprint { get; }

    /// <summary>Builds an index over the items of a recommender; the number of lists to read is chosen on requests of its own users.</summary>
    /// <param name="recommender">Whose items.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops the building.</param>
    /// <exception cref="InputException">The recommender does not score by inner products.</exception>
    public static InvertedIndex Of(
        IRecommender recommender, IndexOptions? options = null, IProgress<IndexProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= Defaults;
        var queries = UserQueries.Sample(recommender, options.Samples, new SeededRandom(options.Seed, 1));
        return Build(VectorTable.Of(recommender), VectorTable.Required(recommender).VectorLength, queries, options, progress, cancellation);
    }

    /// <summary>Builds an index over vectors.</summary>
    /// <param name="vectors">Vectors [items, dimension] of finite numbers.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <param name="queries">Queries as they will come [any number, dimension], on which the number of lists to read is chosen; null for some of the vectors.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops the building.</param>
    public static InvertedIndex Build(
        float[] vectors,
        int dimension,
        float[]? queries = null,
        IndexOptions? options = null,
        IProgress<IndexProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= Defaults;
        var count = SearchArguments.CheckVectors(vectors, dimension);
        if (queries is { Length: > 0 })
        {
            SearchArguments.CheckVectors(queries, dimension);
        }

        void Report(string stage, double done)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new IndexProgress(stage, done));
        }

        var random = new SeededRandom(options.Seed);
        var wanted = options.Lists > 0 ? Math.Min(options.Lists, count) : Math.Max(1, Math.Min((int)(4 * Math.Sqrt(count)), count / LeastListRows));
        var clustering = new Clustering(dimension, Parallelism.Loop(0, cancellation));
        var sample = Some(vectors, dimension, Math.Min(count, wanted * (long)MostTrainingRows), random);
        var centres = clustering.Centres(sample, wanted, options.Passes, random, done => Report("centres", done));
        var members = Clustering.Members(clustering.Assign(vectors, centres, done => Report("assigning items", done)), wanted);
        var lists = new ItemLists(vectors, dimension, members);
        Report("choosing how many lists to read", 0);
        var ranking = Describe(vectors, members, clustering, centres, dimension);
        var calibration = new Calibration(lists, queries is { Length: > 0 } ? queries : Some(vectors, dimension, Math.Min(count, options.Samples), random), options.Depth);
        var (chosen, probes, recall) = calibration.Choose(ranking, options.AimedRecall);
        Report("choosing how many lists to read", 1);
        var fingerprint = new Fingerprint().Add<float>(vectors).ToString();
        return options.Probes > 0
            ? new InvertedIndex(lists, chosen, fingerprint, options.Probes, calibration.Recall(chosen, Math.Min(options.Probes, wanted)))
            : new InvertedIndex(lists, chosen, fingerprint, probes, recall);
    }

    /// <summary>Reads an index over the items of a recommender.</summary>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="recommender">The one it was built over.</param>
    /// <exception cref="InputException">There is no index, it is corrupt, or it was built over other vectors.</exception>
    public static InvertedIndex Load(string path, IRecommender recommender) => Load(path, VectorTable.Of(recommender), VectorTable.Required(recommender).VectorLength);

    /// <summary>Reads an index over vectors.</summary>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="vectors">The vectors [items, dimension] it was built over.</param>
    /// <param name="dimension">Length of a vector.</param>
    /// <exception cref="InputException">There is no index, it is corrupt, or it was built over other vectors.</exception>
    public static InvertedIndex Load(string path, float[] vectors, int dimension) => IndexFile.Read(path, vectors, dimension);

    /// <summary>
    /// Writes how items are arranged to a file, a few bytes an item: not the vectors, which the model has. Atomic: a crash leaves the old file or the
    /// new one. Beside a model, as "index.safetensors" in its folder, <c>taste recommend</c> finds it.
    /// </summary>
    public void Save(string path) => IndexFile.Write(this, path);

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<int> items, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Dimension);
        SearchArguments.Check(this, query, items.Length, items.Length, scores.Length);

        // Working memory of earlier searches for as many items, if it lies about.
        var (length, search) = idle.TryTake(out var kept) && kept.Length == items.Length ? kept : (items.Length, new ListSearch(lists, ranking, items.Length, 1));
        search.Search(query, Probes, items, scores, items.Length);
        idle.Add((length, search));
        return Math.Min(items.Length, Count);
    }

    /// <inheritdoc/>
    public int SearchAll(ReadOnlyMemory<float> queries, int count, Memory<int> items, Memory<float> scores)
    {
        SearchArguments.Check(this, queries.Span, count, items.Length, scores.Length);
        SearchGroups(lists, ranking, Probes, queries, count, items, scores);
        return Math.Min(count, Count);
    }

    /// <summary>Searches for many queries, in groups.</summary>
    internal static void SearchGroups(
        ItemLists lists, ListRanking ranking, int probes, ReadOnlyMemory<float> queries, int count, Memory<int> items, Memory<float> scores)
    {
        var number = queries.Length / lists.Dimension;
        var size = Math.Clamp((number + Parallelism.Threads - 1) / Parallelism.Threads, 1, GroupQueries);
        Parallel.For(0, (number + size - 1) / size, Parallelism.Loop(), () => new ListSearch(lists, ranking, count, size), (group, _, search) =>
        {
            var (first, rows) = (group * size, Math.Min(size, number - (group * size)));
            search.Search(
                queries.Span.Slice(first * lists.Dimension, rows * lists.Dimension), probes,
                items.Span.Slice(first * count, rows * count), scores.Span.Slice(first * count, rows * count), count);
            return search;
        }, _ => { });
    }

    // Means and spreads are of the vectors themselves, whatever the lists were found with.
    private static ListRanking Describe(float[] vectors, SparseRows members, Clustering clustering, float[] centres, int dimension)
    {
        var spreads = new float[members.RowCount];
        Parallel.For(0, members.RowCount, Parallelism.Loop(), list =>
        {
            var mean = centres.AsSpan(list * dimension, dimension);
            clustering.Mean(vectors, members[list], mean);
            var squares = 0.0;
            foreach (var item in members[list])
            {
                var vector = vectors.AsSpan(item * dimension, dimension);
                for (var k = 0; k < dimension; k++)
                {
                    squares += (vector[k] - mean[k]) * (double)(vector[k] - mean[k]);
                }
            }

            spreads[list] = (float)Math.Sqrt(squares / Math.Max(1, members.Length(list)));
        });
        return new ListRanking(centres, spreads, dimension, 0);
    }

    private static float[] Some(float[] vectors, int dimension, long number, SeededRandom random)
    {
        var count = vectors.Length / dimension;
        if (number >= count)
        {
            return vectors;
        }

        var sample = new float[number * dimension];
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order.AsSpan());
        for (var row = 0; row < number; row++)
        {
            vectors.AsSpan(order[row] * dimension, dimension).CopyTo(sample.AsSpan(row * dimension));
        }

        return sample;
    }
}
