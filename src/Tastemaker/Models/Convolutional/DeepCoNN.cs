using System.ComponentModel.DataAnnotations;
using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Systems;
using Tastemaker.Texts;
using Tastemaker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Models.Convolutional;

/// <summary>Hyper-parameters of <see cref="DeepCoNN"/>.</summary>
public sealed record DeepCoNNOptions : GradientModelOptions
{
    /// <summary>Batches of 100 pairs; Adam at 0.001 with weight decay; public code has 0.002 and more dropout instead, the paper has RMSprop. Without weight decay the model overfits the words of training documents.</summary>
    public DeepCoNNOptions() => (Epochs, BatchSize, LearningRate, WeightDecay) = (20, 100, 0.001, 3e-4);

    /// <summary>The column of interactions that holds reviews. <value>the only text column, or the one named review, text or similar</value></summary>
    public string ReviewColumn { get; init; } = "";

    /// <summary>A file of pre-trained word vectors (word2vec or GloVe) that initialize the word embeddings; empty for random initialization.</summary>
    public string WordVectors { get; init; } = "";

    /// <summary>c: size of the word embeddings; a file of word vectors overrides it. <value>64; the paper has 300 with vectors of Google News</value></summary>
    [Symbol("c")]
    [Range(1, 4096)]
    public int WordDimension { get; init; } = 64;

    /// <summary>Largest vocabulary: the words with the largest sum of tf-idf are kept.</summary>
    [Range(1, 10_000_000)]
    public int Words { get; init; } = 50_000;

    /// <summary>Reviews that must contain a word; rarer words are ignored.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 2;

    /// <summary>Length of a document in words at which no further review is added.</summary>
    [Range(1, 1_000_000)]
    public int DocumentWords { get; init; } = 1000;

    /// <summary>n1: number of filters of the convolution over words.</summary>
    [Symbol("n1")]
    [Range(1, 4096)]
    [Search(50, 200, Log = true)]
    public int FilterCount { get; init; } = 100;

    /// <summary>t: width of a filter in words.</summary>
    [Symbol("t")]
    [Range(1, 100)]
    public int Window { get; init; } = 3;

    /// <summary>Length of the vectors x of a user and y of an item.</summary>
    [Range(1, 4096)]
    [Search(10, 100, Log = true)]
    public int Dimension { get; init; } = 50;

    /// <summary>k: length of the factorization machine's vectors.</summary>
    [Symbol("k")]
    [Range(1, 1024)]
    public int Factors { get; init; } = 8;

    /// <summary>Dropout rate of the input of the fully connected layers (section 3.5 of the paper). <value>0.1; at 0.5, as in public code, the model learns little more than biases, because informative words are rare</value></summary>
    [Range(0.0, 0.99)]
    [Search(0.0, 0.5)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Whether the documents of a training pair leave out the review of that pair. When a rating is predicted, its review does not exist yet. A model that reads it in training relies on it and predicts
    /// worse without it (Catherine and Cohen 2017).
    /// </summary>
    public bool LeaveTargetOut { get; init; } = true;
}

/// <summary>
/// DeepCoNN: a convolutional network reads the reviews by a user and gives x, another reads the reviews of an item and gives y (equations 1 to 5). A factorization machine joins them (equation 6): w0 + w z + sum over pairs a, b
/// of v_a . v_b z_a z_b for z = [x, y]. Minimizes squared error; the paper prints equation 6 as the cost, which is a slip. Documents consist of training reviews only, so the review of a predicted pair is never read. The paper
/// lets the model read that review in the test too (TransNets, section 2), which no recommender can do; this setting is not offered.
/// </summary>
internal sealed class DeepCoNN : Model, IRatingModel
{
    private const int DocumentsAtOnce = 256;

    private readonly DeepCoNNOptions options;
    private readonly ReviewTexts texts;
    private readonly EmbeddingTable words;
    private readonly TextCnn userTexts;
    private readonly TextCnn itemTexts;
    private readonly Dense userLayer;
    private readonly Dense itemLayer;
    private readonly Parameter constant;
    private readonly Parameter weights; // w [2 d, 1]
    private readonly Parameter vectors; // v [2 d, k]
    private (float[] Vectors, float[] Biases) ofUsers = ([], []); // the last entry is of a user without a document
    private (float[] Vectors, float[] Biases) ofItems = ([], []);

    public DeepCoNN(DeepCoNNOptions options, ModelShape shape)
        : base(nameof(DeepCoNN), shape, options)
    {
        this.options = options;
        texts = shape.Get<ReviewTexts>();
        var dimension = texts.VectorDimension ?? options.WordDimension;
        words = new EmbeddingTable(texts.Words.Count + 1, dimension, Initializers.OfWords(texts.Vectors));
        (userTexts, itemTexts) = (new TextCnn(dimension, options.FilterCount, options.Window), new TextCnn(dimension, options.FilterCount, options.Window));
        // A unit that is below 0 for every document at the start would never learn.
        Action<Tensor> above = biases => nn.init.constant_(biases, 0.1);
        (userLayer, itemLayer) = (new Dense(options.FilterCount, options.Dimension, Initializers.GlorotUniform, above), new Dense(options.FilterCount, options.Dimension, Initializers.GlorotUniform, above));
        constant = nn.Parameter(tensor(texts.MeanValue));
        weights = nn.Parameter(zeros(2 * options.Dimension, 1));
        vectors = nn.Parameter(randn(2 * options.Dimension, options.Factors) * 0.1); // with much smaller ones, interactions of user and item are learned slowly
        RegisterComponents();
        Scorer = new InnerProduct(options.Factors, hasBiases: true, Queries, () => new ItemTable(ofItems.Vectors[..^options.Factors], ofItems.Biases[..^1]));
    }

