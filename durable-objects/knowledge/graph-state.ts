/** The name of the upkeep task that makes communities. */
export const COMMUNITIES = 'communities'

export interface GraphState {
  version: number
  built: number
  building: number | null
}

export const readGraphState = (sql: SqlStorage): GraphState =>
  sql.exec<GraphState & Record<string, SqlStorageValue>>('SELECT version, built, building FROM graph_state').one()

export const isBuilding = ({ version, built, building }: GraphState): boolean => building !== null || version !== built

/** The graph is not what its communities were made of any more. */
export const noteChange = (sql: SqlStorage): void => void sql.exec('UPDATE graph_state SET version = version + 1')
