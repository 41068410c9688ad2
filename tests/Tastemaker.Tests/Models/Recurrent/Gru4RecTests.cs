using Tastemaker.Batches;
using Tastemaker.Batches.Sampling;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Tests.Nn;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public sealed class Gru4RecTests
{
    private const int Items = 20;

    // Every item occurs in one place, so that an item names the session so far.
    private static readonly int[][] Sessions = [[0, 1, 2, 3], [4, 5], [6, 7, 8], [9, 10, 11, 12, 13], [14, 15]];

    public static TheoryData<Gru4RecInput> Inputs => [Gru4RecInput.OneHot, Gru4RecInput.Separate, Gru4RecInput.Shared];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_batch_of_histories_scores_as_each_alone(Gru4RecInput input)
    {
        using var model = Model(input);
        int[][] histories = [[3], [1, 2, 3, 4, 5, 1], [7, 7], [], [0, 19, 4], [5]];
        var together = Requests.Scores(model, Requests.OfHistories(Items, histories));
        for (var row = 0; row < histories.Length; row++)
        {
            var alone = Requests.Scores(model, Requests.OfHistories(Items, [histories[row]]));
            Enumerable.Range(0, Items).ShouldAllBe(item => Math.Abs(alone[0, item] - together[row, item]) < 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_history_that_goes_on_costs_a_step_per_new_item_and_scores_as_if_read_anew(Gru4RecInput input)
    {
        using var model = Model(input, layers: [6, 4]);
        int[] history = [.. Enumerable.Range(0, 40).Select(place => place * 7 % Items)];
        using var anew = Model(input, layers: [6, 4]);
        anew.Restore(model.State());
        model.eval();
        anew.eval();
        foreach (var (length, read) in new[] { (30, 30), (31, 1), (31, 0), (35, 4), (40, 5) })
        {
            var before = model.ItemsRead;
            var scores = model.Scores(Requests.OfHistories(Items, [history[..length]]));
            var expected = anew.Scores(Requests.OfHistories(Items, [history[..length], [5]])); // batches keep no states

            (model.ItemsRead - before).ShouldBe(read);
            scores[0].ShouldBe(expected[0], 1e-5f);
            using var fresh = Model(input, layers: [6, 4]);
            fresh.Restore(model.State());
            fresh.eval();
            fresh.Scores(Requests.OfHistories(Items, [history[..length]]))[0].ShouldBe(scores[0]); // to the bit, wherever it began
        }

        model.train();
        model.eval(); // weights may have changed
        var sofar = model.ItemsRead;
        model.Scores(Requests.OfHistories(Items, [history]));
        (model.ItemsRead - sofar).ShouldBe(40);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void The_order_of_a_history_matters(Gru4RecInput input)
    {
        using var model = Model(input);
        var scores = Requests.Scores(model, Requests.OfHistories(Items, [1, 2, 3], [2, 1, 3]));
        Enumerable.Range(0, Items).ShouldContain(item => Math.Abs(scores[0, item] - scores[1, item]) > 1e-4);
    }

    [Theory]
    [InlineData(Gru4RecInput.OneHot, 1)]
    [InlineData(Gru4RecInput.Separate, 2)]
    [InlineData(Gru4RecInput.Shared, 3)]
    [InlineData(Gru4RecInput.Shared, 5)]
    public void A_training_step_sees_in_each_lane_the_session_so_far_and_nothing_else(Gru4RecInput input, int lanes)
    {
        using var model = Model(input);
        foreach (var batch in Source(lanes).Epoch(new SeededRandom(1)))
        {
            using var scope = NewDisposeScope();
            batch.Load(CPU);
            var loss = model.Loss(batch).item<float>();
            var targets = batch.TargetBuffer[..batch.Count];
            var scores = Requests.Scores(model, Requests.OfHistories(Items, [.. batch.InputBuffer.Take(batch.Count).Select(SoFar)]));
            var expected = Enumerable.Range(0, batch.Count).Sum(lane =>
                Math.Log(targets.Concat(batch.SampleBuffer).Sum(item => Math.Exp(scores[lane, item]))) - scores[lane, targets[lane]]);
            loss.ShouldBe((float)(expected / 4), 1e-4f); // the configured batch size, not the number of lanes left
        }
    }

    [Fact]
    public void Dropout_of_one_hot_input_drops_an_item_with_all_its_gates()
    {
        using var scope = NewDisposeScope();
        using var network = new Gru4RecNetwork(new Gru4RecOptions { Layers = [6], Input = Gru4RecInput.OneHot, EmbeddingDropout = 0.5, HiddenDropout = 0 }, Items);
        using var grad = no_grad();
        network.state_dict()["inputs.weight"].fill_(1);

        var after = network.Step(zeros(200, ScalarType.Int64), network.Begin(200))[0]; // [200, 6]

        // From state 0 the next is z tanh(W x): with W x = 1 / (1 - 0.5) in all gates, or 0 in all.
        var kept = (float)(Math.Tanh(2) / (1 + Math.Exp(-2)));
        var rows = after.data<float>().ToArray().Chunk(6).ToArray();
        rows.ShouldAllBe(row => row.All(unit => Math.Abs(unit - kept) < 1e-5) || row.All(unit => unit == 0));
        rows.Count(row => row[0] == 0).ShouldBeInRange(60, 140);
    }

    [Fact]
    public void An_epoch_begins_with_fresh_states()
    {
        using var model = Model(Gru4RecInput.Shared);
        float[] Losses() => [.. Source(2).Epoch(new SeededRandom(1)).Select(batch =>
        {
            using var scope = NewDisposeScope();
            batch.Load(CPU);
            return model.Loss(batch).item<float>();
        })];
        Losses().ShouldBe(Losses());
    }

    [Fact]
    public void States_are_carried_without_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Gru4RecInput.OneHot);
        var steps = Source(1).Epoch(new SeededRandom(1)).Take(2).ToArray();
        foreach (var step in steps)
        {
            model.zero_grad();
            step.Load(CPU);
            model.Loss(step).backward();
        }

        var rows = model.Parameter("inputs.weight").grad!.abs().sum(1);
        rows[steps[1].InputBuffer[0]].item<float>().ShouldBeGreaterThan(0);
        rows[steps[0].InputBuffer[0]].item<float>().ShouldBe(0);
    }

    [Fact]
    public void Only_targets_and_samples_have_gradients_in_the_output()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Gru4RecInput.Separate);
        var step = Source(2).Epoch(new SeededRandom(1)).First();
        step.Load(CPU);
        model.Loss(step).backward();
        var touched = model.Parameter("outputBiases.weight").grad!.flatten();
        var columns = step.TargetBuffer.Take(2).Concat(step.SampleBuffer).ToHashSet();
        Enumerable.Range(0, Items).ShouldAllBe(item => touched[item].item<float>() != 0 == columns.Contains(item));
    }

    [Theory]
    [InlineData(Gru4RecLoss.CrossEntropy)]
    [InlineData(Gru4RecLoss.BprMax)]
    [InlineData(Gru4RecLoss.Top1Max)]
    [InlineData(Gru4RecLoss.Bpr)]
    [InlineData(Gru4RecLoss.Top1)]
    public void Every_loss_trains_every_weight(Gru4RecLoss loss)
    {
        using var scope = NewDisposeScope();
        using var model = Model(Gru4RecInput.Shared, loss, layers: [5, 6]);
        foreach (var step in Source(3).Epoch(new SeededRandom(1)).Take(2))
        {
            model.zero_grad();
            step.Load(CPU);
            model.Loss(step).backward();
        }

        model.named_parameters().ShouldAllBe(named => named.parameter.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void LogQ_takes_log_support_from_targets_and_alpha_times_it_from_samples()
    {
        using var scope = NewDisposeScope();
        using var plain = Model(Gru4RecInput.Shared, batchSize: 1);
        using var corrected = Model(Gru4RecInput.Shared, batchSize: 1, logQ: 0.5);
        corrected.Restore(plain.State());
        var train = Train();
        using var correctedTraining = corrected.Begin(train, new TrainingOptions());
        var step = Source(1).Epoch(new SeededRandom(1)).First();
        step.Load(CPU);

        double LogSupport(int item) => Math.Log(train.Interactions.Items.ToArray().Count(other => other == item));
        var scores = Requests.Scores(plain, Requests.OfHistories(Items, [step.InputBuffer[0]]));
        var target = step.TargetBuffer[0];
        var positive = scores[0, target] - (0.5 * LogSupport(target));
        var negatives = step.SampleBuffer.Select(item => scores[0, item] - (0.5 * 0.75 * LogSupport(item)));
        var expected = Math.Log(negatives.Append(positive).Sum(Math.Exp)) - positive;
        corrected.Loss(step).item<float>().ShouldBe((float)expected, 1e-4f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void A_step_moves_only_the_items_in_it(double momentum)
    {
        using var model = Model(Gru4RecInput.Shared, batchSize: 1, momentum: momentum);
        var options = new TrainingOptions();
        var train = Train();
        using var modelTraining = model.Begin(train, options);
        var biases = model.Parameter("outputBiases.weight");
        var samples = new List<float[]> { biases.Values() };
        var touched = new List<HashSet<int>>();
        var supports = Enumerable.Range(0, Items).Select(item => train.Interactions.Items.ToArray().Count(other => other == item));
        var sampler = new AliasTable([.. supports.Select(support => support == 0 ? 0 : Math.Pow(support, 0.75))]);
        var source = new SessionParallelSource(train.ByUser, 1, 2, sampler);
        foreach (var batch in source.Epoch(new EpochContext(train, 0, options, (_, _, _, _) => { }, default).Random()))
        {
            touched.Add([.. batch.TargetBuffer, .. batch.SampleBuffer]);
        }

        modelTraining.RunEpoch(new EpochContext(train, 0, options, (_, _, _, _) => samples.Add(biases.Values()), default));
        samples.Count.ShouldBe(touched.Count + 1);
        for (var step = 0; step < touched.Count; step++)
        {
            var moved = Enumerable.Range(0, Items).Where(item => samples[step][item] != samples[step + 1][item]);
            moved.ShouldBe(touched[step].Order());
        }
    }

    private static TrainingSet Train()
    {
        // Sessions of the class, and items 16 and 18 once more and thrice more, to be sampled.
        int[][] sessions = [.. Sessions, [16], [18, 18, 18]];
        var events = sessions.SelectMany((session, user) => session.Select(item => (User: user, Item: item))).ToArray();
        return new TrainingSet(new Dataset
        {
            Name = "sessions",
            Users = new Vocabulary(sessions.Select((_, user) => $"s{user}")),
            Items = new Vocabulary(Enumerable.Range(0, Items).Select(item => $"i{item}")),
            Interactions = new Interactions(
                [.. events.Select(e => e.User)], [.. events.Select(e => e.Item)], null, [.. events.Select((_, time) => (long)time)]),
        });
    }

    private static int[] SoFar(int item)
    {
        var session = Sessions.Single(session => session.Contains(item));
        return session[..(Array.IndexOf(session, item) + 1)];
    }

    private static SessionParallelSource Source(int lanes) => new(SparseRows.FromRows(Sessions, Items), lanes, 3, Sampler());

    private static AliasTable Sampler()
    {
        var weights = new double[Items];
        (weights[16], weights[18]) = (1, 2);
        return new AliasTable(weights);
    }

    private static Gru4Rec Model(
        Gru4RecInput input,
        Gru4RecLoss loss = Gru4RecLoss.CrossEntropy,
        int[]? layers = null,
        int batchSize = 4,
        double logQ = 0,
        double momentum = 0)
    {
        var options = new Gru4RecOptions
        {
            Input = input,
            Loss = loss,
            Layers = layers ?? [6],
            EmbeddingDimension = 5,
            BatchSize = batchSize,
            LogQ = logQ,
            EmbeddingDropout = 0,
            Momentum = momentum,
            Samples = 2,
        };
        var model = new Gru4Rec(options, new ModelShape(7, Items));
        using var grad = no_grad();
        foreach (var parameter in model.parameters())
        {
            nn.init.normal_(parameter, 0, 0.5);
        }

        return model;
    }
}
