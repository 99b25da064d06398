import { Hono } from 'hono'
import { fileKeys, safeFileName } from '../domain/documents'
import { AppError } from '../domain/error'
import { REPORT_FORMATS, REPORT_MEDIA_TYPES, ReportRecord } from '../domain/reports'
import { maskSealed } from '../domain/sealed-fields'
import type { DoorPorts } from '../domain/stores'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { answerFile } from './download'
import { etagOf } from './etag'
import { guard } from './guard'

const READ = documented({
  tag: 'Reports',
  summary: 'One report',
  answers: {
    200: { description: 'Its row, with the formats that there are.', body: { schema: ReportRecord.meta({ id: 'Report' }) } },
  },
  refuses: ['not_found'],
})

const DOWNLOAD = documented({
  tag: 'Reports',
  summary: 'Download a report',
  description: `Formats: ${REPORT_FORMATS.join(', ')}.`,
  answers: {
    200: {
      description: 'The file.',
      body: { mediaType: 'application/octet-stream', description: 'With the media type of the format.' },
    },
  },
  refuses: ['not_found'],
})

/** Reports that runs wrote. */
export function reportRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/:id', READ, guard(deps, 'reports:read'), async (c) => c.json(await findReport(c.get('ports'), c.req.param('id'))))
    .get('/:id/:format', DOWNLOAD, guard(deps, 'reports:read'), async (c) => {
      const report = await findReport(c.get('ports'), c.req.param('id'))
      const format = report.formats.find((each) => each === c.req.param('format'))
      if (format === undefined)
        throw new AppError('not_found', `The report was not written in that format; there are: ${report.formats.join(', ')}.`)
      const file = {
        name: safeFileName(`${maskSealed(report.title).replaceAll('/', '-')}.${format}`),
        mediaType: REPORT_MEDIA_TYPES[format],
        etag: etagOf(`${report.id}.${format}`),
      }
      return await answerFile(c.get('ports').files, fileKeys.report(report.id, format), file)
    })
}

async function findReport(ports: DoorPorts, id: string): Promise<ReportRecord> {
  const report = await ports.reports.find(id)
  if (report === undefined) throw new AppError('not_found', 'There is no report with that id.')
  return report
}
