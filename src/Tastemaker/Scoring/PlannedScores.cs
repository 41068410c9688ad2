using Tastemaker.Recommending;

namespace Tastemaker.Scoring;

/// <summary>Scores of a batch of which the model answers some requests, and popularity the others.</summary>
internal sealed class PlannedScores : IPartialScores
{
    private readonly int[] places; // of each request among those the model answers; -1 where popularity does
    private readonly IPartialScores? answers;
    private readonly Func<int, ReadOnlyMemory<float>> popularity;

    /// <summary>Joins the two.</summary>
    /// <param name="requests">Number of requests.</param>
    /// <param name="rows">Those the model answers, ascending.</param>
    /// <param name="answers">The model's scores for these; null where there are none.</param>
    /// <param name="popularity">Gives the score of each item for one of the others.</param>
    public PlannedScores(int requests, IReadOnlyList<int> rows, IPartialScores? answers, Func<int, ReadOnlyMemory<float>> popularity)
    {
        places = new int[requests];
        Array.Fill(places, -1);
        for (var place = 0; place < rows.Count; place++)
        {
            places[rows[place]] = place;
        }

        (this.answers, this.popularity) = (answers, popularity);
    }

    /// <inheritdoc/>
    public void Fill(Range requests, int first, int count, Span<float> scores, int stride)
    {
        var (start, length) = requests.GetOffsetAndLength(places.Length);
        for (int from = 0, to; from < length; from = to)
        {
            to = from + 1;
            if (places[start + from] < 0)
            {
                popularity(start + from).Span.Slice(first, count).CopyTo(scores.Slice(from * stride, count));
                continue;
            }

            // Neighbors that the model answers are neighbors there too, and cost less together.
            while (to < length && places[start + to] >= 0)
            {
                to++;
            }

            var place = places[start + from];
            answers!.Fill(place..(place + to - from), first, count, scores[(from * stride)..], stride);
        }
    }
}
