using System.Globalization;
using Tastemaker.Bench.Reports;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Models.Recurrent;
using Tastemaker.Options;
using Tastemaker.Training;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Sessions in a shop of 600 items, 20 brands x 10 categories x 3 variants. A session begins on one of 40 landing pages, which tells the brand, wanders over pages that tell nothing, and ends on two of 12 category pages,
/// whose ordered pair tells the category; what is bought is of the variant that its user mostly buys, which only earlier purchases tell.
/// </summary>
internal sealed class ShopWorld
{
    public const int Brands = 20;
    private const int Categories = 10;
    private const int Variants = 3;
    private const int Landings = 40;
    private const int CategoryPages = 12;
    private const int NoisePages = 20;
    private const int FirstItem = Landings + CategoryPages + NoisePages;
    private const double OwnVariant = 0.95;
    private const double Short = 0.3; // share of sessions with 0 to 2 pages that tell nothing, instead of 4 to 10

    /// <summary>Makes users and sessions.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="sessions">Number of sessions; a tenth as many users.</param>
    public ShopWorld(ulong seed, int sessions)
    {
        var random = new SeededRandom(seed, 3);
        var category = new int[CategoryPages, CategoryPages];
        for (var a = 0; a < CategoryPages; a++)
        {
            for (var b = 0; b < CategoryPages; b++)
            {
                do
                {
                    category[a, b] = random.Next(Categories);
                }
                while (b < a && category[a, b] == category[b, a]);
            }
        }

        var users = Math.Max(1, sessions / 10);
        int[] tastes = [.. Enumerable.Range(0, users).Select(_ => random.Next(Variants))];
        int[][] bought = [.. tastes.Select(taste => Enumerable.Range(0, 3 + random.Next(6)).Select(_ => Item(random.Next(Brands), random.Next(Categories), Variant(taste))).Distinct().ToArray())];
        List<int> owners = [], pages = [];
        var purchases = new int[sessions][];
        for (var session = 0; session < sessions; session++)
        {
            var (user, landing) = (random.Next(users), random.Next(Landings));
            var noise = random.NextDouble() < Short ? random.Next(3) : 4 + random.Next(7);
            var (a, b) = (random.Next(CategoryPages), random.Next(CategoryPages - 1));
            b += b >= a ? 1 : 0;
            int[] walk =
            [
                landing, .. Enumerable.Range(0, noise).Select(_ => Landings + CategoryPages + random.Next(NoisePages)), Landings + a, Landings + b,
                Item(landing % Brands, category[a, b], Variant(tastes[user])),
            ];
            owners.AddRange(Enumerable.Repeat(session, walk.Length));
            pages.AddRange(walk);
            purchases[session] = bought[user];
            Noise.Add(noise);
        }

        var names = new Vocabulary(Enumerable.Range(0, FirstItem + (Brands * Categories * Variants)).Select(page => page < FirstItem ? $"page{page}" : $"item{page}"));
        Data = new Dataset
        {
            Name = "planted-shop",
            Users = new Vocabulary(Enumerable.Range(0, sessions).Select(session => $"s{session}")),
            Items = names,
            Interactions = new Interactions([.. owners], [.. pages]),
            UserFeatures = new FeatureTable(sessions, [new MultiCategoricalColumn("purchases", names, SparseRows.FromRows(purchases, names.Count))]),
            IsOrdered = true,
        };

        int Variant(int taste) => random.NextDouble() < OwnVariant ? taste : (taste + 1 + random.Next(Variants - 1)) % Variants;
    }

    /// <summary>The sessions, with what their users bought before as a feature.</summary>
    public Dataset Data { get; }

    /// <summary>Pages of each session that tell nothing.</summary>
    public List<int> Noise { get; } = [];

    private static int Item(int brand, int category, int variant) => FirstItem + (((brand * Categories) + category) * Variants) + variant;
}

/// <summary>What each part of DRNN finds of what a session, its order and its user's purchases tell.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="sessions">Sessions of a world.</param>
/// <param name="log">Progress.</param>
internal sealed class ShopStudy(int seeds, int sessions, TextWriter log)
{
    private const string Full = "DRNN";
    private const string NoHistory = "without the history state";
    private const string NoNetwork = "without the feed-forward network";
    private const string Bag = "pages in the order of their numbers";

