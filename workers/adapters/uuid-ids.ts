import { uuidv7 } from 'uuidv7'
import { ID_PREFIXES, type NewId } from '../domain/ids'

/** Ids such as `run_0192f3…`: monotonic within an isolate, unique across all. */
export const newId: NewId = (kind) => `${ID_PREFIXES[kind]}_${uuidv7().replaceAll('-', '')}`
