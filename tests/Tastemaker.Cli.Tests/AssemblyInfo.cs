// The console and libtorch's generator belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
