/* The part of WebAssembly that is used: the types of Node 18 do not have it. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => WasmMemory
}

export const wasm = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly
export const pageBytes = 65_536
