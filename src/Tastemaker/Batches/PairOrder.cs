namespace Tastemaker.Batches;

/// <summary>How an epoch visits the pairs of user and item that were seen.</summary>
internal enum PairOrder
{
    /// <summary>Each once, in random order.</summary>
    Shuffled,

    /// <summary>As many random draws as there are pairs (LearnBPR, Rendle 2009).</summary>
    WithReplacement,

    /// <summary>As many draws as there are pairs: a user, each alike, then one of the user's items.</summary>
    UsersAlike,
}
