using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using static TorchSharp.torch;

namespace Tastemaker.Models.Graph;

/// <summary>A graph of ratings by level: for each level a matrix of the factors 1 / c_ij of its messages.</summary>
/// <param name="OfUsers">Messages from items to users [users, items].</param>
/// <param name="OfItems">Messages from users to items [items, users]; null where only the vectors of users are needed.</param>
internal sealed record LevelMatrices(CsrMatrix[] OfUsers, CsrMatrix[]? OfItems) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var matrix in OfUsers.Concat(OfItems ?? []))
        {
            matrix.Dispose();
        }
    }
}

/// <summary>The graph of ratings that GC-MC convolves over.</summary>
internal sealed class RatedGraph : IDisposable
{
    private readonly RatingLevels levels;
    private readonly bool isSymmetric;
    private readonly bool isOfTraining;
    private readonly Lazy<LevelMatrices> whole;

    /// <summary>The graph of the training ratings.</summary>
    /// <param name="ofUsers">A row per user: distinct items with ratings.</param>
    /// <param name="levels">The levels of ratings.</param>
    /// <param name="isSymmetric">Whether messages are divided by sqrt(degree of sender x degree of receiver), instead of by the receiver's degree.</param>
    /// <param name="ofItems">A row per item: the users who rated it; null for the transpose of <paramref name="ofUsers"/>. Where requests give <paramref name="ofUsers"/>, the training ratings stand here: then only users have matrices.</param>
    public RatedGraph(SparseRows ofUsers, RatingLevels levels, bool isSymmetric, SparseRows? ofItems = null)
    {
        (OfUsers, this.levels, this.isSymmetric, isOfTraining) = (ofUsers, levels, isSymmetric, ofItems is null);
        OfItems = ofItems ?? ofUsers.Transpose();
        whole = new(() => new LevelMatrices(Matrices(OfUsers, Degrees(OfItems)), isOfTraining ? Matrices(OfItems, Degrees(OfUsers)) : null));
    }

    /// <summary>A row per user.</summary>
    public SparseRows OfUsers { get; }

    /// <summary>A row per item.</summary>
    public SparseRows OfItems { get; }

    /// <summary>The matrices of all users and items.</summary>
    public LevelMatrices Whole => whole.Value;

    /// <summary>The matrices of some users and items, each with all of its ratings.</summary>
    public LevelMatrices Part(int[] users, int[] items) => new(Matrices(OfUsers.Gather(users), Degrees(OfItems)), Matrices(OfItems.Gather(items), Degrees(OfUsers)));

    /// <summary>The level of a rating.</summary>
    public int LevelOf(float rating) => levels.Of(rating);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (whole.IsValueCreated)
        {
            Whole.Dispose();
        }
    }

    private static int[] Degrees(SparseRows rows) => [.. Enumerable.Range(0, rows.RowCount).Select(rows.Length)];

    private CsrMatrix[] Matrices(SparseRows rows, int[] degreesOfSenders)
    {
        var (offsets, columns, weights) = (new int[levels.Count][], new List<int>[levels.Count], new List<float>[levels.Count]);
        for (var level = 0; level < levels.Count; level++)
        {
            (offsets[level], columns[level], weights[level]) = (new int[rows.RowCount + 1], [], []);
        }

        for (var row = 0; row < rows.RowCount; row++)
        {
            var others = rows[row];
            var ratings = rows.RowValues(row);
            for (var entry = 0; entry < others.Length; entry++)
            {
                var level = levels.Of(ratings[entry]);
                columns[level].Add(others[entry]);
                weights[level].Add(isSymmetric ? (float)(1 / Math.Sqrt((double)others.Length * Math.Max(1, degreesOfSenders[others[entry]]))) : 1f / others.Length);
            }

            for (var level = 0; level < levels.Count; level++)
            {
                offsets[level][row + 1] = columns[level].Count;
            }
        }

        return [.. Enumerable.Range(0, levels.Count).Select(level => new CsrMatrix(new SparseRows(offsets[level], [.. columns[level]], rows.ColumnCount, [.. weights[level]])))];
    }
}

/// <summary>Ratings to learn from, with their users and items and the messages that these receive.</summary>
internal sealed class RatedGraphBatch : Batch
{
    /// <summary>The users of the ratings, ascending; null for all.</summary>
    public int[]? UserBuffer { get; set; }

