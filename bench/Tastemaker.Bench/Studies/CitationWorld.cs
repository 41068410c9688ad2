using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>A context that cites a work.</summary>
/// <param name="Words">Words of the language of contexts; noise is below 0.</param>
/// <param name="Community">Of whom the citing authors are.</param>
/// <param name="Authors">The citing authors.</param>
/// <param name="Work">The cited work.</param>
internal sealed record Citation(int[] Words, int Community, int[] Authors, int Work);

/// <summary>
/// Works in 40 topics and contexts that cite them. Titles have six to ten words of 20 that their topic has, each after one of six that may precede it. Contexts have 15 to 30 words: the translations of 60 % of the title's words, 40 % words
/// without a meaning, and other words of the topic's translated vocabulary. No word of a context stands in any title. Each work has two of 400 authors; each of 40 communities of ten prefers ten authors, whom four in five of its citations
/// are of. A fifth of the works are cited by no training context.
/// </summary>
internal sealed class CitationWorld
{
    /// <summary>Number of works.</summary>
    public const int Works = 2000;

    private const int Topics = 40, TopicWords = 20, Successors = 6, NoiseWords = 1000, Communities = 40, CommunitySize = 10, Preferred = 10, MostLong = 30;
    private const double Shown = 0.6, Noise = 0.4, Preference = 0.8;

    private readonly int[][] titles; // words by number, of which a topic has 20
    private readonly int[][] authors; // of each work
    private readonly bool[][] isPreferred; // [communities][works]
    private readonly int[][] preferredWorks;
    private readonly bool[] isCold;
    private readonly SeededRandom random;

    /// <summary>A world.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="contexts">Contexts to learn from.</param>
    /// <param name="tests">Contexts to measure on.</param>
    /// <param name="validation">Contexts that choose the epoch.</param>
    public CitationWorld(ulong seed, int contexts, int tests, int validation)
    {
        random = new SeededRandom(seed, 31);
        var next = Enumerable.Range(0, Topics * TopicWords).Select(_ => Enumerable.Range(0, Successors).Select(_ => random.Next(TopicWords)).ToArray()).ToArray();
        titles = [.. Enumerable.Range(0, Works).Select(work => Title(work % Topics, next))];
        authors = [.. Enumerable.Range(0, Works).Select(_ => Draw(2, Communities * CommunitySize))];
        isPreferred = [.. Enumerable.Range(0, Communities).Select(_ => Draw(Preferred, Communities * CommunitySize) is var liked ? Array.ConvertAll(authors, own => own.Any(liked.Contains)) : [])];
        preferredWorks = Array.ConvertAll(isPreferred, liked => Enumerable.Range(0, Works).Where(work => liked[work]).ToArray());
        isCold = new bool[Works];
        Array.ForEach(Draw(Works / 5, Works), work => isCold[work] = true);
        Train = [.. Enumerable.Range(0, contexts).Select(_ => Cite(withCold: false))];
        Validation = [.. Enumerable.Range(0, validation).Select(_ => Cite(withCold: true))];
        Test = [.. Enumerable.Range(0, tests).Select(_ => Cite(withCold: true))];
    }

    /// <summary>What is learned from.</summary>
    public Citation[] Train { get; }

    /// <summary>What chooses the epoch.</summary>
    public Citation[] Validation { get; }

    /// <summary>What is measured.</summary>
    public Citation[] Test { get; }

    /// <summary>The training contexts as users with a text, authors and one item each.</summary>
    /// <param name="dealt">Deals the citing authors out anew; null where they stay.</param>
    public TrainingSet Data(SeededRandom? dealt)
    {
        string[] citing = [.. Train.Select(citation => Names(citation.Authors))];
        dealt?.Shuffle<string>(citing);
        return new TrainingSet(new Dataset
        {
            Name = "planted-citations",
            Users = new Vocabulary(Enumerable.Range(0, Train.Length).Select(context => $"c{context}")),
            Items = new Vocabulary(Enumerable.Range(0, Works).Select(work => $"t{work}")),
            Interactions = new Interactions([.. Enumerable.Range(0, Train.Length)], [.. Train.Select(citation => citation.Work)]),
            UserFeatures = new FeatureTable(Train.Length, [new TextColumn("context", [.. Train.Select(Text)]), new TextColumn("authors", citing)]),
            ItemFeatures = new FeatureTable(Works, [new TextColumn("title", [.. titles.Select(title => string.Join(' ', title.Select(word => $"t{word}")))]), new TextColumn("authors", [.. authors.Select(Names)])]),
        });
    }

