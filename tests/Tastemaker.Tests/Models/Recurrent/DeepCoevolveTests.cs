using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Recurrent;
using Tastemaker.Options;
using Tastemaker.Tests.Models.Baselines;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Recurrent;

public class DeepCoevolveTests
{
    private static readonly DeepCoevolveOptions Small = new() { Dimension = 4, Window = 7, UserNegatives = 3, ItemNegatives = 2 };

    [Fact]
    public void The_expected_wait_is_the_mean_of_the_density()
    {
        using var model = Make(Train());
        var stream = (CoevolutionStream)model.Begin();
        var (wait, last) = (stream.Wait(1, 2), stream.Last(1, 2));
        var (mass, mean) = (0.0, 0.0);
        var step = wait / 2000;
        for (var t = step / 2; t < 8 * wait; t += step)
        {
            // log lambda is linear in log t: its value at one moment tells c.
            var intensity = Math.Exp(stream.LogIntensity(1, 2, last + (long)wait)) / wait * t / model.Unit;
            var survival = Math.Exp(-intensity * t / 2);
            mass += intensity * survival * step;
            mean += t * intensity * survival * step;
        }

        mass.ShouldBe(1, 1e-2);
        mean.ShouldBe(wait, 1e-2 * wait);
    }

    [Fact]
    public void What_was_replayed_in_windows_is_what_events_one_by_one_lead_to()
    {
        var all = Train();
        var first = new TrainingSet(all.Data.Restrict([.. Enumerable.Range(0, 12)], "first", shrink: false));
        using var whole = Make(all);
        using var part = Make(first);
        part.Restore(whole.State());
        part.Unit.ShouldBe(whole.Unit); // the events are evenly spaced, so that a part has the same median gap
        var stream = part.Begin();
        for (var e = 12; e < all.Interactions.Count; e++)
        {
            stream.Observe(all.Interactions.Users[e], all.Interactions.Items[e], all.Interactions.Times[e]);
        }

        var (expected, found) = (new float[5], new float[5]);
        var time = all.Interactions.Times[^1] + (long)whole.Unit;
        whole.Begin().Score(3, time, expected);
        stream.Score(3, time, found);
        found.ShouldBe(expected, 1e-4f);
    }

    [Fact]
    public void A_request_with_newer_events_is_scored_as_after_observing_them_however_often_it_is_asked()
    {
        var train = Train();
        using var model = Make(train);
        (int Item, long Time)[] events = [(1, 30_000_000), (4, 31_500_000), (1, 40_000_000)];
        var stream = (CoevolutionStream)model.Begin();
        for (var count = 1; count <= events.Length; count++)
        {
            stream.Observe(2, events[count - 1].Item, events[count - 1].Time);
            var expected = new float[5];
            stream.Affinities(2, expected);
            var request = new RequestBatch([2], new SparseRows([0, count], [.. events.Take(count).Select(one => one.Item)], 5, null, [.. events.Take(count).Select(one => one.Time)]));
            model.Scores(request)[0].ShouldBe(expected, 1e-6f);
            model.Scores(request)[0].ShouldBe(expected, 1e-6f);
            model.After(request, 0).Now.ShouldBe(events[count - 1].Time);
            model.After(request, 0).Expected(2, 0, stream.Now).ShouldBe(stream.Expected(2, 0, stream.Now));
        }

        // Nobody else has noticed.
        model.Scores(Requests.OfUsers(2))[0].ShouldNotBe(model.Scores(new RequestBatch([2], new SparseRows([0, 1], [1], 5, null, [30_000_000])))[0]);
        model.Begin().Now.ShouldBe(train.Interactions.Times[^1]);
    }

    [Fact]
    public void What_training_has_not_seen_counts_also_where_others_had_later_events_and_what_it_has_seen_does_not()
    {
        var train = Train();
        using var model = Make(train);
        RequestBatch Asked(params (int Item, long Time)[] events) => new([2], new SparseRows([0, events.Length], [.. events.Select(one => one.Item)], 5, null, [.. events.Select(one => one.Time)]));
        var own = Enumerable.Range(0, train.Interactions.Count).Where(row => train.Interactions.Users[row] == 2).Select(row => (train.Interactions.Items[row], train.Interactions.Times[row])).ToArray();
        var plain = model.Scores(Requests.OfUsers(2))[0];

        model.Scores(Asked(own))[0].ShouldBe(plain);
        model.Scores(Asked([.. own, (4, train.Interactions.Times[^1] - 1)]))[0].ShouldNotBe(plain);
        ((CoevolutionStream)model.After(Asked([.. own, (4, 1)]), 0)).Last(2, 4).ShouldBe(((CoevolutionStream)model.Begin()).Last(2, 4)); // no clock goes back
    }

