using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tastemaker.Catalog;
using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Models.Baselines;
using Tastemaker.Recommending;
using Tastemaker.Runs;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Models;
using Tastemaker.Serving.Retraining;

namespace Tastemaker.Serving.Tests.Retraining;

/// <summary>A served run is trained again from its store, and changes only for the better.</summary>
public sealed class RetrainerTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServiceProvider? provider;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Dispose();
    }

    [Fact]
    public async Task A_model_that_learned_from_what_happened_since_takes_over_and_is_there_after_a_restart()
    {
        await FillAsync();
        TrainRun(system: "popularity");
        await StartAsync();
        var service = provider!.GetRequiredService<IRecommendationService>();
        var before = service.Model;

        // The run is told to be one of two tastes from now on: what it learns next is better by far.
        Rewrite("ease", new EaseOptions { Regularization = 10 });
        var outcome = await provider!.GetRequiredService<Retrainer>().RetrainAsync(Cancellation);

        outcome.Swapped.ShouldBeTrue();
        outcome.After.ShouldBeGreaterThan(outcome.Before);
        outcome.Requests.ShouldBeGreaterThan(10);
        service.Model.Version.ShouldNotBe(before.Version);
        service.Model.System.ShouldBe("ease");
        Directory.Exists(folder.At("run.before")).ShouldBeTrue();
        Directory.Exists(folder.At("run.next")).ShouldBeFalse();
        var answers = await service.RecommendAsync(new RecommendationQuery { Request = Request.ForUser("u1"), Count = 3 }, Cancellation);
        answers.Items.ShouldAllBe(item => !TwoTastes.IsEven(item.Item));

        await provider!.DisposeAsync();
        await StartAsync();
        provider!.GetRequiredService<IRecommendationService>().Model.Version.ShouldBe(outcome.Model.Version);
    }

    [Fact]
    public async Task A_worse_model_is_dropped_and_the_old_one_goes_on()
    {
        await FillAsync();
        TrainRun("ease", new EaseOptions { Regularization = 10 });
        await StartAsync();
        var service = provider!.GetRequiredService<IRecommendationService>();
        var before = service.Model;

        Rewrite("popularity");
        var outcome = await provider!.GetRequiredService<Retrainer>().RetrainAsync(Cancellation);

        outcome.Swapped.ShouldBeFalse();
        outcome.After.ShouldBeLessThan(outcome.Before);
        service.Model.ShouldBe(before);
        Directory.GetDirectories(folder.Folder).Select(Path.GetFileName).ShouldBe(["run"]);
    }

    [Theory]
    [InlineData("ease", "positives")]
    [InlineData("biased-mf", "left out")]
    public async Task Events_without_values_among_ratings_are_positives_to_rankers_and_left_out_of_ratings(string system, string note)
    {
        await using (var store = EventStores.Open(folder.At("events.db")))
        {
            var data = Mixed();
            var rated = new Interactions([.. data.Interactions.Users], [.. data.Interactions.Items], [.. data.Interactions.Users.ToArray().Select((user, row) => 3f + ((user + row) % 3))], [.. data.Interactions.Times]);
            await EventStores.ImportAsync(store, data with { Interactions = rated }, cancellation: Cancellation);
        }

        TrainRun(system);
        await StartAsync();
        await provider!.GetRequiredService<IRecommendationService>().AppendAsync([new("u1", "i2")], cancellation: Cancellation);

        var outcome = await provider!.GetRequiredService<Retrainer>().RetrainAsync(Cancellation);

        outcome.Requests.ShouldBeGreaterThan(10);
        outcome.Notes.ShouldContain(text => text.Contains(note) && text.Contains("1 have no value"));
    }

    [Fact]
    public async Task Where_the_newest_part_holds_new_users_alone_models_are_measured_on_the_newest_of_each_user()
    {
        await FillAsync();
        TrainRun("popularity");
        await using (var store = EventStores.Open(folder.At("events.db")))
        {
            var (data, late) = (TwoTastes.Data(), 1_800_000_000L * 1_000_000);
            var rows = data.Interactions.Select([.. Enumerable.Range(0, data.Interactions.Count / 2)]); // more than is tested, and less than is tested and validated
            await EventStores.ImportAsync(
                store,
                data with
                {
                    Users = new Vocabulary(data.Users.Ids.Select(id => $"new-{id}")),
                    Interactions = new Interactions([.. rows.Users], [.. rows.Items], null, [.. Enumerable.Range(0, rows.Count).Select(row => late + (row * 1_000_000L))]),
                },
                cancellation: Cancellation);
        }

        await StartAsync();
        Rewrite("ease", new EaseOptions { Regularization = 10 });
        var outcome = await provider!.GetRequiredService<Retrainer>().RetrainAsync(Cancellation);

        outcome.Requests.ShouldBeGreaterThan(10);
        outcome.Notes.ShouldContain(note => note.Contains("holds no users whom training knows") && note.Contains("ratio-by-user(test=0.2,validation=0.2,by=time)"));
    }

    [Fact]
    public async Task A_training_that_fails_is_tried_again_and_known_until_one_succeeds()
    {
        await FillAsync();
        TrainRun("popularity");
        await StartAsync("* * * * *", new JumpingClock());
        var health = provider!.GetRequiredService<RetrainingHealth>();

        await File.WriteAllTextAsync(folder.At("run/run.yaml"), "system: nonsense", Cancellation);
        await UntilAsync(() => health.State.Failures >= 2);
        Rewrite("popularity");
        await UntilAsync(() => health.State.Failures == 0);

        foreach (var hosted in provider!.GetServices<IHostedService>().Reverse())
        {
            await hosted.StopAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_run_on_other_data_is_refused_at_the_start_with_the_way_out()
    {
        await File.WriteAllLinesAsync(folder.At("ratings.csv"), ["user,item,time", .. Enumerable.Range(0, 90).Select(row => $"u{row % 9},i{row % 10},{row}")], Cancellation);
        TrainRun("popularity", data: folder.At("ratings.csv"));

        var error = await Should.ThrowAsync<InputException>(() => StartAsync("0 3 * * *"));

        error.Message.ShouldContain("taste store import");
    }

    [Fact]
    public async Task A_cron_expression_that_is_none_is_refused_at_the_start()
    {
        await FillAsync();
        TrainRun("popularity");

        (await Should.ThrowAsync<InputException>(() => StartAsync("at night"))).Message.ShouldContain("30 3 * * *");
    }

    [Theory]
    [InlineData("30 3 * * *", "2024-05-07T03:30:00Z")]
    [InlineData("0 0 12 * * 1", "2024-05-13T12:00:00Z")]
    public void A_schedule_names_the_next_time(string cron, string expected) =>
        RetrainingSchedule.Parse(cron).GetNextOccurrence(new DateTimeOffset(2024, 5, 6, 12, 0, 1, TimeSpan.Zero), TimeZoneInfo.Utc)
            .ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void After_a_crash_between_two_moves_the_old_run_is_there_again()
    {
        Directory.CreateDirectory(folder.At("run.before"));
        File.WriteAllText(folder.At("run.before/kept"), "");

        RunSwap.Mend(folder.At("run"));

        File.Exists(folder.At("run/kept")).ShouldBeTrue();
        Directory.Exists(folder.At("run.before")).ShouldBeFalse();
    }

    private async Task FillAsync()
    {
        await using var store = EventStores.Open(folder.At("events.db"));
        await EventStores.ImportAsync(store, Mixed(), cancellation: Cancellation);
    }

    // Everybody is active at all times.
    private static Dataset Mixed()
    {
        var data = TwoTastes.Data();
        var (random, rows) = (new SeededRandom(9), data.Interactions);
        return data with { Interactions = new Interactions([.. rows.Users], [.. rows.Items], null, [.. Enumerable.Range(0, rows.Count).Select(_ => 1_700_000_000L + random.Next(1_000_000))]) };
    }

    private void TrainRun(string system, Options.ModelOptions? options = null, string? data = null)
    {
        var configuration = Configuration(system, options) is var made && data is null ? made : made with { Data = DataOptions.From(data!) };
        var split = SplitterSyntax.Parse("temporal(test=0.2,validation=0.1)").Apply(DatasetImport.Import(configuration.Data), seed: 1);
        Experiment.Run(configuration, split, folder.At("run"), cancellation: Cancellation).Recommender.Dispose();
    }

    private void Rewrite(string system, Options.ModelOptions? options = null) => File.WriteAllText(folder.At("run/run.yaml"), Configuration(system, options).ToYaml());

    private RunConfiguration Configuration(string system, Options.ModelOptions? options)
    {
        var info = SystemCatalog.Find(system);
        return new RunConfiguration { System = info, Options = options ?? info.DefaultOptions, Data = DataOptions.From(folder.At("events.db")) };
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5, Cancellation);
        }
    }

    private async Task StartAsync(string cron = "", TimeProvider? clock = null)
    {
        provider = new ServiceCollection().AddSingleton(clock ?? TimeProvider.System).AddTastemaker(options =>
        {
            (options.Model, options.Store, options.Retrain, options.RetrainThreads, options.RetrainSlice) = (folder.At("run"), folder.At("events.db"), cron, 1, 0.2);
            options.FollowStore = TimeSpan.Zero;
        }).BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>())
        {
            await hosted.StartAsync(Cancellation);
        }
    }

    /// <summary>Whoever waits is at the time at once.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long ticks = new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero).Ticks;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref ticks, dueTime.Ticks);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
