namespace Tastemaker.Systems;

/// <summary>What a system can answer.</summary>
[Flags]
public enum Answers
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Users it was trained on.</summary>
    KnownUsers = 1,

    /// <summary>Anyone's history of items: strangers are folded in without training.</summary>
    Histories = 2,

    /// <summary>Both.</summary>
    Everyone = KnownUsers | Histories,
}
