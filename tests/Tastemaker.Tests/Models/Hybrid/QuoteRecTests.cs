using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Models.Hybrid;
using Tastemaker.Tests.Models.Attention;
using Tastemaker.Tests.Models.Baselines;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models.Hybrid;

public class QuoteRecTests
{
    private static readonly QuoteRecOptions Small = new() { WordDimension = 4, FilterCount = 3, TurnDimension = 5, Units = 6, Dropout = 0, BatchSize = 4 };

    private static readonly string[] Dialogues =
    [
        "rain on the last day of the tour\nwhat a day\nsun tomorrow they say",
        "what a tour\nrain",
        "sun",
        "the last day\nthe first day\nthe tour of the town\nsun then rain and wind",
        "rain then sun\nfirst wind then rain",
    ];

    public static TheoryData<DialogueReading> Readings => [.. Enum.GetValues<DialogueReading>()];

    [Theory]
    [MemberData(nameof(Readings))]
    public void The_vector_of_a_dialogue_depends_on_neither_the_batch_nor_the_padding_of_words_and_turns(DialogueReading reading)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Reading = reading });
        var all = model.Encode(Read(model, Dialogues));

        for (var dialogue = 0; dialogue < Dialogues.Length; dialogue++)
        {
            all[dialogue].abs().sum().item<float>().ShouldBeGreaterThan(0);
            model.Encode(Read(model, Dialogues[dialogue]))[0].allclose(all[dialogue], 1e-5, 1e-6).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Readings))]
    public void Turns_without_words_and_separators_at_the_ends_change_nothing(DialogueReading reading)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Reading = reading });
        string[] forms = ["what a tour\nrain", "\n\nwhat a tour\n !!! \n\nrain\n", "what a tour<eot>rain<eot>...", "what a\ttour\r\nrain"];
        var vectors = model.Encode(Read(model, forms));

        for (var form = 1; form < forms.Length; form++)
        {
            vectors[form].allclose(vectors[0], 1e-5, 1e-6).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Readings))]
    public void A_dialogue_without_words_is_answered_by_the_biases_of_the_quotes(DialogueReading reading)
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Reading = reading });
        Set(model, "biases", tensor(new[] { 0.5f, -1, 2 }));

        model.Encode(Read(model, "", "rain", "?\n!"))[0].abs().sum().item<float>().ShouldBe(0);
        model.Encode(Read(model, ""))[0].abs().sum().item<float>().ShouldBe(0);
        Scores(model, "?\n!").ShouldBe([0.5f, -1, 2]);
    }

    [Fact]
    public void Only_what_follows_turns_sees_their_order()
    {
        using var scope = NewDisposeScope();
        bool IsSame(QuoteRecOptions options)
        {
            using var model = Make(options);
            var vectors = model.Encode(Read(model, "what a tour\nthe first day\nrain", "the first day\nwhat a tour\nrain"));
            return vectors[0].allclose(vectors[1], 1e-5, 1e-6);
        }

        IsSame(Small).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.Bags }).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.Words }).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.Thread, Windows = [1] }).ShouldBeTrue(); // wider windows reach over the seams
        IsSame(Small with { Reading = DialogueReading.LastTurn }).ShouldBeTrue();
    }

    [Fact]
    public void Only_windows_of_several_words_and_an_LSTM_over_words_see_the_order_of_words()
    {
        using var scope = NewDisposeScope();
        bool IsSame(QuoteRecOptions options)
        {
            using var model = Make(options);
            var vectors = model.Encode(Read(model, "what a tour\nthe first day", "what a tour\nday the first"));
            return vectors[0].allclose(vectors[1], 1e-5, 1e-6);
        }

        IsSame(Small).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.Thread }).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.LastTurn }).ShouldBeFalse();
        IsSame(Small with { Reading = DialogueReading.Words }).ShouldBeFalse();
        IsSame(Small with { Windows = [1] }).ShouldBeTrue();
        IsSame(Small with { Reading = DialogueReading.Bags }).ShouldBeTrue();
    }

    [Fact]
    public void One_turn_under_an_LSTM_that_hands_its_input_on_is_scored_as_by_the_convolutions_alone()
    {
        // With open gates and V = e I, h = tanh(tanh(e t)), which is e t for a small e.
        const float E = 1e-3f;
        using var scope = NewDisposeScope();
        var options = Small with { Units = 5 };
        using var whole = Make(options);
        using var network = Make(options with { Reading = DialogueReading.LastTurn });
        foreach (var (name, weight) in network.named_parameters())
        {
            Set(whole, name, name.StartsWith("quotes", StringComparison.Ordinal) ? weight / E : weight);
        }

        Set(whole, "lstm.input", cat([zeros(5, 15), eye(5) * E], 1));
        Set(whole, "lstm.recurrent", zeros(5, 20));
        Set(whole, "lstm.bias", cat([full(15, 30), zeros(5)]));

        Sample.ShouldBeClose(Scores(whole, "the tour of the town"), [.. Scores(network, "the tour of the town").Select(score => (double)score)], 1e-4);
    }

    [Fact]
    public void The_vector_of_a_turn_is_a_layer_over_the_largest_value_of_each_filter()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var turns = Read(model, "first wind then rain\nsun").Turns;
        var vectors = model.Turns(turns); // that of the empty turn comes first
        var e = model.Parameter("words.weight").index_select(0, turns.Words[1].to(int64)); // [4, d]
        var maxima = Enumerable.Range(1, 3).Select(window => stack([.. Enumerable.Range(0, 5 - window).Select(place =>
            (model.Parameter($"filters.{window - 1}.weight") * e.narrow(0, place, window).t()).sum([1L, 2L]) + model.Parameter($"filters.{window - 1}.bias"))]).relu().amax([0]));
        var expected = (model.Parameter("turn.weight").matmul(cat([.. maxima])) + model.Parameter("turn.bias")).tanh();

        vectors[1].allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
        vectors[2].isfinite().all().item<bool>().ShouldBeTrue(); // a turn shorter than the filters
        using var plain = Make(Small with { TurnDimension = 0 });
        plain.Turns(turns).shape.ShouldBe([3, 9]);
    }

    [Fact]
    public void The_state_after_the_last_turn_is_read_and_none_after_it()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var batch = Read(model, "what a tour\nrain", Dialogues[3]);
        var t = model.Turns(batch.Turns);
        Tensor Sigmoid(Tensor gates, int gate) => gates.narrow(0, gate * 6, 6).sigmoid();
        var (h, c) = (zeros(6), zeros(6));
        foreach (var turn in (int[])[1, 2])
        {
            var gates = model.Parameter("lstm.input").t().matmul(t[turn]) + model.Parameter("lstm.recurrent").t().matmul(h) + model.Parameter("lstm.bias");
            c = (Sigmoid(gates, 0) * c) + (Sigmoid(gates, 1) * gates.narrow(0, 18, 6).tanh());
            h = Sigmoid(gates, 2) * c.tanh();
        }

        model.Encode(batch)[0].allclose(h, 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void The_loss_is_minus_the_logarithm_of_a_softmax_over_all_quotes()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var scores = tensor(Scores(model, Dialogues[1]));
        double Loss(params int[] quotes)
        {
            using var batch = new TextBatch { Count = quotes.Length, UserBuffer = new int[quotes.Length], ItemBuffer = quotes };
            var words = model.Shape.Get<EntityTexts>().Encode(Dialogues[1]);
            batch.Dialogues.Fill(quotes.Length, _ => words);
            batch.Load(CPU);
            return model.Loss(batch).item<float>() * quotes.Length;
        }

        scores.softmax(0).sum().item<float>().ShouldBe(1, 1e-6f);
        Loss(2).ShouldBe(-scores.log_softmax(0)[2].item<float>(), 1e-5);
        Loss(0, 2).ShouldBe(Loss(0) + Loss(2), 1e-5);
        (Math.Exp(-Loss(0)) + Math.Exp(-Loss(1)) + Math.Exp(-Loss(2))).ShouldBe(1, 1e-5);
        Set(model, "quotes.weight", zeros(3, 6));
        Loss(1).ShouldBe(Math.Log(3), 1e-5);
    }

    [Fact]
    public void Epochs_visit_every_dialogue_once_with_its_turns_and_teach_all_parts()
    {
        using var scope = NewDisposeScope();
        string[] dialogues = [.. Dialogues, " ... "];
        using var model = Make(Small, dialogues);
        var train = TextSamples.Of(dialogues);
        var visited = new List<int>();
        foreach (var batch in new TextSource(train, model.Shape.Get<EntityTexts>(), 2).Epoch(new SeededRandom(1)))
        {
            using (batch)
            {
                batch.Load(CPU);
                visited.AddRange(batch.UserBuffer);
                int[] turns = [.. batch.UserBuffer.Select(user => Dialogues[user].Split('\n').Length)];
                batch.Dialogues.IsTurn.sum(1).data<float>().ToArray().ShouldBe(turns.Select(count => (float)count));
                batch.Dialogues.Turns.Count.ShouldBe(1 + turns.Sum());
                model.Loss(batch).backward();
            }
        }

        visited.Order().ShouldBe([0, 1, 2, 3, 4]);
        foreach (var (name, weight) in model.named_parameters())
        {
            weight.grad.ShouldNotBeNull(name).abs().sum().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Of_long_dialogues_the_last_turns_are_read_and_of_long_turns_the_first_words()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small with { Turns = 2, TurnWords = 3 });

        Scores(model, "sun\nwhat a tour rain\nthe first day of rain").ShouldBe(Scores(model, "what a tour\nthe first day"));
        Scores(model, "what a tour\nthe first day").ShouldNotBe(Scores(model, "what a\nthe first day"));
    }

    [Fact]
    public void Another_separator_may_be_named_and_a_saved_model_knows_it()
    {
        using var scope = NewDisposeScope();
        using var lines = Make(Small with { TurnSeparator = "\\n" });
        using var bars = Make(Small with { TurnSeparator = "|" });
        var texts = bars.Shape.Get<EntityTexts>();

        lines.Shape.Get<EntityTexts>().Encode("sun\nrain<eot>wind").Count(word => word == 0).ShouldBe(1);
        texts.Encode("sun\nrain|wind").Count(word => word == 0).ShouldBe(1);
        texts.Decode(texts.Encode("sun\nrain|wind")).ShouldBe("sun rain | wind");
        lines.Shape.Get<EntityTexts>().Decode([1, 0, 2]).Split(" \n ").Length.ShouldBe(2);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var saved = new SavedInputs(folder.FullName, [], new Dictionary<string, Tensor>());
            texts.Save(saved);
            var restored = EntityTexts.Restore(saved, Tastemaker.Features.FieldSource.User)!;
            restored.Encode("sun\nrain|wind ...").ShouldBe(texts.Encode("sun\nrain|wind"));
            restored.Rows[1].ToArray().ShouldBe(texts.Rows[1].ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_request_with_the_text_of_a_training_user_is_answered_as_the_user()
    {
        using var scope = NewDisposeScope();
        using var model = Make(Small);
        var scores = model.Scores(new RequestBatch([3, -1], SparseRows.Empty(2, 3), [null, new Dictionary<string, string> { ["text"] = Dialogues[3] }]));

        scores[1].ShouldBe(scores[0], 1e-6f);
    }

    [Fact]
    public void Windows_without_words_are_refused() => Should.Throw<InputException>(() => Make(Small with { Windows = [1, 0] })).Message.ShouldContain("[1, 2, 3]");

    private static float[] Scores(QuoteRec model, string dialogue) =>
        model.Scores(new RequestBatch([-1], SparseRows.Empty(1, 3), [new Dictionary<string, string> { ["text"] = dialogue }]))[0];

    private static void Set(QuoteRec model, string name, Tensor values)
    {
        using var grad = no_grad();
        model.Parameter(name).copy_(values);
    }

    private static PaddedDialogues Read(QuoteRec model, params string[] dialogues)
    {
        var (batch, words) = (new PaddedDialogues(), Array.ConvertAll(dialogues, model.Shape.Get<EntityTexts>().Encode));
        batch.Fill(dialogues.Length, place => words[place]);
        batch.Load(CPU);
        return batch;
    }

    private static QuoteRec Make(QuoteRecOptions options, string[]? dialogues = null)
    {
        random.manual_seed(3);
        var model = (QuoteRec)QuoteRec.Info.Make(options, TextSamples.Of(dialogues ?? Dialogues));
        model.eval();
        return model;
    }
}