    /// <summary>The catalog entry.</summary>
    public static SystemInfo Info { get; } = new SystemInfo<DeepCoNNOptions>((options, shape) => new DeepCoNN(options, shape))
    {
        Id = "deepconn",
        Name = "DeepCoNN",
        Family = "Convolutional",
        Summary = "Rating prediction from what users write and what is written about items, read by two convolutional networks.",
        Paper = "L. Zheng, V. Noroozi and P. S. Yu: Joint Deep Modeling of Users and Items Using Reviews for Recommendation. WSDM 2017.",
        Answers = Capabilities.KnownUsers,
        PredictsRatings = true,
        ScoresByInnerProduct = true,
        Inputs =
        [
            RatingValues.Required,
            new Reviews<DeepCoNNOptions>(options => new(options.ReviewColumn) { VectorFile = options.WordVectors, Words = options.Words, MinimumCount = options.MinimumCount, DocumentWords = options.DocumentWords, TextWords = options.DocumentWords }),
        ],
    };

    /// <inheritdoc/>
    public override EpochPlan Plan => new(options.Epochs);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override GradientTraining<ReviewBatch> Begin(TrainingSet train, TrainingOptions run) =>
        new(this, options, run, new ReviewSource(train, texts, options.ExamplesPerUpdate, options.LeaveTargetOut), Loss);

    /// <summary>The mean squared error of a batch.</summary>
    public Tensor Loss(ReviewBatch batch) => (Rate(Users(batch.OfUsers), Items(batch.OfItems)) - batch.Ratings).square().mean();

    /// <summary>x: the vectors of users, from their documents [B, d].</summary>
    public Tensor Users(DocumentBuffer documents) => nn.functional.relu(userLayer.forward(Dropped(userTexts.forward(documents, words))));

    /// <summary>y: the vectors of items, from their documents [B, d].</summary>
    public Tensor Items(DocumentBuffer documents) => nn.functional.relu(itemLayer.forward(Dropped(itemTexts.forward(documents, words))));

    /// <summary>The factorization machine over z = [x, y]: [B, d] and [B, d] to [B].</summary>
    public Tensor Rate(Tensor x, Tensor y)
    {
        var z = cat([x, y], 1);
        var pairs = z.matmul(vectors).square() - z.square().matmul(vectors.square()); // [B, k]
        return constant + z.matmul(weights).squeeze(1) + (0.5 * pairs.sum(1));
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<int> users, ReadOnlySpan<int> items, Span<float> values)
    {
        MakeReady();
        var k = options.Factors;
        for (var pair = 0; pair < users.Length; pair++)
        {
            var (user, item) = (users[pair] < 0 ? Shape.Users : users[pair], items[pair] < 0 ? Shape.Items : items[pair]);
            values[pair] = ofUsers.Biases[user] + ofItems.Biases[item] + Solvers.Vectors.Dot(ofUsers.Vectors.AsSpan(user * k, k), ofItems.Vectors.AsSpan(item * k, k));
        }
    }

    /// <summary>Splits the factorization machine into a bias of the user, a bias of the item, and the inner product of V'x and V'y.</summary>
    protected override void Prepare()
    {
        ofUsers = Sides(texts.OfUsers, Shape.Users, Users, 0);
        ofItems = Sides(texts.OfItems, Shape.Items, Items, options.Dimension);
        var mean = (float)constant.item<float>();
        ofUsers = ofUsers with { Biases = Array.ConvertAll(ofUsers.Biases, bias => bias + mean) };
    }

    private (float[] Vectors, float[] Biases) Sides(SparseRows documents, int count, Func<DocumentBuffer, Tensor> read, int first)
    {
        var (w, v) = (weights.narrow(0, first, options.Dimension), vectors.narrow(0, first, options.Dimension));
        List<float> products = [], biases = [];
        int[] owners = [.. Enumerable.Range(0, count), -1];
        foreach (var some in owners.Chunk(DocumentsAtOnce))
        {
            using var scope = NewDisposeScope();
            var buffer = new DocumentBuffer();
            buffer.Fill(texts.Texts, documents, some, null);
            buffer.Load(words.Weight.device);
            var z = read(buffer);
            var product = z.matmul(v); // [B, k]
            products.AddRange(Scoring.Queries.Floats(product));
            biases.AddRange(Scoring.Queries.Floats(z.matmul(w).squeeze(1) + (0.5 * (product.square() - z.square().matmul(v.square())).sum(1))));
        }

        return ([.. products], [.. biases]);
    }

    private Queries Queries(RequestBatch requests)
    {
        var k = options.Factors;
        var (found, constants) = (new float[requests.Count * k], new float[requests.Count]);
        for (var request = 0; request < requests.Count; request++)
        {
            var user = requests.Users[request] < 0 ? Shape.Users : requests.Users[request];
            ofUsers.Vectors.AsSpan(user * k, k).CopyTo(found.AsSpan(request * k));
            constants[request] = ofUsers.Biases[user];
        }

        return new Queries(found, constants);
    }

    private Tensor Dropped(Tensor features) => nn.functional.dropout(features, options.Dropout, training);
}
