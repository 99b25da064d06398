import type { Report } from '../../workers/domain/reports'

/** Texts that a spreadsheet would run if it took them for formulas. */
export const FORMULAS = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  ' =1+1',
  '=HYPERLINK("http://evil.example","x")\nsecond line',
  '＝1+1',
]

export const formulaReport: Report = {
  title: '=1+1',
  subtitle: '@x',
  locale: 'en',
  createdAt: '2026-11-21T08:00:00Z',
  citations: [{ label: '=1', status: 'verified' }],
  blocks: [
    {
      kind: 'table',
      title: '=Table',
      columns: [
        { title: '=Head', kind: 'text' },
        { title: 'n', kind: 'number' },
      ],
      rows: FORMULAS.map((text) => [text, -5]),
    },
  ],
}
