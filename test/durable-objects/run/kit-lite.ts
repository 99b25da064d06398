export const step = (loose: any): any => ({ retry: { maxAttempts: 3, initialMs: 10, factor: 2, maxMs: 50, jitter: 0, on: [] }, onError: { kind: 'fail' }, ...loose })
