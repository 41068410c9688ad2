namespace Tastemaker.Evaluation.Reports;

/// <summary>The style sheet and the script of the report: all of it, nothing is loaded from elsewhere.</summary>
internal static class ReportStyle
{
    /// <summary>Number of line colors; further lines repeat them dashed.</summary>
    public const int Colors = 8;

    /// <summary>The style sheet.</summary>
    public static Markup Css { get; } = new("""
        :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dfe3e8;--accent:#2457c5;--good:#0a7d4b;--bad:#b3261e;
        --c0:#2457c5;--c1:#d9640c;--c2:#0a8754;--c3:#b3268f;--c4:#7a5b00;--c5:#6a40c9;--c6:#0884a0;--c7:#b3261e}
        @media(prefers-color-scheme:dark){:root{--page:#11151b;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b5;--line:#323b48;--accent:#84aaff;--good:#4fd39a;--bad:#ff8a80;
        --c0:#84aaff;--c1:#ffa45c;--c2:#4fd39a;--c3:#f48bd8;--c4:#e3c34b;--c5:#b79cff;--c6:#5fd0ea;--c7:#ff8a80}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{max-width:1120px;margin:0 auto;padding:24px 16px 64px}
        header h1{font-size:1.9rem;line-height:1.2;margin:.2em 0}
        header p{color:var(--soft);margin:.2em 0}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:16px 0}
        a{color:var(--accent)}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin:16px 0}
        h2{margin:0 0 8px;font-size:1.25rem}h3{margin:20px 0 6px;font-size:1.02rem}h4{margin:0 0 4px;font-size:.95rem}
        .hint{color:var(--soft);font-size:.88rem;margin:6px 0 12px;max-width:84ch}
        .scroll{overflow-x:auto;margin:8px 0}
        table{border-collapse:collapse;min-width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}
        th,td{padding:7px 10px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;vertical-align:top}
        th:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
        tbody tr:hover>*{background:color-mix(in srgb,var(--accent) 7%,var(--card))}
        thead th{border-bottom:2px solid var(--line);font-weight:600}
        thead button{all:unset;cursor:pointer;color:var(--soft);font-size:.84rem}
        thead button:hover{color:var(--ink)}
        :focus-visible,thead button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
        td span{display:block}td small{color:var(--soft);font-size:.74rem}td.best span{font-weight:700}
        td abbr{margin-left:4px}abbr{text-decoration:none;cursor:help;font-size:.78em}
        .better{color:var(--good)}.worse{color:var(--bad)}.differs,.same{color:var(--soft)}
        .findings{margin:0;padding-left:20px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:16px}
        .charts:has(>:only-child){max-width:860px}
        figure{margin:0}figure.wide{max-width:860px;overflow-x:auto}.wide svg{min-width:540px}figcaption{font-weight:600;font-size:.92rem;margin-bottom:4px}
        svg{display:block;width:100%;height:auto;overflow:visible}
        .grid{stroke:var(--line);stroke-width:1}
        .tick,.axis,.name{fill:var(--soft);font-size:13px}.name{fill:var(--ink);font-size:13px}.wide .tick{font-size:12px}
        .c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--c6)}.c7{color:var(--c7)}
        .reference{color:var(--soft)}
        path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}circle{fill:currentColor;stroke:var(--card)}
        .dashed path{stroke-dasharray:6 4}.reference path{stroke-dasharray:2 4}.bar{stroke-width:4;stroke-opacity:.4;stroke-linecap:round}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.86rem;margin-bottom:10px}
        .legend>span{display:inline-flex;align-items:center;gap:6px}.legend svg{width:22px;flex:none}
        .lists{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:14px 22px}
        ol{margin:0;padding-left:24px;font-size:.88rem}.hit{font-weight:600}
        details{margin:10px 0}summary{cursor:pointer;font-weight:600}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0;font-size:.9rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .failed td{text-align:left;color:var(--bad);white-space:normal}
        .biased{border-left:4px solid var(--bad);padding-left:12px}
        @media(max-width:600px){main{padding:12px 8px 40px}section{padding:14px 12px}dl{grid-template-columns:1fr}dt{margin-top:6px}}
        @media print{section{break-inside:avoid}nav{display:none}}
        """);

    /// <summary>Sorts a table by the column whose heading is selected; again: the other way.</summary>
    public static Markup Script { get; } = new("""
        document.querySelectorAll("table.sortable").forEach(table=>{
          const body=table.tBodies[0];
          table.querySelectorAll("thead button").forEach(button=>button.addEventListener("click",()=>{
            const heading=button.closest("th"),column=heading.cellIndex,down=heading.getAttribute("aria-sort")!=="descending"&&column>0||column===0&&heading.getAttribute("aria-sort")==="ascending";
            table.querySelectorAll("th[aria-sort]").forEach(other=>other.removeAttribute("aria-sort"));
            heading.setAttribute("aria-sort",down?"descending":"ascending");
            const key=row=>column===0?row.cells[0].textContent:parseFloat(row.cells[column].dataset.value);
            [...body.rows].map(row=>[key(row),row]).sort((a,b)=>(a[0]<b[0]?-1:a[0]>b[0]?1:0)*(down?-1:1)).forEach(pair=>body.append(pair[1]));
          }));
        });
        """);
}