    [Fact]
    public void Pairs_that_are_drawn_stand_for_all_on_average()
    {
        using var scope = NewDisposeScope();
        var train = Train();
        using var model = Make(train);
        model.eval();
        var losses = new List<double>();
        for (ulong draw = 0; draw < 300; draw++)
        {
            losses.Add(model.Source.Windows(1000, new SeededRandom(draw)).Sum(window => model.Loss(window).item<float>()));
        }

        using var every = Make(train, Small with { UserNegatives = 400, ItemNegatives = 400 });
        every.Restore(model.State());
        every.eval();
        var many = every.Source.Windows(1000, new SeededRandom(1)).Sum(window => every.Loss(window).item<float>());

        losses.Average().ShouldBe(many, 0.15 * Math.Abs(many));
    }

    [Fact]
    public void Shifting_all_times_changes_nothing()
    {
        using var one = Make(Train());
        using var other = Make(Train(shift: 5_000_000_000));
        other.Restore(one.State());

        other.Scores(Requests.OfUsers(0, 3)).SelectMany(row => row).ShouldBe(one.Scores(Requests.OfUsers(0, 3)).SelectMany(row => row), 1e-5f);
    }

    [Fact]
    public void At_the_start_the_common_intensity_is_the_most_likely_one()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Train(), Small with { UserNegatives = 500, ItemNegatives = 500 });
        using (no_grad())
        {
            foreach (var weights in model.parameters().Where(weights => weights.NumberOfElements > 1))
            {
                weights.zero_(); // all pairs have the same
            }
        }

        model.eval();
        var bias = model.parameters().Single(weights => weights.NumberOfElements == 1);
        float At(float shift)
        {
            using (no_grad())
            {
                bias.add_(shift);
                var loss = model.Source.Windows(1000, new SeededRandom(0)).Sum(window => model.Loss(window).item<float>());
                bias.sub_(shift);
                return loss;
            }
        }

        ((At(0.1f) - At(-0.1f)) / 0.2f).ShouldBe(0, 0.02f);
        At(0).ShouldBeLessThan(Math.Min(At(0.5f), At(-0.5f)));
    }

    [Fact]
    public void Without_evolution_events_move_the_clock_and_nothing_else()
    {
        using var model = Make(Train(), Small with { Evolution = false });
        var stream = model.Begin();
        var before = stream.Wait(0, 1);
        stream.Observe(0, 1, 90_000_000);

        stream.Wait(0, 1).ShouldBe(before);
        ((double)stream.Last(0, 1)).ShouldBe(90_000_000, 1000);
    }

    [Fact]
    public void Numbers_of_events_are_read_in_order_of_time_and_saved()
    {
        var train = Train();
        var column = new Tastemaker.Data.Features.NumericColumn("hours", [.. Enumerable.Range(0, train.Interactions.Count).Select(row => (float)row)]);
        var told = new TrainingSet(train.Data with { InteractionFeatures = new Tastemaker.Data.Features.FeatureTable(column.RowCount, [column]) });
        var log = EventLog.Of(told, ["hours"]);

        log.Features.Average().ShouldBe(0, 1e-5f);
        log.Features.Zip(log.Features.Skip(1)).ShouldAllBe(pair => pair.First < pair.Second);
        Should.Throw<InputException>(() => EventLog.Of(told, ["hour"])).Message.ShouldContain("Did you mean 'hours'");
        using var model = (DeepCoevolve)DeepCoevolve.Info.Make(Small with { EventColumns = ["hours"] }, told);
        model.Fit(told, epochs: 1).Scores(Requests.OfUsers(0))[0].ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void A_batch_size_is_refused_and_advice_on_few_updates_names_the_window()
    {
        var train = Train();
        using var model = Make(train);
        using ITraining training = model.Begin(train, new TrainingOptions());

        Should.Throw<InputException>(() => DeepCoevolve.Info.Demand(Small with { BatchSize = 8 }, train)).Message.ShouldContain("Set window instead");
        Should.NotThrow(() => DeepCoevolve.Info.Demand(Small, train));
        training.MoreUpdates.ShouldBe("lower window or raise epochs");
    }

    private static DeepCoevolve Make(TrainingSet train, DeepCoevolveOptions? options = null) => (DeepCoevolve)DeepCoevolve.Info.Make(options ?? Small, train);

    private static TrainingSet Train(long shift = 0)
    {
        var random = new SeededRandom(4);
        return Sample.Of(4, 5, [.. Enumerable.Range(0, 24).Select(e => (e % 4, random.Next(5), 1f, shift + (e * 1_000_000L)))]);
    }
}
