using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;
using TorchSharp;

namespace Tastemaker.Tests.Models.Baselines;

/// <summary>What every system of the family promises, whatever it computes.</summary>
public sealed class BaselineConformanceTests
{
    public static TheoryData<string> Systems =>
        [.. SystemCatalog.Systems.Where(system => system.Family == "Baselines" && !system.OptionsType.IsSubclassOf(typeof(Options.FeatureModelOptions))).Select(system => system.Id)];

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_batch_gives_the_bits_of_its_members(string system)
    {
        var train = Data();
        using var model = Train(system, train);
        var requests = Sample.KnownUsers(train);
        var together = model.Scores(requests);

        for (var request = 0; request < requests.Count; request++)
        {
            model.Scores(requests.Slice(request, 1))[0].ShouldBe(together[request]);
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_restored_model_gives_the_same_scores(string system)
    {
        var train = Data();
        using var scope = torch.NewDisposeScope();
        using var model = Train(system, train);
        using var other = Make(system, train, seed: 99);
        var state = model.State();
        other.Restore(state);
        other.Restore(state); // Restoring leaves the tensors to their owner.

        other.Scores(Sample.KnownUsers(train)).ShouldBe(model.Scores(Sample.KnownUsers(train)));
        if (SystemCatalog.Find(system).Answers.HasFlag(Capabilities.Histories))
        {
            other.Scores(Sample.ColdStartUsers(train)).ShouldBe(model.Scores(Sample.ColdStartUsers(train)));
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_state_that_lacks_something_is_refused(string system)
    {
        using var model = Train(system, Data());

        Should.Throw<InputException>(() => model.Restore(new Dictionary<string, torch.Tensor>()));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Stopping_and_resuming_changes_nothing(string system)
    {
        var train = Data();
        using var scope = torch.NewDisposeScope();
        using var straight = Make(system, train, seed: 7).Fit(train, epochs: 3);
        using var first = Make(system, train, seed: 7).Fit(train, epochs: 2);
        using var second = Make(system, train, seed: 8);
        using var secondTraining = second.Begin(train, new TrainingOptions());
        second.Restore(first.State());
        secondTraining.RunEpoch(Sample.Context(train, epoch: 2));

        second.Scores(Sample.KnownUsers(train)).ShouldBe(straight.Scores(Sample.KnownUsers(train)));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Scores_are_finite_and_no_tensor_outlives_its_use(string system)
    {
        var train = Data();
        using var model = Train(system, train);
        using var training = model.Begin(train, new TrainingOptions());
        var before = LiveTensors;
        for (var round = 0; round < 5; round++)
        {
            training.RunEpoch(Sample.Context(train, round));
            model.Scores(Sample.KnownUsers(train)).ShouldAllBe(row => row.All(float.IsFinite));
        }

        LiveTensors.ShouldBe(before);
    }

    // Counted on this thread, because other tests run beside this one.
    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static Model Train(string system, Data.TrainingSet train) => Make(system, train, seed: 1).Fit(train, epochs: 2);

    private static Model Make(string system, Data.TrainingSet train, long seed)
    {
        torch.manual_seed(seed);
        var info = SystemCatalog.Find(system);
        return info.Make(info.Resolve(info.DefaultOptions, train), train);
    }

    // A text of each user, and a text and tags of each item, for systems that read them.
    private static TrainingSet Data()
    {
        var data = Sample.Random().Data;
        var tags = SparseRows.FromRows([.. Enumerable.Range(0, data.Items.Count).Select(item => (int[])[item % 3, 3 + (item % 2)])], 5);
        return new TrainingSet(data with
        {
            UserFeatures = new FeatureTable(data.Users.Count, [new TextColumn("text", [.. data.Users.Ids.Select((id, user) => $"w{user % 5} and {id}")])]),
            ItemFeatures = new FeatureTable(data.Items.Count,
            [
                new TextColumn("text", [.. data.Items.Ids.Select((id, item) => $"w{item % 5} and {id}")]),
                new MultiCategoricalColumn("tags", new Vocabulary(Enumerable.Range(0, 5).Select(tag => $"t{tag}")), tags),
            ]),
        });
    }
}
