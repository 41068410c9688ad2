using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using static Tastemaker.Tests.Models.Recurrent.ArticleSamples;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Training.Batches;

public class PairwiseTextSourceTests
{
    [Fact]
    public void Batches_hold_each_item_once_with_its_text_and_tags_and_no_cold_item()
    {
        using var model = Make(Small with { TagColumn = "tags" });
        var (train, texts) = (Train(), model.Shape.Get<EntityTexts>());
        var source = new PairwiseTextSource(train, texts, TagsOf(model), 4);
        var seen = 0;
        for (var epoch = 0UL; epoch < 20; epoch++)
        {
            foreach (var batch in source.Epoch(new SeededRandom(epoch)))
            {
                using var scope = NewDisposeScope();
                batch.Load(CPU);
                batch.ItemBuffer.ShouldBeUnique();
                batch.ItemBuffer.ShouldAllBe(item => item < Cold);
                int Item(Tensor places, int triple) => batch.ItemBuffer[places[triple].item<int>()];
                for (var triple = 0; triple < batch.Count; triple++, seen++)
                {
                    var liked = Liked[batch.UserBuffer[triple]];
                    liked.ShouldContain(Item(batch.Positives, triple));
                    liked.ShouldNotContain(Item(batch.Negatives, triple));
                }

                foreach (var (place, item) in batch.ItemBuffer.Index())
                {
                    batch.Texts.Words[place].masked_select(batch.Texts.IsPadding[place].logical_not()).data<int>().ToArray().ShouldBe(texts.Rows[item].ToArray());
                    Enumerable.Range(0, (int)batch.Labels.shape[0]).Where(label => batch.LabelItems[label].item<int>() == place).Select(label => batch.Labels[label].item<int>()).ShouldBe(TagsOf(model)![item].ToArray());
                }

                batch.Dispose();
            }
        }

        seen.ShouldBe(20 * 9);
    }

    [Fact]
    public void A_user_who_has_all_warm_items_is_left_out()
    {
        using var model = Make(Small);
        var all = new TrainingSet(Train().Data with { Interactions = new Interactions([0, 0, 0, 0], [0, 1, 2, 3]) });

        new PairwiseTextSource(all, model.Shape.Get<EntityTexts>(), null, 4).Epoch(new SeededRandom(1)).ShouldBeEmpty();
    }
}
