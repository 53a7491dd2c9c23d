/** A configuration with one kind of fault, and every line that is to be said about it. */
export interface BadConfig {
  readonly fault: string;
  /** Files that take the place of those of the base configuration; null leaves one out. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly expected: readonly string[];
}
