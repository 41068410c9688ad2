using System.Globalization;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>A post with its one tag, and the places of the word that tells it and of one that misleads; -1 where there is none.</summary>
internal sealed record Post(int[] Words, int Tag, int Right = -1, int Wrong = -1)
{
    /// <summary>What stands between the turns of a dialogue in place of a word.</summary>
    public const int EndOfTurn = -1;

    /// <summary>The words as a text.</summary>
    public string Text => string.Join(' ', Words.Select(word => word == EndOfTurn ? "<eot>" : string.Create(CultureInfo.InvariantCulture, $"w{word}")));
}

/// <summary>Posts that are learned from, that choose the epoch, and that are measured.</summary>
/// <param name="Train">What is learned from.</param>
/// <param name="Validation">What chooses the epoch.</param>
/// <param name="Test">What is measured.</param>
/// <param name="Tags">Number of tags.</param>
internal sealed record PostWorld(Post[] Train, Post[] Validation, Post[] Test, int Tags)
{
    /// <summary>The training posts as users with a text and one item each.</summary>
    public TrainingSet Data() => new(new Dataset
    {
        Name = "planted-posts",
        Users = new Vocabulary(Enumerable.Range(0, Train.Length).Select(post => $"p{post}")),
        Items = new Vocabulary(Enumerable.Range(0, Tags).Select(tag => $"#{tag}")),
        Interactions = new Interactions([.. Enumerable.Range(0, Train.Length)], [.. Train.Select(post => post.Tag)]),
        UserFeatures = new FeatureTable(Train.Length, [new TextColumn("text", [.. Train.Select(post => post.Text)])]),
    });

