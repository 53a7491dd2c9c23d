/** Ends the program's current step when an invariant does not hold: a bug, never bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** For the default branch of a switch over a closed union: a new member becomes a type error here. */
export function assertNever(value: never, what: string): never {
  throw new Error(`assertion failed: unexpected ${what}: ${JSON.stringify(value)}`);
}
