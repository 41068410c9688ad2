namespace Tastemaker.Recommending;

/// <summary>A recommender that follows users and items from event to event, and tells what happens next and when.</summary>
public interface IEventPredictor
{
    /// <summary>Everyone as after the last training event; to be asked and told of further events in order of time.</summary>
    IEventStream Begin();
}

/// <summary>Users and items as of some moment. Not thread-safe: each follower begins one of its own.</summary>
public interface IEventStream
{
    /// <summary>Scores every item as the user's next at a time.</summary>
    /// <param name="user">User index.</param>
    /// <param name="time">The time, no earlier than the last event that was observed (<see cref="Data.Timestamps"/>).</param>
    /// <param name="scores">Receives a score per item.</param>
    void Score(int user, long time, Span<float> scores);

    /// <summary>How long after the last event of either a user is expected at an item, in microseconds.</summary>
    double Wait(int user, int item);

    /// <summary>When a user is expected at an item, given that nothing has happened between the two up to a time; no earlier than that.</summary>
    /// <param name="user">User index.</param>
    /// <param name="item">Item index.</param>
    /// <param name="now">The time (<see cref="Data.Timestamps"/>).</param>
    long Expected(int user, int item, long now);

    /// <summary>The time of the last training event, or of the last that was observed.</summary>
    long Now { get; }

    /// <summary>The time of the last event of a user or an item, whichever came later; the first time of the training data where neither had one.</summary>
    long Last(int user, int item);

    /// <summary>Notes an event; no weights change.</summary>
    void Observe(int user, int item, long time);
}
