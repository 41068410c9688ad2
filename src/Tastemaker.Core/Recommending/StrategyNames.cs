namespace Tastemaker.Recommending;

/// <summary>How answer sources are spelled wherever they are written: in files, JSON, the HTTP interface and metrics.</summary>
internal static class StrategyNames
{
    /// <summary>"model", "fold-in", "content" or "popularity".</summary>
    public static string Name(this Strategy strategy) => strategy switch
    {
        Strategy.Model => "model",
        Strategy.FoldIn => "fold-in",
        Strategy.Content => "content",
        _ => "popularity",
    };
}
