namespace Tastemaker.Recommending;

/// <summary>Scores of a batch of which the model answers some requests, and popularity the others.</summary>
internal sealed class PlannedScores : IPartialScores
{
    private readonly int[] places; // of each request among those the model answers; -1 where popularity does
    private readonly IPartialScores? answers;
    private readonly int[] popularity;

    /// <summary>Joins the two.</summary>
    /// <param name="requests">Number of requests.</param>
    /// <param name="rows">Those the model answers, ascending.</param>
    /// <param name="answers">The model's scores for these; null where there are none.</param>
    /// <param name="popularity">The score of each item for the others.</param>
    public PlannedScores(int requests, IReadOnlyList<int> rows, IPartialScores? answers, int[] popularity)
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
                ByPopularity(first, scores.Slice(from * stride, count));
                continue;
            }

            // Neighbours that the model answers are neighbours there too, and cost less together.
            while (to < length && places[start + to] >= 0)
            {
                to++;
            }

            var place = places[start + from];
            answers!.Fill(place..(place + to - from), first, count, scores[(from * stride)..], stride);
        }
    }

    private void ByPopularity(int first, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = popularity[first + item];
        }
    }
}
