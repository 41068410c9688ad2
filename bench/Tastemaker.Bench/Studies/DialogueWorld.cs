using Tastemaker.Data;

namespace Tastemaker.Bench.Studies;

/// <summary>
/// Dialogues whose quote is told by the topic of the first turn, one of 20, and the dialogue act of the last, one of 10. Every one of the three to six turns has 8 to 20 words: three that express an act, in their order and
/// beside each other; three in five without a meaning; the others of a topic. Turns after the first are of other topics, and those before the last express other acts. Two sets of three words express five acts each, by five of their
/// six orders.
/// </summary>
/// <param name="TopicEffect">How often the first turn is of the quote's topic, and not of a random one; 0 plants nothing.</param>
/// <param name="ActEffect">How often the last turn expresses the quote's act, and not a random one; 0 plants nothing.</param>
internal sealed record DialogueWorld(double TopicEffect = 1, double ActEffect = 1)
{
    /// <summary>Number of quotes.</summary>
    public const int Quotes = Topics * Acts;

    private const int Topics = 20;
    private const int Acts = 10;
    private const int ActWords = 6;
    private const int WordsPerTopic = 10;
    private const int NoiseWords = 500;
    private const double RandomQuotes = 0.1;

    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1]];

    /// <summary>A world of dialogues, a tenth of which are quoted at random.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="dialogues">Dialogues to learn from.</param>
    public PostWorld Make(ulong seed, int dialogues)
    {
        var random = new SeededRandom(seed, 14);
        return PostWorld.Of(dialogues, Quotes, () => Dialogue(random));
    }

    /// <summary>The quote that topic and act of a dialogue stand for.</summary>
    public static int Planted(Post dialogue)
    {
        var turns = Turns(dialogue);
        return (turns[0].Where(word => word is >= ActWords and < ActWords + (Topics * WordsPerTopic)).Select(word => (word - ActWords) / WordsPerTopic).First() * Acts) + ActOf(turns[^1]);
    }

    /// <summary>The act that a turn expresses.</summary>
    public static int ActOf(int[] turn)
    {
        int[] said = [.. turn.Where(word => word is >= 0 and < ActWords)];
        return (said[0] / 3 * Orders.Length) + Array.FindIndex(Orders, order => order.Select(word => (said[0] / 3 * 3) + word).SequenceEqual(said));
    }

    /// <summary>The turns of a dialogue.</summary>
    public static int[][] Turns(Post dialogue)
    {
        var turns = new List<List<int>> { new() };
        foreach (var word in dialogue.Words)
        {
            if (word == Post.EndOfTurn)
            {
                turns.Add([]);
            }
            else
            {
                turns[^1].Add(word);
            }
        }

        return [.. turns.Select(turn => turn.ToArray())];
    }

    /// <summary>The same dialogues with their turns in random order.</summary>
    public static Post[] ShuffleTurns(Post[] dialogues, ulong seed)
    {
        var random = new SeededRandom(seed, 15);
        return Array.ConvertAll(dialogues, dialogue =>
        {
            var turns = Turns(dialogue);
            random.Shuffle<int[]>(turns);
            return dialogue with { Words = Joined(turns) };
        });
    }

    /// <summary>The same dialogues with the words of each turn in random order.</summary>
    public static Post[] ShuffleWords(Post[] dialogues, ulong seed)
    {
        var random = new SeededRandom(seed, 16);
        return Array.ConvertAll(dialogues, dialogue =>
        {
            var turns = Turns(dialogue);
            foreach (var turn in turns)
            {
                random.Shuffle<int>(turn);
            }

            return dialogue with { Words = Joined(turns) };
        });
    }

    private Post Dialogue(SeededRandom random)
    {
        var quote = random.Next(Quotes);
        var topic = random.NextDouble() < TopicEffect ? quote / Acts : random.Next(Topics);
        var act = random.NextDouble() < ActEffect ? quote % Acts : random.Next(Acts);
        var turns = new int[3 + random.Next(4)][];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            turns[turn] = Turn(random, turn == 0 ? topic : Other(random, topic, Topics), turn == turns.Length - 1 ? act : Other(random, act, Acts));
        }

        return new Post(Joined(turns), random.NextDouble() < RandomQuotes ? random.Next(Quotes) : quote);
    }

    private static int[] Turn(SeededRandom random, int topic, int act)
    {
        var length = 8 + random.Next(13);
        var noise = Math.Min((int)Math.Round(0.6 * length), length - 4); // at least one word of the topic beside the three of the act
        var words = Enumerable.Range(0, length - 3)
            .Select(place => place < noise ? ActWords + (Topics * WordsPerTopic) + random.Next(NoiseWords) : ActWords + (topic * WordsPerTopic) + random.Next(WordsPerTopic))
            .ToArray();
        random.Shuffle<int>(words);
        var at = random.Next(words.Length + 1);
        return [.. words[..at], .. Orders[act % Orders.Length].Select(word => (act / Orders.Length * 3) + word), .. words[at..]];
    }

    private static int Other(SeededRandom random, int one, int count) => (one + 1 + random.Next(count - 1)) % count;

    private static int[] Joined(int[][] turns) => [.. turns.SelectMany((turn, place) => place == 0 ? turn : [Post.EndOfTurn, .. turn])];
}
