import { useEffect, useRef } from 'react'
import type { Page, Span } from '../api/types'
import { spanRectangles } from './highlight'

/** Room around a highlight, points. */
const MARGIN = 1.5

/** Highlights over the picture of a page. SVG in the page's own points, so it fits at any size. */
export function PageOverlay({ page, spans }: { page: Page; spans: Span[] }) {
  const first = useRef<SVGRectElement>(null)
  const rectangles = spans.flatMap((span) => spanRectangles(page, span))
  const place = rectangles.map(({ x, y }) => `${x},${y}`).join(' ')
  useEffect(() => {
    if (place !== '') first.current?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [place])
  if (page.width === undefined || page.height === undefined) return null
  return (
    <svg viewBox={`0 0 ${page.width} ${page.height}`} className="pointer-events-none absolute inset-0 size-full" aria-hidden="true">
      {rectangles.map(({ x, y, width, height }, index) => (
        <rect
          key={`${x},${y}`}
          ref={index === 0 ? first : undefined}
          data-highlight
          x={x - MARGIN}
          y={y - MARGIN}
          width={width + 2 * MARGIN}
          height={height + 2 * MARGIN}
          rx={2}
          className="fill-[#ffd54a]/45 stroke-[#b45309] stroke-[1.2]"
        />
      ))}
    </svg>
  )
}
