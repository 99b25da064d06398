/** How long tests wait for what comes by itself. It ends a hang and measures nothing: where all is well nobody waits so long. */
export const PATIENCE = { timeout: 20_000 } as const
