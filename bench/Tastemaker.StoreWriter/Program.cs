using Tastemaker.Serving.Events;
using Tastemaker.StoreWriter;

// Appends the calls whose numbers come on standard input, all at once, and prints a line for each that is acknowledged.
var store = EventStores.Open(args[0]);
await using (store)
{
    var calls = new List<Task>();
    while (Console.ReadLine() is { } line)
    {
        calls.Add(AppendAsync(Call.Parse(line)));
    }

    await Task.WhenAll(calls);
}

async Task AppendAsync(Call call)
{
    try
    {
        var receipt = await store.AppendAsync(call.Interactions, call.Key, CancellationToken.None);

        // Console.Out takes one line at a time and passes each on at once.
        Console.WriteLine(new Acknowledgement(call.Number, receipt.Last));
    }
    catch (Exception failure)
    {
        // Nobody is to wait for an answer that does not come.
        await Console.Error.WriteLineAsync(failure.ToString());
        Environment.Exit(1);
    }
}
