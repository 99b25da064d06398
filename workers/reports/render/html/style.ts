import type { Branding } from '../../../domain/reports'
import { contrast, mix, readableOnWhite, seriesColors } from '../palette'

/** The style sheet: light and dark by the reader's setting, and plain for print. */
export function styleSheet(branding: Branding): string {
  const brand = branding.primaryColor
  const onBrand = contrast(brand, '#ffffff') >= 4.5 ? '#ffffff' : '#0f172a'
  const series = seriesColors(branding)
    .map((color, index) => `--series-${index}:${color}`)
    .join(';')
  return `
:root{color-scheme:light dark;--page:#fff;--ink:#0f172a;--body:#334155;--muted:#64748b;--grid:#e2e8f0;--soft:#f8fafc;--surface:#fff;--head:#0f172a;--good:#15803d;--bad:#dc2626;--notice:#92400e;--notice-fill:#fffbeb;--notice-edge:#fcd34d;--brand:${brand};--on-brand:${onBrand};--link:${readableOnWhite(brand)};${series}}
@media (prefers-color-scheme:dark){:root{--page:#0b1120;--ink:#f1f5f9;--body:#cbd5e1;--muted:#94a3b8;--grid:#334155;--soft:#111a2e;--surface:#0f172a;--head:#1e293b;--good:#4ade80;--bad:#f87171;--notice:#fcd34d;--notice-fill:#291c05;--notice-edge:#78500a;--link:${mix(brand, '#ffffff', 0.55)}}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--body);font:15px/1.6 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
header.band{background:var(--brand);color:var(--on-brand);padding:2.2rem 0}header .wrap{display:flex;gap:1.5rem;align-items:center;justify-content:space-between}
header h1{margin:.2rem 0;font-size:1.9rem;line-height:1.2}header p{margin:0}header img{max-width:150px;max-height:56px;background:#fff;padding:8px 10px;border-radius:8px}
.wrap{max-width:60rem;margin:0 auto;padding:0 1.25rem}main{padding-top:1.5rem;padding-bottom:2rem}h2,h3{color:var(--ink);line-height:1.3}
h2{font-size:1.3rem;border-left:3px solid var(--brand);padding-left:.6rem;margin:2rem 0 .8rem}h3{font-size:1rem;margin:1.4rem 0 .5rem}p,li{overflow-wrap:anywhere;white-space:pre-line}a{color:var(--link)}
.notice{background:var(--notice-fill);border:1px solid var(--notice-edge);color:var(--notice);border-radius:8px;padding:.6rem .9rem;font-weight:600}
.kpis{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1rem 0;padding:0}.kpis>div{background:var(--soft);border:1px solid var(--grid);border-radius:8px;padding:.8rem 1rem}
.kpis dt{color:var(--muted);font-size:.8rem}.kpis dd{margin:0;color:var(--ink);font-weight:600;font-size:1.25rem;overflow-wrap:anywhere}.kpis dd.change{font-size:.8rem;color:var(--muted)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem;margin:1rem 0}figure{margin:0;border:1px solid var(--grid);border-radius:8px;padding:1rem;background:var(--surface)}
figcaption{color:var(--ink);font-weight:600;margin-bottom:.6rem}figure svg{display:block;width:100%;height:auto;max-width:30rem;margin:0 auto}figure img{max-width:100%;height:auto}figure.image figcaption{font-weight:400;color:var(--muted);margin:.5rem 0 0}
.scroll{overflow-x:auto;margin:.5rem 0 1.5rem}table{border-collapse:collapse;width:100%;font-size:.88rem}caption{text-align:left;font-weight:600;color:var(--ink);padding:.3rem 0}
th{background:var(--head);color:#fff;text-align:left;padding:.45rem .6rem}td{padding:.45rem .6rem;border-bottom:1px solid var(--grid);color:var(--ink);vertical-align:top;overflow-wrap:break-word}tbody tr:nth-child(even) td{background:var(--soft)}
tfoot td{font-weight:600;border-top:2px solid var(--ink)}.right{text-align:right;white-space:nowrap}.good,dd.change.good{color:var(--good)}.bad,dd.change.bad{color:var(--bad)}.muted{color:var(--muted)}.strong{font-weight:600}
sup{line-height:0;white-space:nowrap}sup a{text-decoration:none;font-weight:600}.sources li{margin:.35rem 0}.sources q{display:block;color:var(--muted);font-size:.88rem}.status{font-size:.8rem;font-weight:600}.verified{color:var(--good)}.repaired{color:var(--link)}.unverified{color:var(--notice)}
footer{border-top:1px solid var(--grid);color:var(--muted);font-size:.8rem;padding:1rem 0 2rem}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{:root{color-scheme:light}header.band{print-color-adjust:exact}thead{display:table-header-group}tr,figure{break-inside:avoid}}
`.trim()
}
