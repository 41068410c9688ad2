using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Native;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Texts;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models.Hybrid;

/// <summary>
/// Neural citation network: items (works) for a context (the words around a citation) by how likely a recurrent decoder holds their title, given the context and the authors on both sides. Filters over the words of the context, over the
/// citing and over the cited authors give three, two and two slots (<see cref="NcnEncoder"/>), to which the decoder attends (<see cref="NcnDecoder"/>); without author columns there are no such slots. The loss is the cross-entropy of the
/// words of the title, mean over the words of a batch, with one example per pair of context and work; there is no end of a title among its words. Works that training never met are ranked like others.
/// BM25 chooses the titles that are read, as in the paper; a right title that it misses is not added, as the paper did. Titles of equal BM25 are chosen by their training pairs. Others score -10,000 and their BM25, below all that are
/// read; so do titles without words. A request without words and citing authors gives all items one score.
/// Departures: weights begin as Glorot and Bengio's rather than at N(0, 0.01), at which some thousand pairs leave them; a title word without an index of its own has an equal share of the probability of unknown words, where the code
/// gives each the whole and so prefers titles of rare words; the tables of words and authors hold what training holds, without a limit of 20,000.
/// </summary>
internal sealed class Ncn : Model
{
    private const int TitlesAtOnce = 512;
    private const float BelowAll = -10_000;
    private const float Least = -5_000; // of a title that is read
    private static readonly TextOf<NcnOptions> ContextText = new(FieldSource.User, options => TextRules.Of(options, options.ContextWords));
    private static readonly TextOf<NcnOptions> TitleText = new(FieldSource.Item, options => TextRules.Of(options, options.TitleWords) with { Column = options.ItemTextColumn, MinimumCount = options.TitleMinimumCount }, "item-text-column");
    private static readonly TextOf<NcnOptions> SearchedText = new(FieldSource.Item, options => TitleText.Rules(options) with { MinimumCount = 1 }, "item-text-column");

    private readonly NcnOptions options;
    private readonly EntityTexts contexts;
    private readonly EntityTexts titles;
    private readonly AuthorLists? authors;
    private readonly SearchTexts? search;
    private readonly Lazy<Bm25Index>? index;
    private readonly EmbeddingTable words;
    private readonly NcnEncoder context;
    private readonly EmbeddingTable? names; // of both sides
    private readonly NcnEncoder? citing;
    private readonly NcnEncoder? cited;
    private readonly NcnDecoder decoder;
    private readonly Tensor pairs; // [items]: training pairs, saved
    private float[] preference = [];
    private float[] citedSlots = []; // [items, regions, F]

