using System.Runtime.InteropServices;
using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using static TorchSharp.torch;

namespace Tastemaker.Models.Recurrent;

/// <summary>Users' browsed articles, with sessions that compare clicked articles with others. Its count is the number of sessions.</summary>
internal sealed class BrowseBatch : Batch
{
    private readonly List<long> places = [];
    private readonly List<int> articles = [];
    private readonly List<int> positions = [];
    private readonly List<long> better = [];
    private readonly List<long> worse = [];
    private readonly List<float> weights = [];

    /// <summary>What the users browsed [B, L], oldest first, padded on the left.</summary>
    public SequenceBatch Browsed { get; } = new();

    /// <summary>The state that each candidate is compared with [C], int64: an index into the states [B, L + 1] flattened, the state before the session.</summary>
    public Tensor Places { get; private set; } = null!;

    /// <summary>The candidates of all sessions [C], int32: clicked articles and others.</summary>
    public Tensor Articles { get; private set; } = null!;

    /// <summary>Positions of the candidates [C], int32; empty where they are not known.</summary>
    public Tensor Positions { get; private set; } = null!;

    /// <summary>The clicked candidate of each pair [n], int64.</summary>
    public Tensor Better { get; private set; } = null!;

    /// <summary>The other candidate of each pair [n], int64.</summary>
    public Tensor Worse { get; private set; } = null!;

    /// <summary>1 / (|P+||P-|) of the session of each pair [n].</summary>
    public Tensor Weights { get; private set; } = null!;

    /// <summary>Takes the histories of users, without sessions yet.</summary>
    /// <param name="users">Number of users.</param>
    /// <param name="browsed">The articles of each, oldest first; one at least has some.</param>
    public void Begin(int users, SequenceBatch.SequenceOfRow browsed)
    {
        Browsed.Fill(users, browsed);
        places.Clear();
        articles.Clear();
        positions.Clear();
        better.Clear();
        worse.Clear();
        weights.Clear();
        Count = 0;
    }

    /// <summary>Adds a session of a user.</summary>
    /// <param name="row">The user's row.</param>
    /// <param name="fromEnd">How many of the browsed articles are not before the session.</param>
    /// <param name="session">What was clicked, and what was not.</param>
    public void Add(int row, int fromEnd, NewsSession session)
    {
        var first = articles.Count;
        articles.AddRange(session.Clicked);
        articles.AddRange(session.Shown);
        positions.AddRange(session.ClickedPositions);
        positions.AddRange(session.ShownPositions);
        places.AddRange(Enumerable.Repeat((row * (Browsed.Length + 1L)) + Browsed.Length - fromEnd, articles.Count - first));
        for (var clicked = 0; clicked < session.Clicked.Length; clicked++)
        {
            for (var shown = 0; shown < session.Shown.Length; shown++)
            {
                better.Add(first + clicked);
                worse.Add(first + session.Clicked.Length + shown);
                weights.Add(1f / (session.Clicked.Length * session.Shown.Length));
            }
        }

        Count++;
    }

    /// <inheritdoc/>
    public override void Load(Device device)
    {
        Browsed.Load(device);
        (Places, Better, Worse) = (tensor(places.ToArray(), device: device), tensor(better.ToArray(), device: device), tensor(worse.ToArray(), device: device));
        (Articles, Positions) = (Ids(CollectionsMarshal.AsSpan(articles), device), Ids(CollectionsMarshal.AsSpan(positions), device));
        Weights = Floats(CollectionsMarshal.AsSpan(weights), device);
    }
}

/// <summary>
/// Users in random order, in batches of similar length, each with all its sessions: those of the data, or each click against articles drawn uniformly from those that others clicked in training and the user did not. Of a user with more clicks than
/// are read, the newest are, with the sessions among them.
/// </summary>
internal sealed class BrowseSource : IBatchSource<BrowseBatch>
{
    private readonly TrainingSet train;
    private readonly int batchSize;
    private readonly int length;
    private readonly int negatives;
    private readonly NewsSession[][]? sessions;
    private readonly int[] users;
    private readonly int[] warm;
    private readonly NegativeSampler sampler;
    private readonly BatchPool<BrowseBatch> pool = new(() => new BrowseBatch());

    /// <summary>Batches of a training set.</summary>
    /// <param name="train">Clicks in order of time.</param>
    /// <param name="batchSize">Users per batch.</param>
    /// <param name="length">Most articles of a history.</param>
    /// <param name="negatives">Sampled negatives per click where there are no sessions.</param>
    /// <param name="sessions">The sessions of each user; null for sampled negatives.</param>
    public BrowseSource(TrainingSet train, int batchSize, int length, int negatives, NewsSession[][]? sessions)
    {
        (this.train, this.batchSize, this.length, this.negatives, this.sessions) = (train, batchSize, length, negatives, sessions);
        users = [.. Enumerable.Range(0, train.UserCount).Where(user => sessions is null ? train.ByUser.Length(user) > 0 : sessions[user].Any(session => IsRead(user, session.Before)))];
        warm = [.. train.Seen.Columns.ToArray().Distinct().Order()];
        sampler = new NegativeSampler(train, onlyMet: true);
    }

    /// <inheritdoc/>
    public int BatchesAnEpoch => ShuffledBatches.Count(users.Length, batchSize);

    /// <inheritdoc/>
    public IEnumerable<BrowseBatch> Epoch(SeededRandom random)
    {
        foreach (var some in ShuffledBatches.OfLikeLength(users, batchSize, Read, random))
        {
            var batch = pool.Rent();
            var chosen = some.ToArray();
            batch.Begin(chosen.Length, row => train.ByUser[chosen[row]][^Read(chosen[row])..]);
            for (var row = 0; row < chosen.Length; row++)
            {
                var clicks = train.ByUser.Length(chosen[row]);
                foreach (var session in sessions?[chosen[row]] ?? Drawn(chosen[row], random))
                {
                    if (IsRead(chosen[row], session.Before))
                    {
                        batch.Add(row, clicks - session.Before, session);
                    }
                }
            }

            yield return batch;
        }
    }

    private int Read(int user) => Math.Min(length, train.ByUser.Length(user));

    // Whether the state after so many clicks is reached from the first click that is read; that before all clicks is a user's own only where all are read.
    private bool IsRead(int user, int before) => train.ByUser.Length(user) - Read(user) is var left && (before > left || left == 0);

    private IEnumerable<NewsSession> Drawn(int user, SeededRandom random)
    {
        var clicks = train.ByUser.Length(user);
        for (var click = clicks - Read(user); click < clicks; click++)
        {
            var others = new int[negatives];
            for (var draw = 0; draw < negatives; draw++)
            {
                // A user who has every item gets any item as a negative.
                others[draw] = sampler.TryDraw(user, random, out var item) ? item : warm[random.Next(warm.Length)];
            }

            yield return new NewsSession(click, [train.ByUser[user][click]], others, [], []);
        }
    }
}