    /// <summary>The items of the ratings, ascending; null for all.</summary>
    public int[]? ItemBuffer { get; set; }

    /// <summary>The ratings, a row per user; columns are indexes into the items of the batch.</summary>
    public SparseRows Rows { get; set; } = null!;

    /// <summary>The level of each rating.</summary>
    public long[] LevelBuffer { get; set; } = [];

    /// <summary>The matrices of the users and items of the batch.</summary>
    public LevelMatrices Graph { get; set; } = null!;

    /// <summary>The users [n], int64; null for all.</summary>
    public Tensor? Users { get; private set; }

    /// <summary>The items [m], int64; null for all.</summary>
    public Tensor? Items { get; private set; }

    /// <summary>The item of each rating [nnz], int32, user after user.</summary>
    public Tensor Columns { get; private set; } = null!;

    /// <summary>Where the ratings of each user begin [n + 1], int32.</summary>
    public Tensor Offsets { get; private set; } = null!;

    /// <summary>The level of each rating [nnz], int64.</summary>
    public Tensor Levels { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Users = UserBuffer is null ? null : Ids(UserBuffer, device).to(int64);
        Items = ItemBuffer is null ? null : Ids(ItemBuffer, device).to(int64);
        (Columns, Offsets, Levels) = (Ids(Rows.Columns, device), Ids(Rows.Offsets, device), tensor(LevelBuffer, device: device));
    }
}

/// <summary>Full batches, several per epoch; or mini-batches of ratings, each rating once per epoch, with only the users and items of these ratings.</summary>
/// <param name="graph">The ratings.</param>
/// <param name="batchSize">Ratings per update; null for all.</param>
/// <param name="updates">Updates per epoch where each has all ratings.</param>
internal sealed class RatedGraphSource(RatedGraph graph, int? batchSize, int updates) : IBatchSource<RatedGraphBatch>
{
    private readonly int[] order = new int[graph.OfUsers.EntryCount];
    private RatedGraphBatch? all;

    /// <inheritdoc/>
    public int BatchesAnEpoch => batchSize is { } size ? ShuffledBatches.Count(order.Length, size) : updates;

    /// <inheritdoc/>
    public IEnumerable<RatedGraphBatch> Epoch(SeededRandom random)
    {
        if (batchSize is not { } size)
        {
            all ??= All();
            for (var update = 0; update < updates; update++)
            {
                yield return all;
            }

            yield break;
        }

        ShuffledBatches.Shuffle(order, random);
        foreach (var chosen in order.Chunk(size))
        {
            yield return Some(chosen);
        }
    }

    private RatedGraphBatch All() => new()
    {
        Count = order.Length,
        Rows = graph.OfUsers,
        LevelBuffer = Levels(graph.OfUsers),
        Graph = graph.Whole,
    };

    private RatedGraphBatch Some(int[] pairs)
    {
        Array.Sort(pairs); // ratings lie user after user
        var rated = graph.OfUsers;
        List<int> users = [], offsets = [0];
        var (user, items) = (0, new int[pairs.Length]);
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            while (rated.Offsets[user + 1] <= pairs[pair])
            {
                user++;
            }

            if (users.Count == 0 || users[^1] != user)
            {
                users.Add(user);
                offsets.Add(pair);
            }

            items[pair] = rated.Columns[pairs[pair]];
            offsets[^1] = pair + 1;
        }

        int[] distinct = [.. items.Distinct().Order()];
        var rows = new SparseRows([.. offsets], Array.ConvertAll(items, item => Array.BinarySearch(distinct, item)), distinct.Length, Array.ConvertAll(pairs, pair => rated.Values[pair]));
        var part = graph.Part([.. users], distinct);
        return new RatedGraphBatch
        {
            Count = pairs.Length,
            UserBuffer = [.. users],
            ItemBuffer = distinct,
            Rows = rows,
            LevelBuffer = Levels(rows),
            Graph = part,
            Return = _ => part.Dispose(),
        };
    }

    private long[] Levels(SparseRows rows) => Array.ConvertAll(rows.Values.ToArray(), rating => (long)graph.LevelOf(rating));
}
