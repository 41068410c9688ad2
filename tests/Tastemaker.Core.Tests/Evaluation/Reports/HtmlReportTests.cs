using System.Xml.Linq;
using Tastemaker.Data;
using Tastemaker.Data.Features;
using Tastemaker.Evaluation;
using Tastemaker.Evaluation.Reports;
using Tastemaker.Evaluation.Significance;

namespace Tastemaker.Core.Tests.Evaluation.Reports;

public class HtmlReportTests
{
    private const string Nasty = "<script>alert('x')</script> & \"Amélie\" 千と千尋";

    [Fact]
    public void Every_text_is_encoded_wherever_it_appears()
    {
        var page = HtmlReport.Render(Content(Nasty));

        page.ShouldNotContain("<script>alert");
        page.ShouldContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Am");
        page.Split("<script>").Length.ShouldBe(2);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        var page = HtmlReport.Render(Content("title"));

        page.ShouldStartWith("<!doctype html>");
        page.ShouldNotContain("http");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("NaN");
        foreach (var section in new[] { "leaderboard", "cutoffs", "activity", "popularity", "training", "samples", "facts" })
        {
            page.ShouldContain($"<section id=\"{section}\"");
            page.ShouldContain($"href=\"#{section}\"");
        }
    }

    [Fact]
    public void Charts_are_well_formed()
    {
        var page = HtmlReport.Render(Content(Nasty));
        var charts = page.Split("<svg").Skip(1).Select(part => "<svg" + part[..(part.IndexOf("</svg>", StringComparison.Ordinal) + 6)]).ToArray();

        charts.Length.ShouldBeGreaterThan(5);
        charts.ShouldAllBe(chart => XElement.Parse(chart).Name == "svg");
    }

    [Fact]
    public void A_held_out_item_is_marked_in_the_sample_lists()
    {
        var page = HtmlReport.Render(Content("title"));

        page.ShouldContain("<li class=\"hit\">film 2 ");
        page.ShouldContain("<li>film 3</li>");
    }

    [Fact]
    public void The_verdict_what_each_system_costs_what_failed_and_notes_on_runs_are_in_the_page()
    {
        var content = Content("title");
        var (first, second) = (content.Systems[0], content.Systems[1]);
        var page = HtmlReport.Render(content with
        {
            Systems = [first with { ModelBytes = 4_200_000, Notes = ["The best epoch is the last."] }, second with { TrainingSeconds = 7500 }],
            Failed = [new FailedSystem("broken", "Its weights <diverged>.")],
            Verdict = ["title is best."],
        });

        var table = page.Split("<section id=\"leaderboard\"")[1].Split("</section>")[0];
        table.Split("<button>")[3].ShouldStartWith("training<"); // beside the main metric
        table.ShouldContain(">per request</button>");
        table.ShouldContain("<span>1.5 s</span>");
        table.ShouldContain("<span>2.1 h</span>");
        table.ShouldContain("<span>4.2 MB</span>");
        table.ShouldContain("<th scope=\"row\">broken</th>");
        table.ShouldContain("failed: Its weights &lt;diverged&gt;.");
        table.ShouldContain("<abbr title=\"The best epoch is the last.\">*</abbr>");
        table.ShouldContain("<b>title</b>: The best epoch is the last.");
        page.Split("<section id=\"verdict\"")[1].ShouldContain("<li>title is best.</li>");
    }

    [Fact]
    public void The_main_metric_is_the_first_column()
    {
        var page = HtmlReport.Render(Content("title"));

        foreach (var table in page.Split("<section id=\"leaderboard\"")[1].Split("</section>")[0].Split("<table").Skip(1))
        {
            table.Split("<button>")[2].ShouldStartWith("ndcg@1<");
        }
    }

