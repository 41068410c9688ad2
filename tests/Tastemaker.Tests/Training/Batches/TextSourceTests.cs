using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Tests.Models.Attention;

namespace Tastemaker.Tests.Training.Batches;

public class TextSourceTests
{
    [Fact]
    public void An_epoch_holds_every_pair_with_a_text_once()
    {
        Pairs(TextSamples.Of("rain", "", "sun and rain", "wind", "sun")).ShouldBe([(0, 0), (2, 2), (3, 0), (4, 1)]);
    }

    [Fact]
    public void Of_labelled_data_only_what_was_taken_is_learned()
    {
        var data = TextSamples.Of("rain", "sun", "wind").Data;
        var labelled = data with { IsLabelled = true, Interactions = new Interactions([0, 0, 1, 2, 2], [0, 1, 1, 2, 0], [1, 0, 1, 0, 1]) };

        Pairs(new TrainingSet(labelled)).ShouldBe([(0, 0), (1, 1), (2, 0)]);
    }

    private static IEnumerable<(int User, int Item)> Pairs(TrainingSet train)
    {
        var texts = EntityTexts.Of(train, FieldSource.User, train.Data.UserFeatures!.Find("text")!, new TextRules(""));
        return [.. new TextSource(train, texts, 2).Epoch(new SeededRandom(1)).SelectMany(batch => batch.UserBuffer.Zip(batch.ItemBuffer)).Order()];
    }
}
