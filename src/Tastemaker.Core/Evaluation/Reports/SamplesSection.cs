namespace Tastemaker.Evaluation.Reports;

/// <summary>Lists of each system for a few requests, side by side.</summary>
internal static class SamplesSection
{
    public static Markup Render(ReportContent content)
    {
        var requests = content.Systems.SelectMany(system => system.Samples).GroupBy(sample => sample.Request).ToArray();
        return requests.Length == 0
            ? Markup.Empty
            : Markup.Of($"""
                <section id="samples"><h2>Sample lists</h2><p class="hint"><span class="better">✓</span> marks an item that was held out: a right answer.</p>
                {requests.Select((request, index) => Request(content, request.Key, request.First().History, isOpen: index == 0))}</section>
                """);
    }

    private static Markup Request(ReportContent content, string request, IReadOnlyList<string> history, bool isOpen) => Markup.Of($"""
        <details{(isOpen ? new Markup(" open") : Markup.Empty)}><summary>{request}</summary>
        <p class="hint">Latest in the history: {string.Join(" · ", history)}</p><div class="lists">
        {content.Systems.SelectMany(system => system.Samples.Where(sample => sample.Request == request).Select(sample => List(system.Name, sample)))}
        </div></details>
        """);

    private static Markup List(string system, SampleList sample) => Markup.Of($"""
        <div><h4>{system}</h4><ol>{sample.Items.Select(item => item.IsTarget
            ? Markup.Of($"""<li class="hit">{item.Title} <span class="better" title="held out">✓</span></li>""")
            : Markup.Of($"""<li>{item.Title}</li>"""))}</ol></div>
        """);
}