    private static readonly DrnnOptions Options = new() { Target = DrnnTarget.Last, Window = 5, UserFields = ["purchases(pool=sum)"], BatchSize = 64, Epochs = 30, Dropout = 0.1 };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var world = new ShopWorld(seed, sessions);
            figures.Add(seed, Full, Hits(world, world.Data, Options, seed));
            figures.Add(seed, NoHistory, Hits(world, world.Data, Options with { HistoryState = false }, seed));
            figures.Add(seed, NoNetwork, Hits(world, world.Data, Options with { UserFields = [] }, seed));
            figures.Add(seed, Bag, Hits(world, Sorted(world.Data), Options, seed));
        }

        return new PerformanceTable
        {
            Title = "DRNN: what a session tells, and where",
            Text = string.Create(CultureInfo.InvariantCulture, $"{sessions:N0} generated sessions in a shop of 600 items: the first page tells the brand, the ordered pair of the last two the category, what the user bought before the variant, all but one in twenty times. Share of test sessions whose purchase is the first item of the list after the last page, ")
                + $"in all sessions and in those whose first page is outside the window of {Options.Window} pages. A tenth of the sessions tests, a tenth chooses the epoch; settings are the same for all and were not tuned. Mean of {seeds} seeds (least to largest).",
            Columns = ["what is read", "all sessions", "first page outside the window"],
            Rows = figures.Rows(),
            Findings =
            [
                $"Without the history state the brand is unknown where its page has left the window, so that at best {CandidateStudy.Text(1.0 / ShopWorld.Brands)} can be found there; without earlier purchases the variant is, so that about a third can be; and a pair of pages without an order tells the category of one of two.",
            ],
            Command = command,
            Machine = machine,
        };
    }

    // The pages before the purchase by number.
    private static Dataset Sorted(Dataset data)
    {
        var rows = data.Interactions.ByUser(data.Users.Count, data.Items.Count);
        var items = rows.Columns.ToArray();
        for (var session = 0; session < rows.RowCount; session++)
        {
            items.AsSpan(rows.Offsets[session], rows.Length(session) - 1).Sort();
        }

        return data with { Interactions = new Interactions(data.Interactions.Users.ToArray(), items) };
    }

    private static double[] Hits(ShopWorld world, Dataset data, DrnnOptions options, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Users.Count)];
        new SeededRandom(seed, 4).Shuffle<int>(order);
        var (validation, test) = (order[..(order.Length / 10)], order[(order.Length / 10)..(order.Length / 5)]);
        var isHeldOut = new bool[order.Length];
        foreach (var session in validation.Concat(test))
        {
            isHeldOut[session] = true;
        }

        var interactions = data.Interactions;
        var train = new TrainingSet(data.Restrict([.. Enumerable.Range(0, interactions.Count).Where(row => !isHeldOut[data.Interactions.Users[row]])], "training", shrink: false));
        var rows = interactions.ByUser(data.Users.Count, data.Items.Count);
        int[] outside = [.. test.Where(session => world.Noise[session] + 3 > options.Window)];
        return StudyTraining.Best(seed, train, () => Drnn.Info.Make(options, train), null, model => 1 - Share(model, rows, validation), model => new[] { Share(model, rows, test), Share(model, rows, outside) });
    }

    private static double Share(Model model, SparseRows rows, int[] sessions)
    {
        var histories = SparseRows.FromRows([.. sessions.Select(session => (IReadOnlyList<int>)rows[session][..^1].ToArray())], rows.ColumnCount);
        var (scores, hits) = (new float[sessions.Length * rows.ColumnCount], 0);
        model.Score(new RequestBatch(sessions, histories), scores);
        for (var session = 0; session < sessions.Length; session++)
        {
            var row = scores.AsSpan(session * rows.ColumnCount, rows.ColumnCount);
            hits += row.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(row)) == rows[sessions[session]][^1] ? 1 : 0;
        }

        return hits / (double)sessions.Length;
    }
}
