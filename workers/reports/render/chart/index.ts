import type { ChartBlock } from '../cells'
import { barScene } from './bar'
import { donutScene } from './donut'
import { lineScene } from './line'
import { lyingBarScene, readsBetterLying } from './lying-bar'
import { type ChartFrame, emptyScene, type Scene } from './scene'
import { slicesOf } from './slices'

const SCENES = {
  bar: (chart, frame) => (readsBetterLying(chart, frame) ? lyingBarScene : barScene)(chart, frame),
  line: lineScene,
  donut: donutScene,
} satisfies Record<ChartBlock['chart'], (chart: ChartBlock, frame: ChartFrame) => Scene>

/** The shapes of a chart in the given frame; a sentence in its middle where there is no value to show. */
export function chartScene(chart: ChartBlock, frame: ChartFrame): Scene {
  const labelled = chart.series.some((series) => chart.labels.some((_, index) => typeof series.values[index] === 'number'))
  const drawable = chart.chart === 'donut' ? slicesOf(chart, '').length > 0 : labelled
  return drawable ? SCENES[chart.chart](chart, frame) : emptyScene(frame)
}

/** The chart's title with its unit. */
export const chartTitle = (chart: ChartBlock): string => (chart.unit ? `${chart.title} (${chart.unit})` : chart.title)
