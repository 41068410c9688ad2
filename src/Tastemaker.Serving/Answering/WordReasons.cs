using Tastemaker.Data;
using Tastemaker.Inputs;
using Tastemaker.Recommending;

namespace Tastemaker.Serving.Answering;

/// <summary>The words of a text as reasons: how far each recommended item falls beside its fellows when a word is left out wherever it stands.</summary>
internal static class WordReasons
{
    private const int MostWords = 64;

    /// <summary>A reason for each distinct word that the system knows, for each item listed; null where there are too few, and a note says so.</summary>
    public static IEnumerable<Reason>[]? Of(int[] listed, Request request, TrainedRecommender recommender, EntityTexts texts, List<string> notes)
    {
        var asked = ResolvedRequest.Of(request, recommender).Batch;
        int[] text = [.. texts.Of(asked, 0).Where(word => word <= texts.Words.Count)];
        int[] words = [.. text.Where(word => word > 0).Distinct().Take(MostWords)]; // 0 stands between turns
        if (words.Length < 2)
        {
            notes.Add("There are too few known words to explain from.");
            return null;
        }

        string[] left = [texts.Decode(text), .. words.Select(word => texts.Decode(text.Where(other => other != word)))];
        var scores = RelativeScores.Of(recommender, new RequestBatch(
            [.. left.Select(_ => asked.Users[0])], SparseRows.Empty(left.Length, recommender.Items.Count),
            [.. left.Select(one => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [texts.Column] = one })]), listed, inSpreads: false);
        return [.. listed.Select((_, rank) => words.Select((word, place) => new Reason(null, null, scores[0][rank] - scores[place + 1][rank], texts.Column, texts.Words[word - 1])))];
    }
}
