import type { Branding, Report, ReportBlock } from '../../workers/domain/reports'

export const BRANDING: Branding = {
  name: 'Solar Müller GmbH',
  primaryColor: '#0f766e',
  accentColor: '#2563eb',
  footer: 'Solar Müller GmbH · Musterstraße 1 · 50667 Köln · HRB 12345',
}

const CUSTOMERS = ['Bäckerei Özdemir', 'Stadtwerke Köln', 'Żółć & Søn A/S', 'Hotel Zur Post']
const LONG_SERVICE = 'Inspection of the roof, replacement of two inverters and thermography of all strings'
const amountOf = (row: number): number => Math.round((120 + ((row * 7919) % 4000) + row * 0.37) * 100) / 100

/** A table of invoices as long as wanted, with its true sum as totals. */
export function invoiceTable(rows: number): Extract<ReportBlock, { kind: 'table' }> {
  const amounts = Array.from({ length: rows }, (_, row) => amountOf(row))
  return {
    kind: 'table',
    columns: [
      { title: 'No.', kind: 'text' },
      { title: 'Customer', kind: 'text' },
      { title: 'Service', kind: 'text' },
      { title: 'Date', kind: 'date' },
      { title: 'Qty', kind: 'number' },
      { title: 'Amount', kind: 'money', currency: 'EUR' },
    ],
    rows: amounts.map((amount, row) => [
      `R-${1001 + row}`,
      CUSTOMERS[row % 4] ?? '',
      row % 5 === 0 ? LONG_SERVICE : 'Monthly service',
      `2026-${String(7 + (row % 3)).padStart(2, '0')}-${String(1 + (row % 28)).padStart(2, '0')}`,
      1 + (row % 9),
      amount,
    ]),
    totals: ['Total', null, null, null, null, Math.round(amounts.reduce((sum, amount) => sum + amount * 100, 0)) / 100],
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep']

/** A report with a block of every kind but images. */
export const energyReport = (rows: number): Report => ({
  title: 'Quarterly energy report',
  subtitle: 'Q3 2026 · prepared for Stadtwerke Köln',
  locale: 'de',
  createdAt: '2026-11-21T08:00:00Z',
  citations: [
    {
      label: 'meter-readings.xlsx',
      status: 'verified',
      span: { documentId: 'doc_1', page: 2, start: 10, end: 30, quote: 'Total production 184.2 MWh' },
    },
    {
      label: 'inverter-log.csv',
      status: 'repaired',
      span: { documentId: 'doc_2', page: 1, start: 0, end: 12, quote: 'ISO fault, site B' },
    },
    { label: 'Telephone note of 4 July', status: 'unverified' },
  ],
  blocks: [
    {
      kind: 'kpis',
      tiles: [
        { label: 'Energy produced', value: '184.2 MWh', change: '+12.4 %', tone: 'good' },
        { label: 'Own use', value: '61.8 %', change: '+3.1 pp', tone: 'good' },
        { label: 'Feed-in revenue', value: '14.932,10 €', change: '−2.0 %', tone: 'bad' },
        { label: 'Avoided CO₂', value: '71.4 t', change: '+11.9 %', tone: 'good' },
      ],
    },
    { kind: 'heading', text: 'Summary', level: 2 },
    {
      kind: 'text',
      text: 'Production rose in every month of the quarter. The own-use share went up because the second battery was put in service on 4 July; the feed-in price fell by nine percent and more than cancelled the extra volume.',
      cite: [0, 2],
    },
    {
      kind: 'list',
      items: [
        { text: 'Two inverters at site B report recurrent isolation faults.', cite: [1] },
        { text: 'They should be inspected before winter.' },
      ],
    },
    {
      kind: 'chart',
      chart: 'bar',
      title: 'Production per month',
      unit: 'MWh',
      labels: MONTHS,
      series: [{ name: 'Production', values: [22, 30, 48, 61, 72, 78, 81, 74, 58] }],
    },
    {
      kind: 'chart',
      chart: 'line',
      title: 'Own use against feed-in',
      unit: '%',
      labels: MONTHS,
      series: [
        { name: 'Own use', values: [48, 50, 52, 55, 54, 57, 60, 62, 64] },
        { name: 'Feed-in', values: [52, 50, 48, 45, null, 43, 40, 38, 36] },
      ],
    },
    { kind: 'heading', text: 'Cost split', level: 2 },
    {
      kind: 'chart',
      chart: 'donut',
      title: 'Cost by kind',
      unit: 'EUR',
      labels: ['Maintenance', 'Grid fees', 'Insurance', 'Other'],
      series: [{ name: 'Cost', values: [4200, 2700, 1800, 1300] }],
    },
    { kind: 'heading', text: 'Invoices', level: 2 },
    invoiceTable(rows),
  ],
})
