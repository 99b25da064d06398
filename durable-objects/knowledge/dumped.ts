import type { DumpedClass } from '../dump-import'
import { haveRows, isTable } from '../dump-tables'
import { GRAPH_SCHEMA } from './graph-schema'
import { KNOWLEDGE_SCHEMA } from './schema'
import { readOwner } from './settings'

/** A collection as backups see it. */
export const DUMPED_KNOWLEDGE: DumpedClass = {
  scripts: [KNOWLEDGE_SCHEMA, GRAPH_SCHEMA],
  isEmpty: (sql) => !haveRows(sql, (name) => name === 'documents'),
  belongs: (sql, name) => {
    if (!isTable(sql, 'settings')) return true
    const owner = readOwner(sql)
    return owner === undefined || name.slice(0, name.indexOf('/')) === owner
  },
  finish: (sql) => {
    sql.exec("INSERT INTO passages (passages) VALUES ('rebuild')")
    // What only a separate store held is made again in the background; what it was sent goes to the store of this installation.
    sql.exec('DELETE FROM chunk_vectors WHERE vector IS NULL')
    sql.exec('DELETE FROM vector_removals')
    sql.exec('UPDATE sketch_packs SET sent_at = NULL, is_stored = 0')
  },
}