    [Fact]
    public void Legends_follow_the_leaderboard_whatever_the_order_of_the_systems()
    {
        var content = Content("title");
        using var perfect = new TableRecommender([[0, 9, 8, 1, 1, 1], [0, 1, 1, 9, 1, 1], [0, 9, 8, 7, 1, 1]]);
        var better = content.Systems[0] with
        {
            Name = "better", Result = new Evaluator(Cases.Train, new EvaluationOptions { Cutoffs = [1, 2, 4] }).Measure(perfect, Cases.HoldOut),
        };

        var page = HtmlReport.Render(content with { Systems = [content.Systems[1], better] });

        foreach (var legend in page.Split("<div class=\"legend\">").Skip(1).Select(part => part.Split("</div>")[0]).Where(legend => legend.Contains("other")))
        {
            legend.IndexOf("better", StringComparison.Ordinal).ShouldBeInRange(0, legend.IndexOf("other", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Epochs_are_whole_numbers_on_the_axis()
    {
        var training = HtmlReport.Render(Content("title")).Split("<section id=\"training\"")[1].Split("</section>")[0];

        training.ShouldContain(">1</text>");
        training.ShouldContain(">2</text>");
        training.ShouldNotContain(">1.5</text>");
    }

    [Fact]
    public void Two_list_lengths_are_no_curve()
    {
        var content = Content("title");
        using var recommender = new TableRecommender(Cases.Scores);
        var result = new Evaluator(content.Train, new EvaluationOptions { Cutoffs = [2, 4] }).Measure(recommender, Cases.HoldOut);

        HtmlReport.Render(content with { Systems = [content.Systems[0] with { Result = result }] }).ShouldNotContain("<section id=\"cutoffs\"");
    }

    [Fact]
    public void Biased_protocols_stand_out()
    {
        var content = Content("title");
        var system = content.Systems[0] with { Result = content.Systems[0].Result with { Protocol = "sampled(99): biased" } };

        HtmlReport.Render(content with { Systems = [system] }).ShouldContain("<p class=\"biased\">");
    }

    [Fact]
    public void Labelled_rows_have_a_reliability_plot_and_slices_and_no_ranking_charts()
    {
        var content = Clicks();

        var page = HtmlReport.Render(content);

        page.ShouldContain("<section id=\"reliability\"");
        page.ShouldContain("Bins of sure");
        page.ShouldContain("<section id=\"slices\"");
        page.ShouldContain("sure auc");
        page.ShouldContain("200 labelled rows");
        page.ShouldContain("interval over users");
        page.ShouldNotContain("class=\"biased\"");
        page.ShouldNotContain("NaN");
        foreach (var section in new[] { "cutoffs", "activity", "popularity", "samples" })
        {
            page.ShouldNotContain($"<section id=\"{section}\"");
        }

        var charts = page.Split("<svg").Skip(1).Select(part => "<svg" + part[..(part.IndexOf("</svg>", StringComparison.Ordinal) + 6)]).ToArray();
        charts.ShouldAllBe(chart => XElement.Parse(chart).Name == "svg");
    }

    [Fact]
    public void The_reliability_plot_has_a_point_a_bin_and_a_line_of_perfect_calibration()
    {
        var content = Clicks();

        var plot = HtmlReport.Render(content).Split("<section id=\"reliability\"")[1].Split("</figure>")[0];

        plot.Split("<circle").Length.ShouldBe(1 + content.Systems.Sum(system => system.Result.Clicks!.Reliability().Count));
        plot.ShouldContain("Perfect calibration");
    }

    [Fact]
    public void The_page_and_the_pictures_are_written()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var content = Content("title");
            HtmlReport.Write(content, Path.Combine(folder, "report.html"));
            var table = ComparisonTable.Compare([.. content.Systems.Select(system => (system.Name, system.Result))]);
            ReportPicture.WriteLeaderboard(table, "Leaderboard", Path.Combine(folder, "board.png"));
            ReportPicture.WriteCurves(content.Systems, "ndcg@2", "Curves", Path.Combine(folder, "curves.png"));

            Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["board.png", "curves.png", "report.html"]);
            File.ReadAllBytes(Path.Combine(folder, "board.png"))[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
            Should.Throw<InputException>(() => ReportPicture.WriteCurves(content.Systems, "nope", "Curves", Path.Combine(folder, "none.png")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ReportContent Clicks()
    {
        var options = new EvaluationOptions { Slices = ["user-activity"] };
        var holdOut = ClickCases.HoldOut(ClickCases.Random(seed: 1, rows: 200, users: 5, skill: 0.5));
        SystemReport Report(string name, double skill)
        {
            using var table = new ClickTable(ClickCases.Random(seed: 2, rows: 200, users: 5, skill).Probabilities.ToArray());
            return new SystemReport { Name = name, Result = new Evaluator(Cases.Train, options).Measure(table, holdOut), Samples = SampleList.Take(table, holdOut, Cases.Train.Data, []) };
        }

        return new ReportContent { Title = "clicks", Train = Cases.Train, HoldOut = holdOut, Systems = [Report("sure", 0.6), Report("unsure", 0.2)] };
    }

    private static ReportContent Content(string text)
    {
        var titles = new TextColumn("title", [.. Enumerable.Range(0, 6).Select(item => item == 1 ? text : $"film {item}")]);
        var data = Cases.Train.Data with { ItemFeatures = new FeatureTable(6, [titles]) };
        var options = new EvaluationOptions { Cutoffs = [1, 2, 4] };
        using var recommender = new TableRecommender(Cases.Scores);
        var result = new Evaluator(new TrainingSet(data), options).Measure(recommender, Cases.HoldOut);
        var system = new SystemReport
        {
            Name = text,
            Result = result,
            TrainingSeconds = 1.5,
            Curve = [new EpochPoint(1, 0.7, new Dictionary<string, double> { ["ndcg@2"] = 0.1 }), new EpochPoint(2, 0.5, new Dictionary<string, double>())],
            Samples = SampleList.Take(recommender, Cases.HoldOut, data, [0, 2], length: 3),
        };
        return new ReportContent
        {
            Title = text,
            Train = new TrainingSet(data),
            HoldOut = Cases.HoldOut,
            Systems = [system, system with { Name = "other", Curve = [] }],
            Facts = [new ReportFact("Data", text)],
            Notes = [text],
        };
    }
}