    /// <summary>A model.</summary>
    /// <exception cref="InputException">A region has no words.</exception>
    public Ncn(NcnOptions options, ModelShape shape)
        : base(nameof(Ncn), shape, options)
    {
        if (options.Windows.Count == 0 || options.AuthorWindows.Count == 0 || options.Windows.Concat(options.AuthorWindows).Any(window => window < 1))
        {
            throw new InputException("NCN needs windows and author-windows of 1 or more words, such as [4, 4, 5] and [1, 2].");
        }

        this.options = options;
        (contexts, titles) = (shape.Inputs.OfType<EntityTexts>().Single(text => text.Side is FieldSource.User), shape.Inputs.OfType<EntityTexts>().Single(text => text.Side is FieldSource.Item));
        (authors, search) = (shape.Find<AuthorLists>(), shape.Find<SearchTexts>());
        index = search is null ? null : new(() => search.Index(Bm25Index.UsualSaturation, Bm25Index.UsualLengthNormalization));
        var dimension = contexts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(contexts.Size, dimension, Initializers.OfWords(contexts.Vectors, contexts.UnknownIndex));
        context = new NcnEncoder(dimension, options.FilterCount, options.Windows, options.RegionLayer);
        decoder = new NcnDecoder(options, titles);
        if (authors is not null)
        {
            names = new EmbeddingTable(authors.Size, options.AuthorDimension, Initializers.OfWords(null, authors.Size - 1));
            NcnEncoder? Network(string column) => column.Length == 0 ? null : new NcnEncoder(options.AuthorDimension, options.FilterCount, options.AuthorWindows, options.RegionLayer);
            (citing, cited) = (Network(options.CitingAuthors), Network(options.CitedAuthors));
        }

        pairs = zeros(shape.Items);
        RegisterComponents();
        Scorer = new PairScorer(shape.Items, Ask);
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<NcnOptions>((options, shape) => new Ncn(options, shape))
    {
        Id = "ncn",
        Name = "NCN",
        Family = "Hybrid",
        Summary = "Works to cite by how likely their title is, word by word, given the words around the citation and the authors of both.",
        Paper = "T. Ebesu and Y. Fang: Neural Citation Network for Context-Aware Citation Recommendation. SIGIR 2017.",
        Answers = Capabilities.KnownUsers | Capabilities.Content,
        Inputs =
        [
            ContextText,
            TitleText,
            new AuthorsOf<NcnOptions>(options => new(options.CitingAuthors, options.CitedAuthors, options.Authors), ("citing-authors", "cited-authors")),
            new SearchOf<NcnOptions>(ContextText, SearchedText, options => options.Candidates > 0),
        ],
        Derive = (options, train) => BatchRule.Of(options, train.Interactions.Count, updates: 50, largest: 64),
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <summary>The decoder.</summary>
    public NcnDecoder Decoder => decoder;

    /// <inheritdoc/>
    public override GradientTraining<TextBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        using (no_grad())
        {
            pairs.copy_(tensor(Array.ConvertAll(train.Seen.CountColumns(), count => (float)count)));
        }

        return new(this, options, run, new TextSource(train, titles, options.ExamplesPerUpdate), Loss);
    }

    /// <summary>The cross-entropy of the title words of each pair, mean over words.</summary>
    /// <param name="batch">Pairs with the titles of their items.</param>
    public Tensor Loss(TextBatch batch)
    {
        var ofContext = Memory(Gather(contexts.Rows, batch.UserBuffer), authors is null ? null : Gather(authors.Users, batch.UserBuffer));
        return decoder.Loss(cited is null ? ofContext : cat([ofContext, cited.Slots(Gather(authors!.Items, batch.ItemBuffer), names!)], 1), batch.Texts);
    }

    /// <summary>The slots of contexts and those who cite [B, 3 or 5, F].</summary>
    public Tensor Memory(PaddedTexts context, PaddedTexts? citing)
    {
        var slots = this.context.Slots(context, words);
        return this.citing is null ? slots : cat([slots, this.citing.Slots(citing!, names!)], 1);
    }

    /// <summary>Encodes the authors of all items.</summary>
    protected override void Prepare()
    {
        preference = Queries.Floats(pairs);
        citedSlots = cited is null ? [] : Queries.Floats(PaddedTexts.Read(Shape.Items, item => authors!.Items[item], TitlesAtOnce, pairs.device, lists => cited.Slots(lists, names!)));
    }

    private PaddedTexts Gather(SparseRows rows, int[] owners) => Padded(owners.Length, place => rows[owners[place]]);

    private PaddedTexts Padded(int count, PaddedTexts.TextOfPlace text)
    {
        var padded = new PaddedTexts();
        padded.Fill(count, text);
        padded.Load(pairs.device);
        return padded;
    }

    // Requests are encoded one by one and titles in blocks that depend on them alone, so that no score depends on what else is asked.
    private PairScores Ask(RequestBatch requests)
    {
        var asked = (Request: -1, Of: default(Request)!);
        return (request, items, scores) =>
        {
            asked = asked.Request == request ? asked : (request, Read(requests, request));
            Fill(asked.Of, items, scores);
        };
    }

    private Request Read(RequestBatch requests, int request)
    {
        var (words, own) = (contexts.Of(requests, request), authors?.Of(requests, request) ?? []);
        if (words.Length == 0 && (citing is null || own.Length == 0))
        {
            return new Request([], [], []);
        }

        using var scope = NewDisposeScope();
        var memory = Queries.Floats(Memory(Padded(1, _ => words), authors is null ? null : Padded(1, _ => own)));
        if (search is null)
        {
            return new Request(memory, [], []);
        }

        var matches = new float[Shape.Items];
        index!.Value.Score(search.Queries.Of(requests, request), matches);
        var isChosen = new bool[Shape.Items];
        foreach (var item in Bm25Index.Best(matches, preference, options.Candidates))
        {
            isChosen[item] = true;
        }

        return new Request(memory, matches, isChosen);
    }

    private void Fill(Request request, ReadOnlySpan<int> items, Span<float> scores)
    {
        scores.Clear();
        if (request.Memory.Length == 0)
        {
            return;
        }

        var read = new List<int>(); // places among the items
        for (var place = 0; place < items.Length; place++)
        {
            scores[place] = BelowAll + (request.Matches.Length == 0 ? 0 : request.Matches[items[place]]);
            if (titles.Rows.Length(items[place]) > 0 && (request.IsChosen.Length == 0 || request.IsChosen[items[place]]))
            {
                read.Add(place);
            }
        }

        int[] all = items.ToArray();
        read.Sort((one, other) => titles.Rows.Length(all[one]).CompareTo(titles.Rows.Length(all[other])) is not 0 and var shorter ? shorter : one.CompareTo(other)); // little is padding
        foreach (var block in read.Chunk(TitlesAtOnce))
        {
            var found = LogLikelihoods(request.Memory, Array.ConvertAll(block, place => all[place]));
            for (var place = 0; place < block.Length; place++)
            {
                scores[block[place]] = Math.Max(Least, options.Score is TitleScore.Mean ? found[place] / titles.Rows.Length(all[block[place]]) : found[place]);
            }
        }
    }

    // log P of the titles of some items.
    private float[] LogLikelihoods(float[] memory, int[] items)
    {
        using var scope = NewDisposeScope();
        var (count, width) = (items.Length, options.FilterCount);
        var slots = tensor(memory, [1, memory.Length / width, width], device: pairs.device).expand(count, -1, -1);
        if (cited is not null)
        {
            var own = options.AuthorWindows.Count * width;
            float[] ofItems = [.. items.SelectMany(item => citedSlots.AsSpan(item * own, own).ToArray())];
            slots = cat([slots, tensor(ofItems, [count, options.AuthorWindows.Count, width], device: pairs.device)], 1);
        }

        return Queries.Floats(decoder.LogLikelihood(slots, Gather(titles.Rows, items)));
    }

    /// <summary>What is read of a request: its slots [S x F], none where it says nothing; the BM25 score of all items and which of them are read, none where all are.</summary>
    private sealed record Request(float[] Memory, float[] Matches, bool[] IsChosen);
}