    /// <summary>How often the cited work is among the ten best of all works: of all test contexts, of those that cite a work of training, and of the others.</summary>
    public double[] Recall(Model model, Citation[] asked, SeededRandom? dealt)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        string[] citing = [.. asked.Select(citation => Names(citation.Authors))];
        dealt?.Shuffle<string>(citing);
        var scores = new float[asked.Length * Works];
        model.Score(new RequestBatch(
            [.. Enumerable.Repeat(-1, asked.Length)], SparseRows.Empty(asked.Length, Works),
            [.. asked.Select((citation, place) => (IReadOnlyDictionary<string, string>?)new Dictionary<string, string> { ["context"] = Text(citation), ["authors"] = citing[place] })]), scores);
        return Recall(asked, place => [.. scores.AsSpan(place * Works, Works).ToArray().Select(score => (double)score)]);
    }

    /// <summary>The same for what is known of the world: how likely each work's title gives the words of a context, and how its community chooses.</summary>
    /// <param name="asked">The contexts.</param>
    /// <param name="knowsAuthors">Whether the community counts.</param>
    public double[] Oracle(Citation[] asked, bool knowsAuthors) => Recall(asked, place =>
    {
        var citation = asked[place];
        int[] said = [.. citation.Words.Where(word => word >= 0)];
        return [.. Enumerable.Range(0, Works).Select(work =>
        {
            var (title, liked) = (titles[work], isPreferred[citation.Community]);
            var share = Math.Min(0.99, (int)Math.Round(Shown * title.Length) / (double)said.Length); // of what is said, that translates the title
            var prior = !knowsAuthors ? 0 : Math.Log(((1 - Preference) / Works) + (liked[work] ? Preference / preferredWorks[citation.Community].Length : 0));
            return prior + said.Sum(word => word / TopicWords != work % Topics ? -50 : Math.Log(((1 - share) / TopicWords) + (title.Contains(word) ? share / title.Length : 0)));
        })];
    });

    // Equal scores count half of one place each.
    private double[] Recall(Citation[] asked, Func<int, double[]> score)
    {
        double Found(int place)
        {
            var scores = score(place);
            var own = scores[asked[place].Work];
            var (above, equal) = (scores.Count(other => other > own), scores.Count(other => other == own));
            return Math.Clamp((10.0 - above) / equal, 0, 1);
        }

        double[] found = [.. Enumerable.Range(0, asked.Length).Select(Found)];
        double Mean(bool cold) => Enumerable.Range(0, asked.Length).Where(place => isCold[asked[place].Work] == cold).Select(place => found[place]).DefaultIfEmpty().Average();
        return [found.Average(), Mean(cold: false), Mean(cold: true)];
    }

    private static string Names(int[] authors) => string.Join(';', authors.Select(author => string.Create(CultureInfo.InvariantCulture, $"A Author{author}")));

    private static string Text(Citation citation) => string.Join(' ', citation.Words.Select(word => word < 0 ? $"n{-word}" : $"c{word}"));

    private int[] Title(int topic, int[][] next)
    {
        var title = new List<int> { random.Next(TopicWords) };
        for (var length = 6 + random.Next(5); title.Count < length;)
        {
            title.Add(next[(topic * TopicWords) + title[^1]][random.Next(Successors)]);
        }

        return [.. title.Select(word => (topic * TopicWords) + word)];
    }

    private Citation Cite(bool withCold)
    {
        var community = random.Next(Communities);
        int work;
        do
        {
            work = random.NextDouble() < Preference ? preferredWorks[community][random.Next(preferredWorks[community].Length)] : random.Next(Works);
        }
        while (!withCold && isCold[work]);
        var (title, length) = ((int[])titles[work].Clone(), 15 + random.Next(MostLong - 14));
        random.Shuffle<int>(title);
        int[] shown = title[..(int)Math.Round(Shown * title.Length)];
        var noise = (int)Math.Round(Noise * length);
        int[] words =
        [
            .. shown,
            .. Enumerable.Range(0, noise).Select(_ => -1 - random.Next(NoiseWords)),
            .. Enumerable.Range(0, Math.Max(0, length - noise - shown.Length)).Select(_ => (work % Topics * TopicWords) + random.Next(TopicWords)),
        ];
        random.Shuffle<int>(words);
        return new Citation(words, community, [.. Draw(1 + random.Next(3), CommunitySize).Select(author => (community * CommunitySize) + author)], work);
    }

    private int[] Draw(int count, int of)
    {
        int[] all = [.. Enumerable.Range(0, of)];
        random.Shuffle<int>(all);
        return all[..count];
    }
}
