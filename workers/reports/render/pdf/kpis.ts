import type { ReportBlock } from '../../../domain/reports'
import { tileLabel } from '../cells'
import { fitText } from '../chart/scene'
import type { Flow } from './flow'

type Tile = Extract<ReportBlock, { kind: 'kpis' }>['tiles'][number]

const GAP = 10
const HEIGHT = 58
const VALUE_SIZES = [14, 12.5, 11, 9.5, 8]
const CHANGE_SIZES = [8, 7.3, 6.6]

/** Tiles in rows of even length, four at most: five stand as three and two. */
export function drawKpis(flow: Flow, tiles: Tile[]): void {
  if (tiles.length === 0) return
  const rows = Math.ceil(tiles.length / 4)
  const perRow = Math.ceil(tiles.length / rows)
  const width = (flow.width - (perRow - 1) * GAP) / perRow
  for (let row = 0; row < rows; row++) {
    flow.ensure(HEIGHT)
    const shown = tiles.slice(row * perRow, (row + 1) * perRow)
    // Without any change below them, the values take the middle of the lower part, all on one line.
    const baseline = shown.some((tile) => tile.change) ? 35 : 40
    for (const [column, tile] of shown.entries()) drawTile(flow, tile, flow.left + column * (width + GAP), width, baseline)
    flow.y += HEIGHT + GAP
  }
  flow.y += 14
}

function drawTile(flow: Flow, tile: Tile, x: number, width: number, baseline: number): void {
  const { theme, faces, report } = flow.parts
  const room = width - 20
  const measure = (text: string, size: number, strong?: boolean) => faces.width(text, size, strong ? 'semibold' : 'regular')
  flow.pen.roundRect(x, flow.y, width, HEIGHT, 6, { fill: theme.soft, stroke: theme.line, strokeWidth: 0.8 })
  flow.pen.text(fitText(faces.showable(tileLabel(tile, report.citations)), 8, room, measure), x + 10, flow.y + 17, {
    size: 8,
    weight: 'regular',
    color: theme.muted,
  })
  const value = faces.showable(tile.value)
  const size = VALUE_SIZES.find((candidate) => measure(value, candidate, true) <= room) ?? 8
  flow.pen.text(fitText(value, size, room, measure, true), x + 10, flow.y + baseline, {
    size,
    weight: 'semibold',
    color: tile.change ? theme.ink : toneColor(tile, theme.ink, flow),
  })
  if (!tile.change) return
  const change = faces.showable(tile.change)
  const changeSize = CHANGE_SIZES.find((candidate) => measure(change, candidate, true) <= room) ?? 6.6
  flow.pen.text(fitText(change, changeSize, room, measure, true), x + 10, flow.y + 49, {
    size: changeSize,
    weight: 'semibold',
    color: toneColor(tile, theme.muted, flow),
  })
}

const toneColor = (tile: Tile, neutral: string, { parts: { theme } }: Flow): string =>
  tile.tone === undefined ? neutral : { good: theme.good, bad: theme.bad, muted: theme.muted }[tile.tone]
