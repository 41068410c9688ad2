using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Articles that <see cref="ArticleAutoencoder"/> learns from: one each, or three where there are categories.</summary>
internal sealed class ArticleBatch : Batch
{
    private SparseRows bags = SparseRows.Empty(0, 1);

    /// <summary>Articles per example: 3 with categories, else 1.</summary>
    public int Parts { get; private set; } = 1;

    /// <summary>The articles [Parts B]: all first ones, then all second ones, then all third ones.</summary>
    public int[] Articles { get; private set; } = [];

    /// <summary>Their words.</summary>
    public SparseInput Words { get; private set; }

    /// <summary>1 where the second article shares a category with the first and the third does not, 0 where the data has no such articles [B].</summary>
    public Tensor IsTriplet { get; private set; } = null!;

    private float[] TripletBuffer { get; set; } = [];

    /// <summary>Takes articles.</summary>
    /// <param name="from">The words of all articles.</param>
    /// <param name="parts">The articles of each part.</param>
    /// <param name="isTriplet">Beside each first article, 1 where the three are a triplet.</param>
    public void Fill(SparseRows from, IReadOnlyList<int[]> parts, float[] isTriplet)
    {
        (bags, Parts, Count) = (from, parts.Count, parts[0].Length);
        (Articles, TripletBuffer) = ([.. parts.SelectMany(part => part)], isTriplet);
    }

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Words = SparseInput.Of(bags.Gather(Articles), device);
        IsTriplet = Floats(TripletBuffer, device);
    }
}

/// <summary>
/// Every article of training once per epoch, in random order. With categories, a second article is drawn from those of one of its categories and a third from those that share none with it, each uniformly. An article
/// that has no category or is the only one of its own, or shares one with all others, has random companions and is reconstructed without being compared.
/// </summary>
/// <param name="bags">The words of all articles.</param>
/// <param name="categories">The categories of all articles; null for none.</param>
/// <param name="articles">The articles to learn from: those of training.</param>
/// <param name="batchSize">First articles per batch.</param>
internal sealed class ArticleSource(SparseRows bags, SparseRows? categories, int[] articles, int batchSize) : IBatchSource<ArticleBatch>
{
    private const int MostDraws = 64;

    private readonly BatchPool<ArticleBatch> pool = new(() => new ArticleBatch());
    private readonly Dictionary<int, int[]> members = articles.SelectMany(article => (categories is null ? [] : categories[article].ToArray()).Select(category => (Category: category, Article: article)))
        .GroupBy(pair => pair.Category, pair => pair.Article).ToDictionary(category => category.Key, category => category.ToArray());

    /// <summary>The articles that are learned from.</summary>
    public int[] Articles => articles;

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(articles.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<ArticleBatch> Epoch(SeededRandom random)
    {
        var order = (int[])articles.Clone();
        random.Shuffle<int>(order);
        foreach (var first in order.Chunk(batchSize))
        {
            var batch = pool.Rent();
            if (categories is null)
            {
                batch.Fill(bags, [first], []);
            }
            else
            {
                var others = Array.ConvertAll(first, article => Others(article, random));
                batch.Fill(
                    bags,
                    [first, Array.ConvertAll(others, pair => pair.Same), Array.ConvertAll(others, pair => pair.Different)],
                    Array.ConvertAll(others, pair => pair.IsTriplet ? 1f : 0));
            }

            yield return batch;
        }
    }

    private (int Same, int Different, bool IsTriplet) Others(int article, SeededRandom random)
    {
        var own = categories![article];
        var same = own.Length == 0 ? -1 : Draw(members[own[random.Next(own.Length)]], other => other != article, random);
        var different = own.Length == 0 ? -1 : Draw(articles, other => !Shares(article, other), random);
        return same >= 0 && different >= 0 ? (same, different, true) : (Any(random), Any(random), false);
    }

    private bool Shares(int one, int other)
    {
        foreach (var category in categories![one])
        {
            if (categories[other].Contains(category))
            {
                return true;
            }
        }

        return false;
    }

    private int Any(SeededRandom random) => articles[random.Next(articles.Length)];

    // -1 where draws find none: there is none, or next to none.
    private static int Draw(int[] from, Func<int, bool> isRight, SeededRandom random)
    {
        for (var draw = 0; draw < MostDraws && from.Length > 0; draw++)
        {
            if (from[random.Next(from.Length)] is var drawn && isRight(drawn))
            {
                return drawn;
            }
        }

        return -1;
    }
}
