import { assemble } from './assembler.ts'
import { attend } from './attend.ts'
import { multiply } from './multiply.ts'
import { normalise } from './normalise.ts'
import { round } from './round.ts'

/**
 * The encoder's inner loops, a WebAssembly module of about 4 KB with one memory.
 *
 * 1. Addresses are in bytes, values are 32-bit floats, widths are multiples of 8, and rows of a matrix are handled by fours: rows up
 *    to the next multiple of four are read and written, and nothing of them reaches another row.
 * 2. Only instructions whose result is defined to the bit: a text has the same vector on every machine.
 */
export const assembleKernels = (): Uint8Array => assemble([round, multiply, normalise, attend], 0)
