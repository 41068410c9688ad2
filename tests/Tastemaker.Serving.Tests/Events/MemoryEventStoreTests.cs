using Tastemaker.Serving.Events;

namespace Tastemaker.Serving.Tests.Events;

public sealed class MemoryEventStoreTests : EventStoreContract
{
    protected override IEventStore Open() => EventStores.Open("");
}
