using System.Collections.Frozen;

namespace Tastemaker.Texts;

/// <summary>The words of <see cref="StopWords"/>, as <see cref="Tokenizer"/> writes them.</summary>
internal static class StopWordLists
{
    private const string English =
        """
        a an the this that these those such some any no none each every either neither both all half another other others own same
        i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
        it its itself they them their theirs themselves one ones who whom whose which what whoever whatever whichever
        somebody someone something anybody anyone anything nobody nothing everybody everyone everything
        am is are was were be been being do does did doing done have has had having will would shall should can could may might must ought cannot
        not nor never n't ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't shan't shouldn't wasn't weren't won't wouldn't
        i'm i've i'd i'll you're you've you'd you'll he'd he'll she'd she'll it'd it'll we're we've we'd we'll they're they've they'd they'll that'd that'll there'd there'll who'd who'll
        and or but if then else because as while although though unless until since whereas whether than so yet
        of in on at by for with without within from to into onto upon out off over under above below up down through throughout across
        along around about against among amongst between beyond before after during toward towards via per beside besides behind near
        here there where when why how once again further also too only just very more most much many few less least several enough
        even still already almost rather quite ever often however therefore thus hence otherwise instead else let
        """;

    private static readonly FrozenSet<string> EnglishWords = English.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words of a list.</summary>
    public static FrozenSet<string> Of(StopWords list) => list is StopWords.English ? EnglishWords : [];
}