    /// <summary>How often the best tag of a post is the right one.</summary>
    public static double Accuracy(Model model, Post[] posts)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var tags = model.Shape.Items;
        var scores = new float[posts.Length * tags];
        model.Score(Requests(posts, tags), scores);
        return Enumerable.Range(0, posts.Length).Count(post => scores.AsSpan(post * tags, tags) is var own && own.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(own)) == posts[post].Tag) / (double)posts.Length;
    }

    /// <summary>Requests by the texts of posts alone.</summary>
    public static RequestBatch Requests(Post[] posts, int tags) => new(
        [.. Enumerable.Repeat(-1, posts.Length)], SparseRows.Empty(posts.Length, tags), [.. posts.Select(post => (IReadOnlyDictionary<string, string>?)new Dictionary<string, string> { ["text"] = post.Text })]);

    /// <summary>
    /// Triggers that count only beside an activator: 3,000 words, 200 tags with two triggers each, ten activators. A post has 12 to 25 words, one trigger with an activator one or two places from it, and two or three triggers of
    /// other tags at least five places from the activator.
    /// </summary>
    public static PostWorld Triggers(ulong seed, int posts)
    {
        const int Tags = 200, Activators = 400, Noise = 410, Words = 3000;
        var random = new SeededRandom(seed, 11);
        return Of(posts, Tags, () =>
        {
            var (words, tag) = (Enumerable.Range(0, 12 + random.Next(14)).Select(_ => Noise + random.Next(Words - Noise)).ToArray(), random.Next(Tags));
            var right = random.Next(words.Length);
            int active;
            do
            {
                active = right + ((1 + random.Next(2)) * (random.Next(2) == 0 ? -1 : 1));
            }
            while (active < 0 || active >= words.Length);
            words[right] = (2 * tag) + random.Next(2);
            words[active] = Activators + random.Next(Noise - Activators);
            int[] far = [.. Enumerable.Range(0, words.Length).Where(place => Math.Abs(place - active) >= 5 && place != right)];
            random.Shuffle(far.AsSpan());
            foreach (var place in far.Take(2 + random.Next(2)))
            {
                words[place] = (2 * ((tag + 1 + random.Next(Tags - 1)) % Tags)) + random.Next(2);
            }

            return new Post(words, tag, right);
        });
    }

    /// <summary>Ordered pairs: 200 tags, each told by two adjacent words out of 30 in one order. The words of two other pairs stand in the post too, apart from each other.</summary>
    public static PostWorld Pairs(ulong seed, int posts)
    {
        const int Tags = 200, Marks = 30, Words = 3000;
        var random = new SeededRandom(seed, 12);
        int[] all = [.. Enumerable.Range(0, Marks * Marks).Where(pair => pair / Marks != pair % Marks)];
        random.Shuffle(all.AsSpan());
        return Of(posts, Tags, () =>
        {
            var (words, tag) = (Enumerable.Range(0, 12 + random.Next(14)).Select(_ => Marks + random.Next(Words - Marks)).ToArray(), random.Next(Tags));
            var at = random.Next(words.Length - 1);
            (words[at], words[at + 1]) = (all[tag] / Marks, all[tag] % Marks);
            int[] free = [.. Enumerable.Range(0, words.Length).Where(place => place < at - 1 || place > at + 2)];
            random.Shuffle(free.AsSpan());
            var taken = new List<int>();
            foreach (var place in free)
            {
                if (taken.Count < 4 && taken.TrueForAll(other => Math.Abs(other - place) > 1))
                {
                    taken.Add(place);
                    words[place] = random.Next(Marks);
                }
            }

            return new Post(words, tag, at);
        });
    }

    /// <summary>
    /// Triggers whose meaning the topic decides: 50 topics, 20,000 words of which a tenth belong to two topics, 120 triggers that stand for a tag each. A post has 8 to 14 words, 65 % of its dominant topic and with frequencies by
    /// Zipf's law, and two triggers of two topics in random order; its tag is that of the trigger of the dominant topic.
    /// </summary>
    /// <param name="seed">Seed.</param>
    /// <param name="posts">Posts to learn from.</param>
    /// <param name="further">Posts without tags.</param>
    public static (PostWorld Labelled, string[] Further) Topics(ulong seed, int posts, int further)
    {
        const int Tags = 120, Topics = 50, Words = 20_000;
        var random = new SeededRandom(seed, 13);
        var ofTopics = Enumerable.Range(0, Topics).Select(_ => new List<int>()).ToArray();
        for (var word = 0; word < Words; word++)
        {
            ofTopics[random.Next(Topics)].Add(Tags + word);
            if (random.Next(10) == 0)
            {
                ofTopics[random.Next(Topics)].Add(Tags + word);
            }
        }

        var world = Of(posts, Tags, Make);
        return (world, [.. Enumerable.Range(0, further).Select(_ => Make().Text)]);

        Post Make()
        {
            var (tag, other) = (random.Next(Tags), random.Next(Tags));
            while (other % Topics == tag % Topics)
            {
                other = random.Next(Tags);
            }

            var words = Enumerable.Range(0, 8 + random.Next(7)).Select(_ => random.NextDouble() < 0.65 ? Drawn(ofTopics[tag % Topics]) : Drawn(ofTopics[random.Next(Topics)])).ToArray();
            var (right, wrong) = (random.Next(words.Length), random.Next(words.Length - 1));
            wrong += wrong >= right ? 1 : 0;
            (words[right], words[wrong]) = (tag, other);
            return new Post(words, tag, right, wrong);
        }

        // The n-th word of a topic is drawn 1 / n as often as the first.
        int Drawn(List<int> words) => words[Math.Min(words.Count - 1, (int)Math.Exp(random.NextDouble() * Math.Log(words.Count + 1)) - 1)];
    }

    /// <summary>A world of posts that are made one after the other: an eighth as many for validation, a quarter for the test.</summary>
    public static PostWorld Of(int posts, int tags, Func<Post> make)
    {
        Post[] Made(int count) => [.. Enumerable.Range(0, count).Select(_ => make())];
        return new PostWorld(Made(posts), Made(Math.Max(1, posts / 8)), Made(Math.Max(1, posts / 4)), tags);
    }
}
