namespace Tastemaker.Systems;

/// <summary>What a system can answer.</summary>
[Flags]
public enum Capabilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Users it was trained on.</summary>
    KnownUsers = 1,

    /// <summary>Anyone's history of items: cold-start users are folded in without training.</summary>
    Histories = 2,

    /// <summary>Users it was trained on, and anyone's history.</summary>
    Everyone = KnownUsers | Histories,

    /// <summary>Anyone of whom features are given.</summary>
    Features = 4,

    /// <summary>Anyone who brings a text: a post, a question, the words around a citation.</summary>
    Content = 8,
}
