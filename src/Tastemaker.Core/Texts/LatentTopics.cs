using Tastemaker.Data;

namespace Tastemaker.Texts;

/// <summary>
/// Latent Dirichlet allocation (Blei et al. 2003): a text is a mixture theta of topics, a topic a distribution over words. Fitted by collapsed Gibbs sampling (Griffiths and Steyvers 2004). The mixture of a text, new or known, is the
/// fixed point of the collapsed variational update of order zero (Asuncion et al. 2009) with the counts of the topics fixed: the same for the same text, whatever else is asked.
/// </summary>
internal sealed class LatentTopics
{
    private const int MixtureSweeps = 30;

    private readonly float[] likelihoods; // p(word | topic) [words x topics]

    /// <summary>Topics with known counts.</summary>
    /// <param name="topics">K: number of topics.</param>
    /// <param name="counts">How many tokens of each word each topic has [words x topics].</param>
    /// <param name="alpha">Of the Dirichlet prior of mixtures.</param>
    /// <param name="beta">Of the Dirichlet prior of topics.</param>
    public LatentTopics(int topics, int[] counts, double alpha, double beta)
    {
        (Topics, Counts, Alpha, Beta) = (topics, counts, alpha, beta);
        var words = counts.Length / topics;
        var totals = new double[topics];
        for (var entry = 0; entry < counts.Length; entry++)
        {
            totals[entry % topics] += counts[entry];
        }

        likelihoods = new float[counts.Length];
        for (var entry = 0; entry < counts.Length; entry++)
        {
            likelihoods[entry] = (float)((counts[entry] + beta) / (totals[entry % topics] + (beta * words)));
        }
    }

    /// <summary>K: number of topics.</summary>
    public int Topics { get; }

    /// <summary>How many tokens of each word each topic has [words x topics].</summary>
    public int[] Counts { get; }

    /// <summary>Of the Dirichlet prior of mixtures.</summary>
    public double Alpha { get; }

    /// <summary>Of the Dirichlet prior of topics.</summary>
    public double Beta { get; }

    /// <summary>p(word | topic) [words x topics].</summary>
    public ReadOnlySpan<float> Likelihoods => likelihoods;

    /// <summary>Fits topics to texts.</summary>
    /// <param name="texts">A row per text: word indexes.</param>
    /// <param name="topics">K: number of topics.</param>
    /// <param name="alpha">Of the Dirichlet prior of mixtures.</param>
    /// <param name="beta">Of the Dirichlet prior of topics.</param>
    /// <param name="sweeps">Passes over all tokens.</param>
    /// <param name="random">The stream of draws.</param>
    public static LatentTopics Fit(SparseRows texts, int topics, double alpha, double beta, int sweeps, SeededRandom random)
    {
        var (words, tokens) = (texts.ColumnCount, texts.Columns.ToArray());
        var (ofWords, totals, assigned) = (new int[words * topics], new int[topics], new int[tokens.Length]);
        var (inverse, sums, ofText) = (new double[topics], new double[topics], new int[topics]);
        Array.Fill(inverse, 1 / (beta * words));
        for (var token = 0; token < tokens.Length; token++)
        {
            Count(tokens[token], assigned[token] = random.Next(topics), 1);
        }

        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            for (var text = 0; text < texts.RowCount; text++)
            {
                var (first, end) = (texts.Offsets[text], texts.Offsets[text + 1]);
                Array.Clear(ofText);
                for (var token = first; token < end; token++)
                {
                    ofText[assigned[token]]++;
                }

                for (var token = first; token < end; token++)
                {
                    Draw(token);
                }
            }
        }

        return new LatentTopics(topics, ofWords, alpha, beta);

        // A topic for a token, given those of all other tokens.
        void Draw(int token)
        {
            ofText[assigned[token]]--;
            Count(tokens[token], assigned[token], -1);
            var ofWord = ofWords.AsSpan(tokens[token] * topics, topics);
            var sum = 0.0;
            for (var topic = 0; topic < topics; topic++)
            {
                sum += (ofText[topic] + alpha) * (ofWord[topic] + beta) * inverse[topic];
                sums[topic] = sum;
            }

            var at = Array.BinarySearch(sums, random.NextDouble() * sum);
            assigned[token] = Math.Min(at < 0 ? ~at : at, topics - 1);
            ofText[assigned[token]]++;
            Count(tokens[token], assigned[token], 1);
        }

        void Count(int word, int topic, int change)
        {
            ofWords[(word * topics) + topic] += change;
            totals[topic] += change;
            inverse[topic] = 1 / (totals[topic] + (beta * words));
        }
    }

    /// <summary>theta: the share of each topic in a text; the same share for all of a text without words.</summary>
    /// <param name="text">Word indexes.</param>
    /// <param name="theta">Receives K shares whose sum is 1.</param>
    public void Mixture(ReadOnlySpan<int> text, Span<float> theta)
    {
        var (shares, sums) = (new double[text.Length * Topics], new double[Topics]);
        Array.Fill(shares, 1.0 / Topics);
        Array.Fill(sums, (double)text.Length / Topics);
        for (var sweep = 0; sweep < MixtureSweeps; sweep++)
        {
            for (var place = 0; place < text.Length; place++)
            {
                var own = shares.AsSpan(place * Topics, Topics);
                var likelihood = likelihoods.AsSpan(text[place] * Topics, Topics);
                var sum = 0.0;
                for (var topic = 0; topic < Topics; topic++)
                {
                    sums[topic] -= own[topic];
                    own[topic] = (Alpha + Math.Max(0, sums[topic])) * likelihood[topic];
                    sum += own[topic];
                }

                for (var topic = 0; topic < Topics; topic++)
                {
                    own[topic] /= sum;
                    sums[topic] += own[topic];
                }
            }
        }

        for (var topic = 0; topic < Topics; topic++)
        {
            theta[topic] = (float)((Math.Max(0, sums[topic]) + Alpha) / (text.Length + (Alpha * Topics)));
        }
    }
}
