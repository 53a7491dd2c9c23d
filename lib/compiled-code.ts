import { enableCompileCache, flushCompileCache } from 'node:module';
import { dirname } from 'node:path';

/** Where Node looks for compiled code from its first line on: in processes that we start. */
const VARIABLE = 'NODE_COMPILE_CACHE';

/**
 * Keeps compiled code between starts, in the system's temporary folder, for this process and for those
 * that it starts. Nothing happens where NODE_DISABLE_COMPILE_CACHE forbids it.
 */
export function keepCompiledCode(): void {
  const { directory } = enableCompileCache();
  // Each version of Node has a folder of its own in the one that it is told.
  if (directory !== undefined) process.env[VARIABLE] ??= dirname(directory);
}

/** Puts what was compiled so far on the disk: threads and processes that are ended from outside do not. */
export function storeCompiledCode(): void {
  flushCompileCache();
}
