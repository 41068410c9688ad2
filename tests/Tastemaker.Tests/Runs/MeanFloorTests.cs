using Tastemaker.Catalog;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;
using Tastemaker.Runs;

namespace Tastemaker.Tests.Runs;

public sealed class MeanFloorTests
{
    // u: a 5, b 3; v: a 1. Mean 3; means of u 4, v 1, a 3, b 3. Held out: u c 4, v b 2.
    private static readonly TrainingSet Train = new(new Dataset
    {
        Name = "ratings", Users = new Vocabulary(["u", "v"]), Items = new Vocabulary(["a", "b", "c"]), Interactions = new Interactions([0, 0, 1], [0, 1, 0], [5, 3, 1]),
    });

    private static readonly Split Split = new()
    {
        Description = "by hand",
        Train = Train,
        Test = new HoldOut { Requests = new RequestBatch([0, 1], Train.ByUser.Gather([0, 1])), Targets = new SparseRows([0, 1, 2], [2, 1], 3, [4, 2]) },
    };

    [Fact]
    public void Means_of_all_of_the_user_and_of_the_item_have_their_errors()
    {
        var (all, user, item) = MeanFloor.Errors(Split);

        all.ShouldBe(1, 1e-9); // (4 - 3)^2, (2 - 3)^2
        user.ShouldBe(Math.Sqrt(0.5), 1e-9); // (4 - 4)^2, (2 - 1)^2
        item.ShouldBe(1, 1e-9); // c has the mean of all
    }

    [Theory]
    [InlineData(0.6, false)]
    [InlineData(0.8, true)]
    public void A_system_that_learned_nothing_is_named(double error, bool isNamed)
    {
        var result = new EvaluationResult { Metrics = new Dictionary<string, double> { ["rmse"] = error }, PerRequest = new Dictionary<string, float[]>(), Requests = 2, Protocol = "full ranking" };

        var notes = MeanFloor.Notes(SystemCatalog.Find("biased-mf"), result, Split);

        notes[0].ShouldContain("rmse 1.0000 (of all), 0.7071 (of the user), 1.0000 (of the item)");
        notes.Skip(1).Any(note => note.Contains("predicts no better than a mean: its rmse is 0.8000, and the best of the means has 0.7071")).ShouldBe(isNamed);
    }
}
