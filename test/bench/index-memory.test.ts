import { expect, test } from 'vitest'
import { collectedOnRequest, readTrace } from '../../bench/index-memory-trace'
import { judgeIndexing } from '../../bench/index-memory-verdict'
import { heldOf } from '../../bench/isolate-watch'

const TRACE = `READY {"url":"http://127.0.0.1:1"}
[7:0xaa]      309 ms: Scavenge 42.5 (43.3) -> 41.9 (44.0) MB, pooled: 0.0 MB, 1.33 / 0.00 ms (average mu = 1.000, current mu = 1.000) allocation failure; 
[7:0xaa] New space,                  used:      0 KB, available:     2047 KB, committed:   1536 KB
[7:0xaa] External memory reported:                     2048 KB
[7:0xaa] Backing store memory:                         1024 KB
[7:0xbb]      328 ms: Mark-Compact (reduce) 10.0 (44.3) -> 9.0 (44.0) MB, pooled: 0.0 MB, 13.95 / 0.00 ms (average mu = 0.957, current mu = 0.957) testing; GC in old space requested
[7:0xbb] External memory reported:                    20480 KB
[7:0xbb] Backing store memory:                         1024 KB
[7:0xaa:24]     6393 ms: [HeapController] factor 1.3 based on mu=0.970
[7:0xaa]      400 ms: Mark-Compact 30.0 (44.3) -> 29.0 (44.0) MB, pooled: 0.0 MB, 13.95 / 0.00 ms (average mu = 0.957, current mu = 0.957) allocation failure; 
[7:0xaa] External memory reported:                        0 KB
[7:0xaa] Backing store memory:                        40960 KB
`

test('an isolate held what its heap had before a collection and what lay beside it then', () => {
  const trace = readTrace(TRACE)
  expect(trace.get('0xaa')).toMatchObject({ most: { heap: 30, buffers: 40 }, collections: 2 })
  expect(trace.get('0xbb')).toMatchObject({ most: { heap: 10, buffers: 20 }, collections: 1 })
})

test('an isolate is known by a collection that was asked for', () => {
  expect(collectedOnRequest(TRACE)).toEqual(['0xbb'])
})

test('an inspector that does not tell of array buffers is refused', () => {
  const megabyte = 1_048_576
  expect(heldOf({ usedSize: 2 * megabyte, embedderHeapUsedSize: megabyte, backingStorageSize: 5 * megabyte })).toEqual({
    heap: 3,
    buffers: 5,
  })
  expect(() => heldOf({ usedSize: megabyte, totalSize: megabyte })).toThrow('too old')
})

test('128 MB in one isolate and 60 seconds are the bounds', () => {
  const peak = {
    script: 'steward-agents',
    traced: { heap: 80, buffers: 48 },
    sampled: { heap: 60, buffers: 60 },
    collections: 9,
    samples: 5,
  }
  expect(judgeIndexing({ pages: 200 }, 60, [peak]).broken).toEqual([])
  const larger = { ...peak, sampled: { heap: 90, buffers: 48 } }
  expect(judgeIndexing({ pages: 200, rows: 1_000 }, 61, [peak]).broken).toEqual([])
  expect(judgeIndexing({ pages: 200 }, 61, [larger]).broken).toEqual([
    'steward-agents held 138.0 MB, more than 128',
    '200 pages took 61.0 s, more than 60',
  ])
})

test('an isolate that hardly collected garbage proves nothing', () => {
  const idle = { script: 'steward', traced: { heap: 1, buffers: 1 }, sampled: { heap: 1, buffers: 1 }, collections: 1, samples: 0 }
  expect(judgeIndexing({ pages: 200 }, 10, [idle]).broken).toEqual(['steward collected garbage 1 times: what it held is not known'])
})
