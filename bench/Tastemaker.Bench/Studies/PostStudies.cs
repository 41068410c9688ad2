using System.Globalization;
using Tastemaker.Batches;
using Tastemaker.Bench.Reports;
using Tastemaker.Inputs;
using Tastemaker.Models.Attention;
using Tastemaker.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Studies;

/// <summary>What the two channels of HashtagCNN find in posts whose tags are told by neighborhoods and by order.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="posts">Posts to learn from.</param>
/// <param name="log">Progress.</param>
internal sealed class TriggerStudy(int seeds, int posts, TextWriter log)
{
    private static readonly HashtagCnnOptions Options = new() { Epochs = 40 };

    private static readonly (string Name, HashtagCnnOptions Options)[] Networks =
    [
        ("HashtagCNN", Options),
        ("local channel, h = 5", Options with { Channels = HashtagChannels.Local }),
        ("local channel, h = 1", Options with { Channels = HashtagChannels.Local, AttentionWindow = 1 }),
        ("global channel, windows 1, 2, 3", Options with { Channels = HashtagChannels.Global }),
        ("global channel, window 1", Options with { Channels = HashtagChannels.Global, Windows = [1] }),
    ];

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            PostWorld[] worlds = [PostWorld.Triggers(seed, posts), PostWorld.Pairs(seed, posts)];
            figures.Add(seed, "naive Bayes", Array.ConvertAll(worlds, world => PostTraining.Accuracy(seed, world, NaiveBayes.Info, new NaiveBayesOptions())));
            foreach (var (name, options) in Networks)
            {
                figures.Add(seed, name, Array.ConvertAll(worlds, world => PostTraining.Accuracy(seed, world, HashtagCnn.Info, options)));
            }
        }

        return new PerformanceTable
        {
            Title = "HashtagCNN: trigger words and their neighborhoods",
            Text = string.Create(CultureInfo.InvariantCulture, $"{posts:N0} generated posts of 12 to 25 words, 200 tags. Triggers: a trigger of the tag beside one of ten activators, and two or three triggers of other tags far from it; who does not see neighborhoods guesses among three or four. Pairs: two adjacent words in one order tell the tag, and four of the same thirty words stand apart. The share of test posts whose first tag is right; the epoch of forty is that of the best accuracy on validation posts, and nothing else was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["system", "triggers", "pairs"],
            Rows = figures.Rows(),
            Findings = [],
            Command = command,
            Machine = machine,
        };
    }
}

/// <summary>What topics of posts without tags tell a network that attends to words.</summary>
/// <param name="seeds">Worlds and trainings.</param>
/// <param name="posts">Posts with tags to learn from; twenty times as many without.</param>
/// <param name="log">Progress.</param>
internal sealed class TopicStudy(int seeds, int posts, TextWriter log)
{
    private const string Topical = "TAB-LSTM";
    private static readonly TabLstmOptions Options = new() { Epochs = 30, WordDimension = 100, Units = 100, Topics = 50, TopicSweeps = 200 };

    /// <summary>Trains and measures all.</summary>
    public PerformanceTable Measure(MachineFacts machine, string command)
    {
        var figures = new StudyFigures(log);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var (world, further) = PostWorld.Topics(seed, posts, 20 * posts);
            var file = Path.GetTempFileName();
            try
            {
                File.WriteAllLines(file, further);
                figures.Add(seed, "naive Bayes", PostTraining.Accuracy(seed, world, NaiveBayes.Info, new NaiveBayesOptions()), double.NaN);
                figures.Add(seed, "LSTM, last state", Run(seed, world, Options with { Pooling = StatePooling.Last })[0], double.NaN);
                figures.Add(seed, "LSTM, mean of states", Run(seed, world, Options with { Pooling = StatePooling.Mean })[0], double.NaN);
                figures.Add(seed, "LSTM, attention without topics", Run(seed, world, Options with { Pooling = StatePooling.Attention }));
                figures.Add(seed, "TAB-LSTM, topics of the posts with tags alone", Run(seed, world, Options));
                figures.Add(seed, Topical, Run(seed, world, Options with { TopicFile = file }));
            }
            finally
            {
                File.Delete(file);
            }
        }

        return new PerformanceTable
        {
            Title = "TAB-LSTM: the topic decides which trigger counts",
            Text = string.Create(CultureInfo.InvariantCulture, $"{posts:N0} generated posts with a tag and {20 * posts:N0} without, of 8 to 14 words in 50 topics; two triggers of two topics in each, of which the one of the post's main topic tells the tag. Topics are fitted to all posts but those of validation and test. The share of test posts whose first tag is right, and the share where the trigger that counts has the larger weight. The epoch of thirty is that of the best accuracy on validation posts, and nothing else was tuned. Mean of {seeds} seeds (least to largest)."),
            Columns = ["system", "right tags", "right attention"],
            Rows = figures.Rows(),
            Findings = [],
            Command = command,
            Machine = machine,
        };
    }

    private static double[] Run(ulong seed, PostWorld world, TabLstmOptions options) =>
        PostTraining.Best(seed, world, TabLstm.Info, options, model => new[] { PostWorld.Accuracy(model, world.Test), options.Pooling is StatePooling.Topical or StatePooling.Attention ? RightAttention((TabLstm)model, world.Test) : double.NaN });

    private static double RightAttention(TabLstm model, Post[] posts)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var (texts, topics, batch) = (model.Shape.Get<EntityTexts>(), model.Shape.Get<TextTopics>(), new PaddedTexts());
        int[][] words = [.. posts.Select(post => texts.Encode(post.Text))];
        batch.Fill(posts.Length, place => words[place]);
        batch.Load(CPU);
        var theta = tensor(topics.Of(PostWorld.Requests(posts, model.Shape.Items)), [posts.Length, topics.Count]);
        var weights = Scoring.Queries.Floats(model.Attention(batch, model.States(batch), theta));
        return Enumerable.Range(0, posts.Length).Count(post => weights[(post * batch.Length) + posts[post].Right] > weights[(post * batch.Length) + posts[post].Wrong]) / (double)posts.Length;
    }
}

/// <summary>Trains systems on posts.</summary>
internal static class PostTraining
{
    /// <summary>The accuracy on test posts after the epoch that is best on validation posts.</summary>
    public static double Accuracy(ulong seed, PostWorld world, Systems.SystemInfo system, Options.ModelOptions options) => Best(seed, world, system, options, model => PostWorld.Accuracy(model, world.Test));

    /// <summary>What is measured after the epoch that is best on validation posts.</summary>
    public static T Best<T>(ulong seed, PostWorld world, Systems.SystemInfo system, Options.ModelOptions options, Func<Model, T> measure)
    {
        var train = world.Data();
        return StudyTraining.Best(seed, train, () => system.Make(system.Resolve(options, train), train), null, model => -PostWorld.Accuracy(model, world.Validation), measure);
    }
}
