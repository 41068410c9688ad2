using Tastemaker.Core.Tests.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;

namespace Tastemaker.Core.Tests.Evaluation;

public sealed class ColdTargetTests
{
    [Fact]
    public void Split_and_result_say_the_same_of_items_never_trained_on()
    {
        var data = GeneratedData.Rows(("u", "a", 1, 0), ("u", "b", 1, 5), ("v", "a", 1, 1), ("v", "c", 1, 6), ("v", "b", 1, 2));
        var split = new Temporal { TestFrom = 5 }.Apply(data, 0);

        var result = new Evaluator(split.Train, Cases.Options(1, "ndcg")).Measure(new TableRecommender([[1, 2, 3], [3, 2, 1]]), split.Test);

        var note = result.Notes.Single(text => text.Contains("never occur"));
        note.ShouldStartWith("1 of 2 test targets (50 %) are items that never occur in training.");
        split.Notes.ShouldContain(note);
        ColdTargets.AreAll(split.Train, split.Test).ShouldBeFalse();
    }

    [Fact]
    public void Lists_that_hold_every_candidate_are_noted()
    {
        var train = Cases.Training(2, 5, (0, 0), (1, 0));
        var hold = Cases.Hold(5, [[1], [2]], excluded: [[0], [0]]);

        var wide = new Evaluator(train, Cases.Options(10, "recall", "ndcg")).Measure(new TableRecommender([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]), hold);
        var narrow = new Evaluator(train, Cases.Options(3, "recall", "ndcg")).Measure(new TableRecommender([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]), hold);

        wide.Metrics["recall@10"].ShouldBe(1);
        wide.Notes.ShouldContain(note => note.StartsWith("Requests have no more than 4 candidates") && note.Contains("recall@10 are then 1") && !note.Contains("ndcg"));
        narrow.Notes.ShouldNotContain(note => note.Contains("no more than"));
    }
}
