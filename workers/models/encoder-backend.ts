import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm'
import '@tensorflow/tfjs-backend-wasm/dist/register_all_kernels'
import createModule, { type BackendWasmModule } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import simdBinary from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm'
import { registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core'

const BACKEND = 'wasm'

/**
 * Starts TensorFlow.js on its SIMD WebAssembly build. The package's own start-up compiles bytes at run time, which workerd
 * refuses, so the module that was compiled at deployment is handed over instead.
 */
export async function startBackend(): Promise<void> {
  const wasm = await createModule({
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      const instance = new WebAssembly.Instance(simdBinary, imports)
      done(instance)
      return instance.exports
    },
  })
  wasm.tfjs = bindCalls(wasm)
  registerBackend(BACKEND, () => new BackendWasm(wasm))
  await setBackend(BACKEND)
}

/** Lets go of the backend and of all its memory; `startBackend` may be called again. */
export const stopBackend = (): void => removeBackend(BACKEND)

function bindCalls(wasm: BackendWasmModule): BackendWasmModule['tfjs'] {
  return {
    init: wasm.cwrap('init', null, []),
    initWithThreadsCount: wasm.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: wasm.cwrap('get_threads_count', 'number', []),
    registerTensor: wasm.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: wasm.cwrap('dispose_data', null, ['number']),
    dispose: wasm.cwrap('dispose', null, []),
  }
}
