/**
 * The part of https://webassembly.github.io/spec/js-api/ that is used here. Every Node has it; the
 * types come with those of browsers only, which nothing outside `web/` may see.
 */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(octets: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function validate(octets: Uint8Array<ArrayBuffer>): boolean;
}
