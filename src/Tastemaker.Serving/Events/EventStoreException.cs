namespace Tastemaker.Serving.Events;

/// <summary>
/// An event store cannot do its work: its server does not answer, its file is locked, its disk is full. Nothing of the call was stored, and the same call may
/// succeed later. The message is for the operator: it names the store and the remedy.
/// </summary>
/// <param name="problem">What is wrong and what to do.</param>
/// <param name="cause">What the store's driver threw.</param>
public sealed class EventStoreException(string problem, Exception cause) : InputException(problem, cause);
